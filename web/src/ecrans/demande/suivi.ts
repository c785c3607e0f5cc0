/**
 * What follows from a demande as it stands: how long it runs and what is said of it, which one holds the guard, under which key the next one is asked,
 * where a fault is mended. Pure functions.
 */
import type { ErreurChamp } from "@/api/problemes";
import type { Demande, EtatDemande, Nature } from "@/api/types";

/** What the trade promises: an answer within ninety seconds. */
export const PROMESSE_S = 90;

/** A demande that runs: for how many seconds, and what is happening. */
export interface Course {
  secondes: number;
  phrase: string;
}

/** `null` unless it was sent and nobody has answered. */
export function course(demande: Demande, maintenant: number): Course | null {
  if (demande.etat !== "EN_TRANSMISSION" && demande.etat !== "SANS_REPONSE") return null;
  const secondes = Math.max(0, Math.floor((maintenant - Date.parse(demande.creee_le)) / 1000));
  return { secondes, phrase: phrase(demande, secondes) };
}

function phrase(demande: Demande, secondes: number): string {
  // Proven not received: that is known, and said.
  if (demande.evenements?.at(-1)?.quoi === "NON_RECUE")
    return "La plateforme n'est pas joignable, elle n'a rien reçu : nous réessayons tout seuls, ne renvoyez pas.";
  if (demande.etat === "SANS_REPONSE" || secondes >= 60) return "Réponse inconnue, nous vérifions : ne renvoyez pas.";
  // What only stands in our books is not said to be gone.
  const partie = demande.evenements?.some(({ quoi }) => quoi === "TRANSMISE");
  const ou = partie ? "La demande est partie" : "La demande est enregistrée et part";
  if (secondes < 15) return `${ou} : réponse attendue sous ${PROMESSE_S} secondes.`;
  const suite = partie ? ", la mutuelle n'a pas encore répondu." : ".";
  return `${ou}${suite} L'écran se met à jour tout seul : vous pouvez continuer à servir.`;
}

const VIVANTS: readonly EtatDemande[] = [
  "EN_TRANSMISSION",
  "SANS_REPONSE",
  "EN_ATTENTE",
  "ACCORDEE",
  "ACCORDEE_SOUS_RESERVE",
  "A_VERIFIER",
  "ANNULATION_EN_COURS",
];

/**
 * Whether it freezes its equipment: a PEC as long as it may bind the mutuelle, a cotation, which binds nobody, until its outcome is known.
 */
export const fige = ({ nature, etat }: Pick<Demande, "nature" | "etat">): boolean =>
  VIVANTS.includes(etat) && (nature === "PEC" || (etat !== "ACCORDEE" && etat !== "ACCORDEE_SOUS_RESERVE"));

/** The PEC that may still bind the mutuelle: while there is one, no second can be asked. */
export const pecVivante = (demandes: readonly Demande[]): Demande | null =>
  demandes.find(({ nature, etat }) => nature === "PEC" && VIVANTS.includes(etat)) ?? null;

/** The demandes of one equipment, newest first. */
export const deLEquipement = (demandes: readonly Demande[], equipement: number): Demande[] =>
  demandes.filter((demande) => demande.equipement === equipement).sort((a, b) => b.numero - a.numero);

/**
 * The `Idempotency-Key` of the next demande: the same for whoever looks at the same state (a double click, a second tab, a reload), another one as
 * soon as a newer demande is on the screen.
 */
export const cleDemande = (nature: Nature, dossier: string, equipement: number, demandes: readonly Demande[]): string =>
  `${nature}-${dossier}-${equipement}-${demandes[0]?.numero ?? 0}`;

/** Likewise for the PEC that is made of a cotation. */
export const cleTransformation = (cotation: string, demandes: readonly Demande[]): string =>
  `transformation-${cotation}-${demandes[0]?.numero ?? 0}`;

/** Where a fault is mended: in the form of the dossier, or on another screen. */
export type Cible = { ou: "dossier"; pointeur: string } | { ou: "page"; chemin: string };

/** The place of a fault's field (`/magasin/credit` and `/magasin/conventions` are the pre-flight's names for what has a screen of its own). */
export function cible(champ: string): Cible {
  if (champ === "/magasin/credit") return { ou: "page", chemin: "/credits" };
  if (champ === "/magasin/conventions") return { ou: "page", chemin: "/mutuelles" };
  if (champ.startsWith("/magasin")) return { ou: "page", chemin: `/reglages?champ=${encodeURIComponent(champ)}` };
  return { ou: "dossier", pointeur: champ };
}

/** The address of a field of a dossier, from another screen. */
export const cheminDuChamp = (dossier: string, equipement: number, pointeur: string): string =>
  `/dossiers/${dossier}?equipement=${equipement}&champ=${encodeURIComponent(pointeur)}`;

/** The address of a dossier, at one of its equipments. */
export const cheminDuDossier = (dossier: string, equipement: number): string => `/dossiers/${dossier}?equipement=${equipement}`;

/** « Ligne 2 », as the lines are counted on the screen; nothing for another field. */
export function numeroDeLigne(champ: string, suite: string): string {
  const index = /^\/equipements\/\d+\/lignes\/(\d+)/.exec(champ)?.[1];
  return index === undefined ? "" : `Ligne ${Number(index) + 1}${suite}`;
}

/** The same fault of several fields is said once. */
export function parMessage(erreurs: readonly ErreurChamp[]): { message: string; champs: string[] }[] {
  const groups = new Map<string, string[]>();
  for (const { message, champ } of erreurs) groups.set(message, [...(groups.get(message) ?? []), champ]);
  return [...groups].map(([message, champs]) => ({ message, champs: [...new Set(champs)] }));
}
