/**
 * Whether somebody is still there: a counter is a public place.
 *
 * The moment of the last key or click is kept in the tab and compared by the machine's clock, so that its sleep counts, and a reload or a tab that the
 * browser opens again does not begin anew.
 */
import { useEffect } from "react";

/** After this the tab forgets who signed in (NIST SP 800-63B-3, 4.2.3). */
export const INACTIVITE_MS = 30 * 60_000;
const CLE = "activite";
const GESTES = ["keydown", "pointerdown", "wheel"] as const;

/** Somebody did something. */
export function touch(): void {
  sessionStorage.setItem(CLE, String(Date.now()));
}

/** How long this tab may still be left alone; one that nobody signed in to has its whole time. */
export function remaining(): number {
  const last = Number(sessionStorage.getItem(CLE) ?? Date.now());
  return last + INACTIVITE_MS - Date.now();
}

/** Calls back once nobody has done anything for {@link INACTIVITE_MS}, while `active`. */
export function useInactivite(active: boolean, onAbandon: () => void): void {
  useEffect(() => {
    if (!active) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(timer);
      if (remaining() <= 0) onAbandon();
      else timer = setTimeout(look, remaining());
    };
    // Who wakes a sleeping machine with a key is not who left it.
    const gesture = () => (remaining() <= 0 ? look() : touch());
    if (remaining() > 0) touch();
    look();
    for (const geste of GESTES) addEventListener(geste, gesture, { capture: true, passive: true });
    return () => {
      clearTimeout(timer);
      for (const geste of GESTES) removeEventListener(geste, gesture, { capture: true });
    };
  }, [active, onAbandon]);
}
