/** The form that the fields below it belong to: a field is named by the JSON pointer of what it holds, which is also how the API names faults. */
import { createContext, useContext } from "react";
import { at, fieldId } from "@/champs/pointeur";
import type { Brut } from "@/champs/Saisie";

export interface Formulaire {
  etat: unknown;
  modifier: (pointeur: string, valeur: unknown) => void;
  erreurs: ReadonlyMap<string, string>;
  /** By field, the text that it could not read. */
  illisibles: ReadonlyMap<string, Brut>;
  signaler: (pointeur: string, brut: Brut | null) => void;
  /** Whether this field only shows what it holds. */
  fige: (pointeur: string) => boolean;
}

export const FormulaireContexte = createContext<Formulaire | null>(null);

/** What a field needs. */
export function useChamp(pointeur: string) {
  const formulaire = useContext(FormulaireContexte);
  if (!formulaire) throw new Error("no form");
  const readOnly = formulaire.fige(pointeur);
  return {
    id: fieldId(pointeur),
    valeur: at(formulaire.etat, pointeur) ?? null,
    onValeur: (valeur: unknown) => formulaire.modifier(pointeur, valeur),
    error: formulaire.erreurs.get(pointeur),
    readOnly,
    brut: (readOnly ? null : formulaire.illisibles.get(pointeur)) ?? null,
    onBrut: (brut: Brut | null) => formulaire.signaler(pointeur, brut),
  };
}
