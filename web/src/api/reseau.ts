/** Whether the server answers: noted by the client, shown as a banner by the frame. */
import { useSyncExternalStore } from "react";

let reachable = true;
const listeners = new Set<() => void>();

function note(next: boolean) {
  if (next === reachable) return;
  reachable = next;
  for (const listener of listeners) listener();
}

/** Somebody answered. */
export const noteReachable = () => note(true);
/** Nobody answered. */
export const noteUnreachable = () => note(false);

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether the last request was answered. */
export const useReachable = (): boolean => useSyncExternalStore(subscribe, () => reachable);

/** Asks whether the server is there again. */
export async function probe(): Promise<void> {
  try {
    const response = await fetch("/v1/sante", { cache: "no-store" });
    note(response.ok);
  } catch {
    note(false);
  }
}

/** Waits until somebody answers. */
const answered = (): Promise<void> =>
  new Promise((done) => {
    if (reachable) return done();
    const stop = subscribe(() => {
      stop();
      done();
    });
  });

/**
 * Loads a part of the program, once the server is there again if it is not. A part that is missing on a server that answers was replaced by a newer
 * version: that is a failure, and the page must be loaded again.
 */
export async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let essai = 1; ; essai += 1) {
    try {
      return await load();
    } catch (cause) {
      await probe();
      if (reachable && essai > 1) throw cause;
      if (!reachable) essai = 0;
      await answered();
    }
  }
}
