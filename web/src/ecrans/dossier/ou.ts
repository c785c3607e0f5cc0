/** Where the field of a JSON pointer stands on the screen. */
import type { Dossier } from "@/api/types";

export const ONGLETS = ["prescription", "equipements", "tiers-payant"] as const;
export type Onglet = (typeof ONGLETS)[number];

export interface Lieu {
  onglet: Onglet;
  /** Places in the lists of the dossier. */
  equipement: number | null;
  ligne: number | null;
  /** Whether it stands in the row of details of its line. */
  detail: boolean;
}

/** What the table of lines shows without opening a line. */
const COLONNES: ReadonlySet<string> = new Set([
  "reference",
  "designation",
  "cote",
  "quantite",
  "remise_pourcent",
  "prix_unitaire_centimes",
  "categorie",
  "code_lpp",
  "occulte",
]);

/** Where to look for a field; `null` if it is not of a dossier (`/magasin/finess`). */
export function ouEst(pointeur: string): Lieu | null {
  const [, tete, equipement, liste, ligne, champ] = pointeur.split("/");
  const nulle = { equipement: null, ligne: null, detail: false };
  switch (tete) {
    case "date":
    case "client_id":
    case "beneficiaire":
    case "assure":
    case "prescription":
      return { onglet: "prescription", ...nulle };
    case "tiers_payant":
    case "consentement":
    case "equipement":
      return { onglet: "tiers-payant", ...nulle };
    case "equipements": {
      const index = equipement === undefined ? null : Number(equipement);
      if (liste === "rc_manuel_centimes") return { onglet: "tiers-payant", equipement: index, ligne: null, detail: false };
      const row = liste === "lignes" && ligne !== undefined ? Number(ligne) : null;
      return { onglet: "equipements", equipement: index, ligne: row, detail: row !== null && champ !== undefined && !COLONNES.has(champ) };
    }
    default:
      return null;
  }
}

/** The pointers whose inputs may stand for this one, best first: `/equipements/0/lignes/1` has no input of its own. */
export function candidats(pointeur: string): string[] {
  const corps = /^\/equipements\/\d+\/lignes\/\d+$/.test(pointeur) ? [pointeur, `${pointeur}/designation`] : [pointeur];
  if (/^\/equipements\/\d+$/.test(pointeur)) corps.push(`${pointeur}/type`);
  if (/^\/(beneficiaire|assure)$/.test(pointeur)) corps.push(`${pointeur}/nom`);
  // A list inside a line (`…/traitements/0`) is typed in one input.
  const parent = pointeur.replace(/\/[^/]*$/, "");
  return parent ? [...corps, parent] : corps;
}

/** The tab of an address; the first where it names none. */
export const ongletDe = (texte: string | null): Onglet => ONGLETS.find((onglet) => onglet === texte) ?? "prescription";

/** Which equipment an address names by its number; the first where it names none that is there. */
export function indexEquipement(dossier: Dossier, texte: string | null): number {
  const index = dossier.equipements.findIndex(({ numero }) => String(numero) === texte);
  return Math.max(0, index);
}
