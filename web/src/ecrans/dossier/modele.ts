/** The rules of a dossier that is being typed: what a new one holds, what is sent, how lines and equipments come, go and are copied. */

import type { Client, Dossier, Envoi, Equipement, Ligne, TiersPayant } from "@/api/types";
import { memeSaisie } from "@/brouillon/fusion";

/** Most lines of an equipment, and equipments of a dossier, that the API takes. */
export const LIGNES_MAX = 40;
export const EQUIPEMENTS_MAX = 6;

const SANS_MUTUELLE: TiersPayant = {
  part_ro: true,
  tiers_payant_ro: true,
  mutuelle_id: null,
  forfait_id: null,
  regime: null,
  numero_adherent: null,
  numero_contrat: null,
  numero_groupe: null,
  type: null,
  relation: null,
  fin_validite: null,
  maximum_annuel_centimes: null,
  deja_utilise_centimes: null,
};

export const equipementVide = (numero: number, type: Equipement["type"] = "OPT"): Equipement => ({
  numero,
  type,
  vision: null,
  deuxieme_paire: false,
  code_risque: "MALADIE",
  taux_ro: null,
  taux_ro_manuel: null,
  enfant: false,
  enfant_manuel: null,
  prisme_od: null,
  prisme_og: null,
  rc_manuel_centimes: null,
  lignes: [],
});

/** A dossier of that day, before anything is typed. */
export const dossierVide = (date: string): Dossier => ({
  id: "",
  version: 0,
  client_id: null,
  date,
  beneficiaire: { nom: "", prenom: null, date_naissance: null, nir: null, rang_gemellaire: 1, qualite: "ASSURE" },
  assure: null,
  prescription: null,
  equipements: [equipementVide(1)],
  tiers_payant: SANS_MUTUELLE,
  consentement: {
    imprime_le: null,
    reference: null,
    empreinte: null,
    signe_le: null,
    canal: null,
    valide: false,
    raison: null,
    papiers: [],
    papier_signe: null,
  },
  totaux: { total_centimes: 0, ro_centimes: null, reste_apres_ro_centimes: null, rc_centimes: null, reste_a_charge_centimes: null },
});

/** A new dossier of a client: who she is, who insures her, and her first mutuelle. */
export function dossierDuClient(client: Client, date: string): Dossier {
  const { nom, prenom, date_naissance, nir, rang_gemellaire, qualite } = client;
  const [premiere] = [...client.mutuelles].sort((a, b) => a.rang - b.rang);
  const { rang: _, ...rattachement } = premiere ?? { rang: 1 };
  return {
    ...dossierVide(date),
    client_id: client.id,
    beneficiaire: { nom, prenom, date_naissance, nir, rang_gemellaire, qualite },
    assure: client.assure,
    tiers_payant: { ...SANS_MUTUELLE, ...rattachement },
  };
}

type Corps = Envoi<"DossierDto">;

/** Equipments of the screen whose number the server has yet to give carry a negative one. */
const equipements = (dossier: Dossier): Corps["equipements"] =>
  dossier.equipements.map((equipement) => (equipement.numero < 0 ? { ...equipement, numero: undefined } : equipement));

export const corpsDeModification = (dossier: Dossier): Corps => ({ ...dossier, equipements: equipements(dossier) });

/**
 * The body of the creation, or `null` while there is no name. What still is as the client's file has it is left to the server: a number that is masked
 * here is whole there.
 */
export function corpsDeCreation(dossier: Dossier, depart: Dossier): Corps | null {
  if (!dossier.beneficiaire.nom) return null;
  const corps = corpsDeModification(dossier);
  if (!dossier.client_id) return corps;
  const personne = { beneficiaire: dossier.beneficiaire, assure: dossier.assure };
  const sansPersonne = memeSaisie(personne, { beneficiaire: depart.beneficiaire, assure: depart.assure });
  const sansMutuelle = memeSaisie(dossier.tiers_payant, depart.tiers_payant);
  return {
    ...corps,
    ...(sansPersonne ? { beneficiaire: undefined, assure: undefined } : {}),
    ...(sansMutuelle ? { tiers_payant: undefined } : {}),
  } as Corps;
}

/** Gives to the new equipments of `etat` the numbers that the server gave them, place by place in what was sent. */
export function apparier(etat: Dossier, envoye: Dossier, recu: Dossier): Dossier {
  const donnes = new Map(envoye.equipements.map(({ numero }, index) => [numero, recu.equipements[index]?.numero ?? numero]));
  const numero = (n: number) => (n < 0 ? (donnes.get(n) ?? n) : n);
  if (!etat.equipements.some((equipement) => numero(equipement.numero) !== equipement.numero)) return etat;
  return { ...etat, equipements: etat.equipements.map((equipement) => ({ ...equipement, numero: numero(equipement.numero) })) };
}

/** One more equipment. Its number is negative until the server gives one: a number is never given twice, and only the server remembers. */
export function ajouterEquipement(dossier: Dossier, type: Equipement["type"] = "OPT"): Dossier {
  const nouveau = Math.min(0, ...dossier.equipements.map(({ numero }) => numero)) - 1;
  return { ...dossier, equipements: [...dossier.equipements, equipementVide(nouveau, type)] };
}

export const retirerEquipement = (dossier: Dossier, index: number): Dossier => ({
  ...dossier,
  equipements: dossier.equipements.filter((_, i) => i !== index),
});

const avecLignes = (dossier: Dossier, index: number, lignes: Ligne[]): Dossier => ({
  ...dossier,
  equipements: dossier.equipements.map((equipement, i) => (i === index ? { ...equipement, lignes } : equipement)),
});

const suivant = (lignes: readonly Ligne[]): number => Math.max(0, ...lignes.map(({ numero }) => numero)) + 1;

/** What the next line most likely is: a right lens, a left one, then the frame. */
function presumee(equipement: Equipement): Pick<Ligne, "categorie" | "cote"> {
  const verre = equipement.type === "LEN" ? "LEN" : "VER";
  const has = (categorie: Ligne["categorie"], cote?: Ligne["cote"]) =>
    equipement.lignes.some((ligne) => ligne.categorie === categorie && (cote === undefined || ligne.cote === cote));
  if (!has(verre, "OD")) return { categorie: verre, cote: "OD" };
  if (!has(verre, "OG")) return { categorie: verre, cote: "OG" };
  if (equipement.type === "OPT" && !has("MON")) return { categorie: "MON", cote: null };
  return { categorie: "ACC", cote: null };
}

/** One more line at the end of an equipment. */
export function ajouterLigne(dossier: Dossier, index: number): Dossier {
  const equipement = dossier.equipements[index];
  if (!equipement || equipement.lignes.length >= LIGNES_MAX) return dossier;
  const ligne: Ligne = {
    numero: suivant(equipement.lignes),
    reference: null,
    designation: "",
    ...presumee(equipement),
    quantite: 1,
    prix_unitaire_centimes: 0,
    remise_pourcent: "0",
    code_lpp: null,
    code_regroupement: null,
    classe: null,
    surface: null,
    traitements: [],
    par_boite: null,
    fabricant: null,
    marque: null,
    modele: null,
    matiere: null,
    indice: null,
    fabrique_en: null,
    occulte: false,
    ro_manuel_centimes: null,
    valeur_centimes: 0,
    ro_centimes: null,
    rc_centimes: null,
  };
  return avecLignes(dossier, index, [...equipement.lignes, ligne]);
}

const AUTRE_COTE = { OD: "OG", OG: "OD" } as const;

/** The same line for the other eye, at the end; « OD » in its words becomes « OG ». */
export function dupliquerLigne(dossier: Dossier, index: number, ligne: number): Dossier {
  const equipement = dossier.equipements[index];
  const modele = equipement?.lignes[ligne];
  if (!equipement || !modele || equipement.lignes.length >= LIGNES_MAX) return dossier;
  const cote = modele.cote ? AUTRE_COTE[modele.cote] : modele.cote;
  const designation = (modele.designation || "").replace(new RegExp(`\\b${modele.cote}\\b`, "g"), cote ?? "");
  const copie: Ligne = { ...modele, numero: suivant(equipement.lignes), cote, designation, rc_centimes: null, ro_centimes: null };
  return avecLignes(dossier, index, [...equipement.lignes, copie]);
}

export function retirerLigne(dossier: Dossier, index: number, ligne: number): Dossier {
  const lignes = dossier.equipements[index]?.lignes ?? [];
  return avecLignes(
    dossier,
    index,
    lignes.filter((_, i) => i !== ligne),
  );
}

/** Puts a removed line back where its number stands, or at the end if the number was given again. */
export function remettreLigne(dossier: Dossier, numeroEquipement: number, ligne: Ligne): Dossier {
  const index = dossier.equipements.findIndex(({ numero }) => numero === numeroEquipement);
  const lignes = dossier.equipements[index]?.lignes;
  if (!lignes || lignes.length >= LIGNES_MAX) return dossier;
  const numero = lignes.some((autre) => autre.numero === ligne.numero) ? suivant(lignes) : ligne.numero;
  return avecLignes(
    dossier,
    index,
    [...lignes, { ...ligne, numero }].sort((a, b) => a.numero - b.numero),
  );
}

/** A commercial offer is hidden from the mutuelle and has no LPP code (manual). */
export function changerCategorie(ligne: Ligne, categorie: Ligne["categorie"]): Ligne {
  if (categorie === "OFFRE") return { ...ligne, categorie, occulte: true, code_lpp: null, code_regroupement: null };
  return { ...ligne, categorie, occulte: ligne.categorie === "OFFRE" ? false : ligne.occulte };
}

/** What the lines of an equipment that are not hidden have together; `null` where one of them is not known, or none is there. */
export function part(equipement: Equipement, champ: "ro_centimes" | "rc_centimes"): number | null {
  const visibles = equipement.lignes.filter(({ occulte }) => !occulte);
  if (visibles.length === 0) return null;
  return visibles.reduce<number | null>((somme, ligne) => {
    const montant = ligne[champ];
    return somme === null || montant === null ? null : somme + montant;
  }, 0);
}
