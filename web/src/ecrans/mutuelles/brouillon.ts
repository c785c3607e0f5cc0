/** A form over one thing of the API: what is shown is what the server has, under what was typed and not saved yet; that survives a reload. */
import { useRef, useState } from "react";
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

/** What its functions do holds for what is typed when they are called, whichever render they are of. */
export interface Formulaire<T> {
  value: T | null;
  etag: string;
  cle: string;
  modifie: boolean;
  /** Whether what was typed was found again when the screen opened. */
  repris: boolean;
  /** `value`, as it is when this is called. */
  present: () => T | null;
  poser: (pointeur: string, valeur: unknown) => void;
  /** `envoye` was saved as `ecrit`, under the name `nom` from now on; what was typed since stays, over the new version. */
  enregistre: (envoye: T, ecrit: Versioned<T>, nom?: string) => void;
  /** What was typed is given up. */
  oublier: () => void;
  /** Keeps what was typed, over another version; where `de` is given, only what was typed over that one. */
  rebaser: (etag: string, de?: string) => void;
}

/** The form of the thing `nom`; `serveur` is `null` until it is read. */
export function useBrouillon<T>(nom: string, serveur: Versioned<T> | null): Formulaire<T> {
  const [vue, setVue] = useState(() => {
    const brouillon = readDraft<Brouillon<T>>(nom);
    return { brouillon, repris: brouillon !== null, cle: brouillon?.cle ?? newKey() };
  });
  // An answer comes to the functions of an old render, which know nothing of what was typed since.
  const ici = useRef(vue);
  const lu = useRef(serveur);
  lu.current = serveur;

  const montrer = (next: Partial<typeof vue>) => {
    ici.current = { ...ici.current, ...next };
    setVue(ici.current);
  };
  const garder = (brouillon: Brouillon<T>) => {
    keepDraft(nom, brouillon);
    montrer({ brouillon });
  };
  const oublier = () => {
    dropDraft(nom);
    montrer({ brouillon: null, repris: false, cle: newKey() });
  };
  const present = () => ici.current.brouillon?.value ?? lu.current?.value ?? null;
  const { brouillon, repris, cle } = vue;
  return {
    value: brouillon?.value ?? serveur?.value ?? null,
    etag: brouillon?.etag ?? serveur?.etag ?? "",
    cle,
    modifie: brouillon !== null,
    repris,
    present,
    poser: (pointeur, valeur) => {
      const base = present();
      const { brouillon, cle } = ici.current;
      if (base) garder({ etag: brouillon?.etag ?? lu.current?.etag ?? "", cle, value: withAt(base, pointeur, valeur) });
    },
    enregistre: (envoye, ecrit, sous = nom) => {
      const { brouillon } = ici.current;
      oublier();
      if (!brouillon || brouillon.value === envoye) return;
      const next = { etag: ecrit.etag, cle: newKey(), value: fusionner(envoye, brouillon.value, ecrit.value).valeur };
      keepDraft(sous, next);
      if (sous === nom) montrer({ brouillon: next });
    },
    oublier,
    rebaser: (etag, de) => {
      const { brouillon } = ici.current;
      if (brouillon && (de === undefined || brouillon.etag === de)) garder({ ...brouillon, etag });
    },
  };
}
