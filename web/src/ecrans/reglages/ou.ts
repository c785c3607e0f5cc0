/** Where the field of a JSON pointer into the shop (`/magasin/finess`) stands in the settings. */
import { FACULTATIFS } from "../mutuelles/mots";

export interface Lieu {
  onglet: "magasin" | "transmission";
  /** The pointers whose inputs may stand for it, best first. */
  candidats: string[];
}

const TRANSMISSION = "/magasin/transmission";

export function ouEst(pointeur: string): Lieu {
  // Of the switches as a whole, the first one.
  if (pointeur.startsWith(TRANSMISSION))
    return { onglet: "transmission", candidats: [pointeur, `${TRANSMISSION}/${Object.keys(FACULTATIFS)[0]}`] };
  return { onglet: "magasin", candidats: [pointeur.replace(/^\/magasin/, "")] };
}
