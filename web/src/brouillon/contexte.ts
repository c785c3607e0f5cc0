/** The form that the fields below it belong to: a field is named by the JSON pointer of what it holds, which is also how the API names faults. */
import { createContext, useContext } from "react";
import { at, fieldId } from "@/champs/pointeur";

export interface Formulaire {
  etat: unknown;
  modifier: (pointeur: string, valeur: unknown) => void;
  erreurs: ReadonlyMap<string, string>;
  /** Whether this field only shows what it holds. */
  fige: (pointeur: string) => boolean;
}

export const FormulaireContexte = createContext<Formulaire | null>(null);

/** What a field needs. */
export function useChamp(pointeur: string) {
  const formulaire = useContext(FormulaireContexte);
  if (!formulaire) throw new Error("no form");
  return {
    id: fieldId(pointeur),
    valeur: at(formulaire.etat, pointeur) ?? null,
    onValeur: (valeur: unknown) => formulaire.modifier(pointeur, valeur),
    error: formulaire.erreurs.get(pointeur),
    readOnly: formulaire.fige(pointeur),
  };
}
