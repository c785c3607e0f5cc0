/** The trade's words for what a mutuelle takes, demands and gives. */
import type { ChampFacultatif, ChampRequis, Forfait, Pec, TypeEquipement } from "@/api/types";
import { montant } from "@/format/format";

/** The column « PEC ». */
export const PEC: Record<Pec, { mot: string; sens: string }> = {
  OPT_LEN: { mot: "OPT/LEN", sens: "PEC électroniques pour l'optique et les lentilles" },
  OPT: { mot: "OPT", sens: "PEC électroniques pour l'optique seulement" },
  NON: { mot: "Non", sens: "pas de PEC électronique" },
};

/** Whether it takes electronic requests about this kind of equipment. */
export const prend = (pec: Pec, type: TypeEquipement): boolean => pec === "OPT_LEN" || (pec === "OPT" && type === "OPT");

/** The numbers of the card. */
export const REQUIS: Record<ChampRequis, string> = {
  numero_adherent: "n° adhérent",
  numero_contrat: "n° de contrat",
  numero_groupe: "n° de groupe",
  regime: "régime",
};

/** The fourteen optional data, in the order and with the words of the manual (« Outils › Option › Services › OptoAMC »). */
export const FACULTATIFS: Record<ChampFacultatif, string> = {
  beneficiaire_nir: "Bénéficiaire : N° de Sécurité Sociale",
  beneficiaire_rang_gemellaire: "Bénéficiaire : Rang gémellaire",
  assure_nir: "Assuré : N° de Sécurité Sociale",
  opticien_nom_prenom: "Opticien : Nom et prénom",
  opticien_telephone: "Opticien : Téléphone",
  opticien_email: "Opticien : Email",
  prescription_ri_ra: "Prescription : Information RI/RA",
  prescription_prescripteur: "Prescription : Nom et prénom prescripteur",
  verre_surface: "Équipement verre : Surface",
  verre_traitement: "Supplément verre : Type de traitement",
  lentille_par_boite: "Équipement lentille : Nb de lentilles par boîte",
  verre_remise: "Équipement verre : Remise",
  lentille_remise: "Équipement lentille : Remise",
  monture_remise: "Équipement monture : Remise",
};

/** What a forfait gives: « 120,00 € », « 50 % du tarif »… */
export function valeurForfait({ type, montant_centimes, pourcentage, assiette }: Omit<Forfait, "id" | "libelle">): string {
  switch (type) {
    case "VARIABLE":
      return "selon la réponse de la mutuelle";
    case "FIXE":
      return montant(montant_centimes);
    case "POURCENTAGE":
      return `${(pourcentage ?? "").replace(".", ",")} % ${assiette === "TARIF" ? "du tarif" : "du reste après RO"}`;
  }
}

/** « a », « a et b », « a, b et c ». */
export const enumerer = (mots: readonly string[]): string =>
  mots.length < 2 ? mots.join("") : `${mots.slice(0, -1).join(", ")} et ${mots.at(-1)}`;

const CHAMPS: Record<string, string> = {
  nom: "Nom",
  prenom: "Prénom",
  plateau: "Plateau",
  identifiant: "Identifiant",
  ligne1: "Adresse",
  ligne2: "Adresse 2",
  code_postal: "Code postal",
  localite: "Localité",
  telephone: "Téléphone",
  telephone2: "Tél. 2",
  fax: "Fax",
  site_web: "Site Web",
  autre: "Autre",
  remarque: "Remarque",
  email: "Email",
  finess: "FINESS",
  pec: "PEC",
  code: "code",
  libelle: "libellé",
  type: "type",
  montant_centimes: "montant",
  pourcentage: "part",
  assiette: "assiette",
  issue: "Issue",
  origine: "Qui a refusé",
  numero_pec: "N° de PEC",
  montant_global_centimes: "Montant global",
  motif: "Motif",
};
const LISTES: Record<string, string> = { regimes: "Régime", forfaits: "Forfait" };

/** A field of a form with a button that saves it, by its JSON pointer, as the screen calls it: « Régime 2, code ». */
export function nomDuChamp(pointeur: string): string {
  const [, liste = "", rang] = pointeur.split("/");
  const champ = CHAMPS[pointeur.split("/").at(-1) ?? ""];
  const dans = LISTES[liste];
  const lieu = dans && rang !== undefined ? `${dans} ${Number(rang) + 1}` : null;
  return [lieu, champ].filter(Boolean).join(", ") || "Fiche";
}
