/** A demande for the tests: an optician's PEC that has just been sent. */
import type { Demande } from "@/api/types";

const CREEE_LE = "2013-11-26T16:30:59Z";

export const demande = (change: Partial<Demande> = {}): Demande => ({
  id: "dem_01KAPEC0000000000000000001",
  dossier_id: "dos_01KAPEC0000000000000000001",
  equipement: 1,
  nature: "PEC",
  issue_de: null,
  numero: 373,
  etat: "EN_TRANSMISSION",
  version: 1,
  mutuelle_id: "mut_01KAPEC0000000000000000001",
  mutuelle_nom: "Mutuelle Démo",
  beneficiaire: null,
  reference: "dem_01KAPEC0000000000000000001",
  reference_dossier: null,
  numero_pec: null,
  date_pec: null,
  expire_le: null,
  delai_heures: null,
  message_plateforme: null,
  message_mutuelle: null,
  que_faire: null,
  code_rejet: null,
  champ_a_corriger: null,
  texte_brut: null,
  montant_global_centimes: null,
  montant_non_reparti_centimes: null,
  lignes: [
    { numero: 1, rc_centimes: null },
    { numero: 2, rc_centimes: null },
    { numero: 3, rc_centimes: null },
  ],
  prix: 1,
  credit: "RESERVE",
  creee_le: CREEE_LE,
  repondue_le: null,
  derniere_actualisation: null,
  prochaine_actualisation: null,
  effacee_le: null,
  actions: ["ACTUALISER"],
  evenements: [{ le: CREEE_LE, quoi: "CREEE", par: "demo", detail: null }],
  ...change,
});

/** So many seconds after it was sent, in milliseconds since 1970. */
export const apres = (secondes: number): number => Date.parse(CREEE_LE) + secondes * 1000;

/** The same, as the server writes it. */
export const le = (secondes: number): string => new Date(apres(secondes)).toISOString();
