/**
 * What a demande was about, against what stands in the dossier now.
 *
 * The API keeps what was sent and gives no copy of it. But while the server holds an equipment still, the dossier says it; what was seen then is kept as
 * long as the page lives. Whatever else is unknown, and is not made up from today's dossier.
 */
import type { Demande, Dossier, Equipement, Ligne } from "@/api/types";
import { fige } from "./suivi";

/** The equipment of a demande in its dossier; `null` if it left it. */
export const equipementDe = (demande: Demande, dossier: Dossier): Equipement | null =>
  dossier.equipements.find(({ numero }) => numero === demande.equipement) ?? null;

const vus = new Map<string, Equipement>();

/** The equipment as it was sent; `null` where nobody knows. `equipement`: as it stands in the dossier. */
export function envoye(demande: Demande, equipement: Equipement | null | undefined): Equipement | null {
  if (demande.effacee_le) return null;
  const vu = vus.get(demande.id);
  if (vu || !equipement || !fige(demande)) return vu ?? null;
  vus.set(demande.id, equipement);
  return equipement;
}

/** Whether the lines that a mutuelle sees are still those that it was asked about. */
export type Depuis = "MEME" | "CHANGE" | "INCONNU";

const visibles = ({ lignes }: Equipement): Ligne[] => lignes.filter(({ occulte }) => !occulte).sort((a, b) => a.numero - b.numero);
const texte = (equipement: Equipement): string =>
  visibles(equipement)
    .map(({ numero, valeur_centimes }) => `${numero}:${valeur_centimes}`)
    .join();

/** `equipement`: `null` where it left the dossier, `undefined` where the dossier is not known. */
export function depuis(demande: Demande, equipement: Equipement | null | undefined): Depuis {
  if (equipement === undefined) return "INCONNU";
  if (equipement === null) return "CHANGE";
  if (fige(demande)) return "MEME";
  const copie = envoye(demande, equipement);
  if (copie) return texte(copie) === texte(equipement) ? "MEME" : "CHANGE";
  const lignes = visibles(equipement);
  const autres = lignes.length !== demande.lignes.length || lignes.some(({ numero }) => !demande.lignes.some((l) => l.numero === numero));
  // No line was ever granted more than it cost.
  const trop = demande.lignes.some(({ numero, rc_centimes }) =>
    lignes.some((ligne) => ligne.numero === numero && rc_centimes !== null && rc_centimes > ligne.valeur_centimes),
  );
  return autres || trop ? "CHANGE" : "INCONNU";
}

/** What the lines that a mutuelle sees cost together. */
export const valeur = (equipement: Equipement): number => visibles(equipement).reduce((somme, ligne) => somme + ligne.valeur_centimes, 0);
