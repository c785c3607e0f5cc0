/** The forfait of a card, as a list offers it: none and a forfait « Variable » are the same, since both wait for the answer of the mutuelle. */
import type { Forfait } from "@/api/types";

const LIBRE = "Variable";
const estLibre = ({ type, libelle }: Forfait): boolean => type === "VARIABLE" && libelle === LIBRE;

export function choixForfait(forfaits: readonly Forfait[]): {
  vide: string;
  mots: Record<string, string>;
  lire: (valeur: unknown) => string;
} {
  const libres = new Set(forfaits.filter(estLibre).map(({ id }) => id));
  return {
    vide: LIBRE,
    mots: Object.fromEntries(forfaits.flatMap(({ id, libelle }) => (libres.has(id) ? [] : [[id, libelle]]))),
    lire: (valeur) => (typeof valeur === "string" && !libres.has(valeur) ? valeur : ""),
  };
}
