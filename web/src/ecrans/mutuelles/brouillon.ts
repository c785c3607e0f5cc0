/** A form over one thing of the API: what is shown is what the server has, under what was typed and not saved yet; that survives a reload. */
import { useState } from "react";
import { newKey, type Versioned } from "@/api/client";
import { fusionner } from "@/brouillon/fusion";
import { withAt } from "@/champs/pointeur";
import { dropDraft, keepDraft, readDraft } from "@/session/brouillons";

interface Brouillon<T> {
  /** The version that was changed: a save on another one is refused, and told. */
  etag: string;
  value: T;
  /** The `Idempotency-Key` of a creation. */
  cle: string;
}

export interface Formulaire<T> {
  value: T | null;
  etag: string;
  cle: string;
  modifie: boolean;
  /** Whether what was typed was found again when the screen opened. */
  repris: boolean;
  poser: (pointeur: string, valeur: unknown) => void;
  /** `envoye` was saved as `ecrit`, under the name `nom` from now on; what was typed since stays, over the new version. */
  enregistre: (envoye: T, ecrit: Versioned<T>, nom?: string) => void;
  /** What was typed is given up. */
  oublier: () => void;
  /** Keeps what was typed, over another version. */
  rebaser: (etag: string) => void;
}

/** The form of the thing `nom`; `serveur` is `null` until it is read. */
export function useBrouillon<T>(nom: string, serveur: Versioned<T> | null): Formulaire<T> {
  const [brouillon, setBrouillon] = useState(() => readDraft<Brouillon<T>>(nom));
  const [repris, setRepris] = useState(brouillon !== null);
  const [cle, setCle] = useState(() => brouillon?.cle ?? newKey());

  const garder = (next: Brouillon<T>) => {
    keepDraft(nom, next);
    setBrouillon(next);
  };
  const oublier = () => {
    dropDraft(nom);
    setBrouillon(null);
    setRepris(false);
    setCle(newKey());
  };
  const etag = brouillon?.etag ?? serveur?.etag ?? "";
  return {
    value: brouillon?.value ?? serveur?.value ?? null,
    etag,
    cle,
    modifie: brouillon !== null,
    repris,
    poser: (pointeur, valeur) => {
      const base = brouillon?.value ?? serveur?.value;
      if (base) garder({ etag, cle, value: withAt(base, pointeur, valeur) });
    },
    enregistre: (envoye, ecrit, sous = nom) => {
      oublier();
      if (!brouillon || brouillon.value === envoye) return;
      const next = { etag: ecrit.etag, cle: newKey(), value: fusionner(envoye, brouillon.value, ecrit.value).valeur };
      keepDraft(sous, next);
      if (sous === nom) setBrouillon(next);
    },
    oublier,
    rebaser: (etag) => brouillon && garder({ ...brouillon, etag }),
  };
}
