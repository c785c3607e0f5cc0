/** What a demande, its events and its credit are called, and why an action is off: words only, so that they can be read in one place. */
import type { Action, Demande, Evenement, Mouvement } from "@/api/types";
import { ETATS, NATURES } from "@/composants/etats";
import { horodatage, pluriel } from "@/format/format";
import { mayManage, maySell, RESERVE_GERANT, RESERVE_OPTICIEN } from "@/session/contexte";
import type { Identite } from "@/session/jeton";

/** « PEC N°373 », the name of a demande in the manuals. */
export const nomDemande = ({ nature, numero }: Pick<Demande, "nature" | "numero">): string => `${NATURES[nature]} N°${numero}`;

/** « la PEC n° 373 », inside a sentence. */
export const laDemande = ({ nature, numero }: Pick<Demande, "nature" | "numero">): string =>
  `la ${nature === "PEC" ? "PEC" : "cotation"} n° ${numero}`;
/** The same, at its beginning. */
export const LaDemande = (demande: Pick<Demande, "nature" | "numero">): string => `L${laDemande(demande).slice(1)}`;

/** What was said about it, by whoever said it. */
export const messageDe = (demande: Pick<Demande, "message_plateforme" | "message_mutuelle">): string | null =>
  demande.message_plateforme ?? demande.message_mutuelle;

/** The line that opticians know: « PEC N°373 - 26/11/2013 17:30:59 | refusée | message ». */
export const ligneDemande = (demande: Demande): string =>
  [`${nomDemande(demande)} - ${horodatage(demande.creee_le)}`, ETATS[demande.etat].mot, messageDe(demande)].filter(Boolean).join(" | ");

/** What happened, in words. */
export const EVENEMENTS: Record<Evenement["quoi"], string> = {
  CREEE: "Demande enregistrée",
  TRANSMISE: "Envoyée à la plateforme",
  NON_RECUE: "Non reçue par la plateforme",
  SANS_REPONSE: "Pas de réponse exploitable",
  EN_ATTENTE: "Mise en attente par la mutuelle",
  ACCORDEE: "Accordée",
  ACCORDEE_SOUS_RESERVE: "Accordée sous réserve",
  REFUSEE: "Refusée",
  NON_TRANSMISE: "Non transmise",
  A_VERIFIER: "À vérifier par une personne",
  ACTUALISATION_DEMANDEE: "Actualisation demandée",
  INCONNUE: "Inconnue de la plateforme",
  ANNULATION_DEMANDEE: "Annulation demandée",
  ANNULATION_REFUSEE: "Annulation refusée",
  ANNULEE: "Annulée",
  EXPIREE: "Expirée",
  TRANSFEREE: "Montants transférés vers le dossier",
  DECIDEE: "Décision enregistrée",
  EFFACEE: "Données personnelles effacées",
  REPONSE_ECARTEE: "Réponse écartée",
};

/** The kinds of entries of the ledger. */
export const MOUVEMENTS: Record<Mouvement["type"], string> = {
  RECHARGE: "Recharge",
  RESERVATION: "Crédit réservé",
  CONSOMMATION: "Crédit consommé",
  RESTITUTION: "Crédit rendu",
  CORRECTION: "Correction",
};

/** What became of the credit. */
export function motDuCredit({ credit, prix, etat }: Pick<Demande, "credit" | "prix" | "etat">): string {
  const combien = pluriel(prix, "crédit");
  switch (credit) {
    case "RESERVE":
      return `${combien} réservé${prix < 2 ? "" : "s"} : rendu${prix < 2 ? "" : "s"} si la demande n'est pas arrivée.`;
    case "CONSOMME":
      return etat === "REFUSEE"
        ? `${combien} consommé${prix < 2 ? "" : "s"} : la mutuelle a étudié la demande.`
        : `${combien} consommé${prix < 2 ? "" : "s"}.`;
    case "RENDU":
      return `${combien} rendu${prix < 2 ? "" : "s"} : cette demande ne vous coûte rien.`;
    case "AUCUN":
      return "Gratuite : aucun crédit.";
  }
}

/** « PEC (1 crédit) », « Cotation (gratuite) ». */
export const avecPrix = (mot: string, prix: number | undefined): string => {
  if (prix === undefined) return mot;
  return `${mot} (${prix === 0 ? "gratuite" : pluriel(prix, "crédit")})`;
};

const EFFACEE = "Les données personnelles de cette demande ont été effacées : plus rien ne peut être fait avec elle.";
const A_DECIDER = "Le résultat doit d'abord être vérifié auprès de la mutuelle et enregistré (« Décider »).";

function raison(action: Action, { etat, nature }: Demande): string {
  switch (action) {
    case "ACTUALISER":
      if (etat === "NON_TRANSMISE") return "Cette demande n'est jamais arrivée : refaites une demande.";
      return `Cette demande est ${ETATS[etat].mot} : son état ne changera plus.`;
    case "ANNULER":
      if (nature === "COTATION") return "Une cotation n'engage personne et ne s'annule pas.";
      return RAISON_ANNULER[etat];
    case "TRANSFERER":
      return RAISON_TRANSFERER[etat];
    case "TRANSFORMER":
      if (nature === "PEC") return "Cette demande est déjà une prise en charge : seule une cotation se transforme.";
      if (etat === "A_VERIFIER") return A_DECIDER;
      return "Seule une cotation accordée se transforme en PEC.";
    case "IMPRIMER_REPONSE":
      return "Il n'y a pas encore de réponse à imprimer.";
    case "DECIDER":
      return "Seule une demande à vérifier se décide ; celle-ci suit son cours ou est terminée.";
  }
}

const PAS_CONNUE = "La réponse de la mutuelle n'est pas encore connue : attendez-la avant d'annuler.";
const SANS_ANNULATION = "Cette mutuelle n'accepte pas l'annulation électronique : appelez-la, et notez la référence et la date de l'appel.";
const RAISON_ANNULER: Record<Demande["etat"], string> = {
  EN_TRANSMISSION: PAS_CONNUE,
  SANS_REPONSE: PAS_CONNUE,
  EN_ATTENTE: SANS_ANNULATION,
  ACCORDEE: SANS_ANNULATION,
  ACCORDEE_SOUS_RESERVE: SANS_ANNULATION,
  REFUSEE: "Cette demande a été refusée : il n'y a rien à annuler.",
  NON_TRANSMISE: "Cette demande n'est jamais arrivée : il n'y a rien à annuler.",
  A_VERIFIER: A_DECIDER,
  ANNULATION_EN_COURS: "L'annulation est déjà demandée : attendez que la mutuelle la confirme.",
  ANNULEE: "Cette demande est déjà annulée.",
  EXPIREE: "Cet accord n'est plus valable : il n'y a rien à annuler.",
};

const PAS_REPONDU = "La mutuelle n'a pas encore répondu : il n'y a pas de montant à transférer.";
const SANS_MONTANT = "La mutuelle n'a pas donné de montant : saisissez la part mutuelle dans le dossier.";
const RAISON_TRANSFERER: Record<Demande["etat"], string> = {
  EN_TRANSMISSION: PAS_REPONDU,
  SANS_REPONSE: PAS_REPONDU,
  EN_ATTENTE: PAS_REPONDU,
  ACCORDEE: SANS_MONTANT,
  ACCORDEE_SOUS_RESERVE: SANS_MONTANT,
  REFUSEE: "Cette demande a été refusée : il n'y a pas de montant à transférer.",
  NON_TRANSMISE: "Cette demande n'est jamais arrivée : il n'y a pas de montant à transférer.",
  A_VERIFIER: A_DECIDER,
  ANNULATION_EN_COURS: "Une annulation est demandée : les montants ne peuvent plus être transférés.",
  ANNULEE: "Cette demande est annulée : ses montants ne valent plus.",
  EXPIREE: "Cet accord n'est plus valable : ses montants ne valent plus.",
};

/** Why nothing is asked while this one is on its way. */
export const enEnvoi = (demande: Demande): string => `${LaDemande(demande)} est en cours d'envoi : attendez sa réponse.`;

export const A_CHANGE = "L'équipement a changé depuis cette demande : ses montants ne correspondent plus, refaites une demande.";

/** Why no second PEC can be asked beside this one, and what to do about it. */
export function compteEncore(demande: Demande, qui: Identite): string {
  const empeche = empechement("ANNULER", demande, qui);
  const compte = `${LaDemande(demande)} compte encore pour cet équipement`;
  return empeche === null ? `${compte} : annulez-la avant d'en demander une autre.` : `${compte}. ${empeche}`;
}

/** What has to happen before the equipment that this demande freezes can be changed. */
export function pourModifier(demande: Demande, qui: Identite): string {
  const empeche = empechement("ANNULER", demande, qui);
  if (empeche === null) return "Pour le modifier, annulez-la d'abord.";
  return demande.nature === "COTATION" ? "Il pourra être modifié dès que son résultat sera connu." : empeche;
}

/** Why this person cannot do it now; `null` if she can. What is allowed is the server's word (`actions`); this only explains. */
export function empechement(action: Action, demande: Demande, qui: Identite): string | null {
  if (demande.actions.includes(action)) return null;
  if (action === "DECIDER" && !mayManage(qui)) return RESERVE_GERANT;
  if (action !== "IMPRIMER_REPONSE" && !maySell(qui)) return RESERVE_OPTICIEN;
  return demande.effacee_le ? EFFACEE : raison(action, demande);
}
