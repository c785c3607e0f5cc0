/** The words of a dossier, as the manuals and the trade have them. */
export const QUALITES = { ASSURE: "Assuré", CONJOINT: "Conjoint", ENFANT: "Enfant" } as const;
export const TYPES = { OPT: "Lunettes", LEN: "Lentilles" } as const;
export const VISIONS = { LOIN: "Loin", INTERMEDIAIRE: "Intermédiaire", PRES: "Près", MULTIFOCALE: "Multifocale" } as const;
export const RISQUES = {
  MALADIE: "Maladie",
  ACCIDENT_TRAVAIL: "Accident du travail",
  MATERNITE: "Maternité",
  ACCIDENT_DROIT_COMMUN: "Accident de droit commun",
} as const;
export const CATEGORIES = {
  VER: "VER · verre",
  MON: "MON · monture",
  LEN: "LEN · lentille",
  SUP: "SUP · supplément",
  PRE: "PRE · prestation",
  ACC: "ACC · accessoire",
  OFFRE: "OFFRE · offre commerciale",
} as const;
/** In the table the codes alone, as opticians know them. */
export const CODES = { VER: "VER", MON: "MON", LEN: "LEN", SUP: "SUP", PRE: "PRE", ACC: "ACC", OFFRE: "OFFRE" } as const;
export const COTES = { OD: "OD", OG: "OG" } as const;
export const CLASSES = { A: "A (100 % Santé)", B: "B (tarif libre)" } as const;
export const SURFACES = { ST: "ST · standard", AS: "AS · asphérique", SP: "SP · sphérique", TO: "TO · torique" } as const;
export const DISTANCES = { loin: "Loin", intermediaire: "Interm.", pres: "Près" } as const;

const CHAMPS: Readonly<Record<string, string>> = {
  date: "Date",
  nom: "Nom",
  prenom: "Prénom",
  date_naissance: "Date de naissance",
  nir: "N° de sécurité sociale",
  rang_gemellaire: "Rang gémellaire",
  qualite: "Qualité",
  rpps: "RPPS",
  ri_delivre: "RI",
  ra_deuxieme_paire: "RA",
  sphere: "Sphère",
  cylindre: "Cylindre",
  axe: "Axe",
  addition: "Add.",
  prisme: "Prisme",
  base: "Base",
  ecart_loin: "Écart de loin",
  ecart_pres: "Écart de près",
  hauteur: "Hauteur",
  type: "Type",
  vision: "Vision",
  deuxieme_paire: "2e paire",
  code_risque: "Code risque",
  taux_ro_manuel: "Taux",
  enfant_manuel: "Enfant",
  prisme_od: "Prisme D",
  prisme_og: "Prisme G",
  rc_manuel_centimes: "Part RC saisie",
  reference: "Réf.",
  designation: "Désignation",
  cote: "Côté",
  quantite: "Qté",
  remise_pourcent: "%",
  prix_unitaire_centimes: "Prix",
  categorie: "Catég.",
  code_lpp: "Code LPP",
  occulte: "Occulté",
  mutuelle_id: "Mutuelle",
  forfait_id: "Forfait",
  regime: "Régime",
  numero_adherent: "N° adhérent",
  numero_contrat: "N° de contrat",
  numero_groupe: "N° de groupe",
  relation: "Relation",
  fin_validite: "Fin de validité",
  maximum_annuel_centimes: "Max. annuel",
  deja_utilise_centimes: "Déjà utilisé",
  part_ro: "Part RO",
  tiers_payant_ro: "Tiers payant",
  code_regroupement: "Code de regroupement",
  classe: "Classe",
  surface: "Surface",
  traitements: "Traitements",
  par_boite: "Lentilles par boîte",
  fabricant: "Fabricant",
  marque: "Marque",
  modele: "Modèle",
  matiere: "Matière",
  indice: "Indice",
  fabrique_en: "Fabriqué en",
  ro_manuel_centimes: "Sécu saisie",
};

/** What the field of a pointer is called, with the place where it stands: « Équipement 1, ligne 2 : Prix ». */
export function motDuChamp(pointeur: string): string {
  const parts = pointeur.split("/").slice(1);
  const mot = CHAMPS[parts.at(-1) ?? ""] ?? parts.at(-1) ?? "";
  const [tete, index, , ligne] = parts;
  if (tete === "equipements" && ligne !== undefined) return `Équipement ${Number(index) + 1}, ligne ${Number(ligne) + 1} : ${mot}`;
  if (tete === "equipements") return `Équipement ${Number(index) + 1} : ${mot}`;
  if (tete === "mutuelles") return `Mutuelle ${Number(index) + 1} : ${mot}`;
  if (tete === "assure") return `Assuré : ${mot}`;
  if (tete === "beneficiaire") return `Bénéficiaire : ${mot}`;
  if (parts.includes("prescripteur")) return `Prescripteur : ${mot}`;
  // `/prescription/og/pres/sphere`
  const oeil = index === "od" || index === "og" ? index.toUpperCase() : null;
  const distance = parts.length > 3 ? DISTANCES[parts[2] as keyof typeof DISTANCES] : undefined;
  return oeil ? `${[oeil, distance].filter(Boolean).join(" ")} : ${mot}` : mot;
}
