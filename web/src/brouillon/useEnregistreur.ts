/** A form that saves itself, in a screen: followed, taken up from its draft, and written before one leaves. */
import { useEffect, useMemo, useSyncExternalStore } from "react";
import { useReachable } from "@/api/reseau";
import { validerSaisie } from "@/champs/valider";
import { onSaveAll } from "@/session/brouillons";
import type { Formulaire } from "./contexte";
import type { Enregistreur, Vue } from "./enregistreur";

export function useVue<T extends object>(store: Enregistreur<T>): Vue<T> {
  const vue = useSyncExternalStore(store.subscribe, store.instantane);
  const reachable = useReachable();

  useEffect(() => {
    store.reprendre();
    window.addEventListener("pagehide", validerSaisie);
    const stop = onSaveAll(store.flush);
    return () => {
      stop();
      window.removeEventListener("pagehide", validerSaisie);
      void store.flush();
    };
  }, [store]);

  useEffect(() => {
    if (reachable && store.instantane().phase === "echec") void store.flush();
  }, [reachable, store]);

  return vue;
}

/** The form of a store, for its fields. */
export function useFormulaire<T extends object>(store: Enregistreur<T>, vue: Vue<T>, fige: (pointeur: string) => boolean): Formulaire {
  const { etat, erreurs, illisibles } = vue;
  const { modifier, signaler } = store;
  return useMemo(
    () => ({ etat, erreurs, modifier, signaler, fige, illisibles: new Map(illisibles.map((brut) => [brut.pointeur, brut])) }),
    [etat, erreurs, illisibles, modifier, signaler, fige],
  );
}
