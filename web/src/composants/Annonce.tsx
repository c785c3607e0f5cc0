/** « C'est fait »: said once, aloud too, at the bottom of the screen, and gone by itself. Failures are never said here: they stay where they happened. */
import { CloseButton } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";
import classes from "./Annonce.module.css";

const DUREE_MS = 6_000;

let present: { texte: string; numero: number } | null = null;
const listeners = new Set<() => void>();

function set(next: typeof present) {
  present = next;
  for (const listener of listeners) listener();
}

/** Says that something is done. */
export const announce = (texte: string): void => set({ texte, numero: (present?.numero ?? 0) + 1 });

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export function Annonces() {
  const annonce = useSyncExternalStore(subscribe, () => present);

  useEffect(() => {
    if (!annonce) return;
    const timer = setTimeout(() => set(null), DUREE_MS);
    return () => clearTimeout(timer);
  }, [annonce]);

  return (
    <div role="status" aria-live="polite" className={annonce ? classes.annonce : undefined}>
      {annonce && (
        <>
          {annonce.texte}
          <CloseButton aria-label="Fermer" size="sm" variant="transparent" className={classes.fermer} onClick={() => set(null)} />
        </>
      )}
    </div>
  );
}
