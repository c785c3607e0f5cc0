/**
 * The work list: which demandes need a person, which run by themselves, which are done.
 *
 * A refusal needs a person until somebody asked again for the same equipment, an agreement that waits for documents until they are there; an unknown
 * outcome needs her at once; whatever waits needs her when the delay that the mutuelle gave is over.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, unwrap } from "./client";
import { maintenant } from "./horloge";
import { cles } from "./requetes";
import type { Demande, EtatDemande } from "./types";

export type Groupe = "A_TRAITER" | "EN_COURS" | "TERMINEES";

/** A sending is tried again by itself for nearly ten minutes; what takes longer got stuck. */
const ENVOI_MS = 10 * 60_000;
/** What the mutuelles take that announce nothing: 48 to 72 h (manual, « en attente »). */
const DELAI_HEURES = 72;
/** So long after a refusal or an agreement with a reserve, without another demande, the sale went its way: it no longer waits for anybody. */
export const REFUS_JOURS = 30;

const JOUR_MS = 24 * 3_600_000;

/** Whether a later demande took this one's place. A cotation binds nobody: it leaves a refused PEC as open as it was. */
const replaced = (demande: Demande, all: readonly Demande[]): boolean =>
  all.some(
    (other) =>
      other.numero > demande.numero &&
      other.dossier_id === demande.dossier_id &&
      other.equipement === demande.equipement &&
      (other.nature === "PEC" || demande.nature === "COTATION"),
  );

/** Whether it is waiting longer than it was said to take. */
export function enRetard(demande: Demande, maintenant: number): boolean {
  switch (demande.etat) {
    // The delay runs from the answer that announced it.
    case "EN_ATTENTE":
      return maintenant - Date.parse(demande.repondue_le ?? demande.creee_le) > (demande.delai_heures ?? DELAI_HEURES) * 3_600_000;
    case "EN_TRANSMISSION":
      return maintenant - Date.parse(demande.creee_le) > ENVOI_MS;
    case "SANS_REPONSE":
    case "ANNULATION_EN_COURS":
    case "ACCORDEE":
    case "ACCORDEE_SOUS_RESERVE":
    case "REFUSEE":
    case "NON_TRANSMISE":
    case "A_VERIFIER":
    case "ANNULEE":
    case "EXPIREE":
      return false;
  }
}

/** Where a demande stands in the work list. */
export function groupe(demande: Demande, all: readonly Demande[], maintenant: number): Groupe {
  switch (demande.etat) {
    // Whoever does not know the outcome must not ask again: it is said first, also while the automatic checks still run.
    case "SANS_REPONSE":
    case "A_VERIFIER":
      return "A_TRAITER";
    case "REFUSEE":
    case "NON_TRANSMISE":
    case "ACCORDEE_SOUS_RESERVE": {
      const forgotten = maintenant - Date.parse(demande.creee_le) > REFUS_JOURS * JOUR_MS;
      return forgotten || demande.effacee_le || replaced(demande, all) ? "TERMINEES" : "A_TRAITER";
    }
    case "EN_ATTENTE":
    case "EN_TRANSMISSION":
      return enRetard(demande, maintenant) ? "A_TRAITER" : "EN_COURS";
    case "ANNULATION_EN_COURS":
      return "EN_COURS";
    case "ACCORDEE":
    case "ANNULEE":
    case "EXPIREE":
      return "TERMINEES";
  }
}

/** What waits for somebody or something: all of it is in the list, however old. */
const OUVERTES: EtatDemande[] = [
  "EN_TRANSMISSION",
  "SANS_REPONSE",
  "EN_ATTENTE",
  "A_VERIFIER",
  "ANNULATION_EN_COURS",
  "ACCORDEE_SOUS_RESERVE",
];
/** How many of the newest, in whatever state, stand beside them at least; and at most, where a month has more. */
const RECENTES_MIN = 300;
const RECENTES_MAX = 1_500;
const PAR_PAGE = 100;

/** How many of the newest are read again each time, for what became of them: an answer comes within minutes. */
const NOUVELLES = 25;
/** What changes without passing through an open state (an accord that expires, a colleague's transfer) is seen after this time. */
const ENTIERE_MS = 10 * 60_000;

/** Reads pages, newest first, until `enough`. */
async function pages(
  etat: EtatDemande[] | undefined,
  enough: (read: readonly Demande[]) => boolean,
  limite = PAR_PAGE,
): Promise<Demande[]> {
  const read: Demande[] = [];
  let suivant: string | undefined;
  do {
    const page = await unwrap(api.GET("/v1/demandes", { params: { query: { limite, etat, suivant } } }));
    read.push(...(page.demandes as Demande[]));
    suivant = page.suivant ?? undefined;
  } while (suivant && !enough(read));
  return read;
}

/** As many as it takes to tell which refusals still wait for somebody. */
function enoughRecent(read: readonly Demande[]): boolean {
  const oldest = read.at(-1);
  const since = maintenant() - REFUS_JOURS * JOUR_MS;
  return read.length >= RECENTES_MAX || (read.length >= RECENTES_MIN && oldest !== undefined && Date.parse(oldest.creee_le) < since);
}

/** The work list as it was read, and when all of it was. */
export interface Lecture {
  demandes: Demande[];
  entiereLe: number;
}

/**
 * Reads the work list. Lists have no version to ask by, so of a list that is known only what can have changed by itself is asked for: what is open, and
 * what is new. One that is no longer open and not among the newest was closed by somebody: then all of it is read, as it is now and then anyway.
 */
export async function lireTravail(connue: Lecture | undefined): Promise<Lecture> {
  const ouvertes = await pages(OUVERTES, () => false);
  if (connue && maintenant() - connue.entiereLe < ENTIERE_MS) {
    const newest = connue.demandes[0]?.numero ?? 0;
    const nouvelles = await pages(undefined, (read) => (read.at(-1)?.numero ?? 0) <= newest, NOUVELLES);
    const lues = parId([...ouvertes, ...nouvelles]);
    const partie = connue.demandes.some(({ id, etat }) => OUVERTES.includes(etat) && !lues.has(id));
    if (!partie) return { demandes: ordonnees(parId([...connue.demandes, ...lues.values()])), entiereLe: connue.entiereLe };
  }
  const recentes = await pages(undefined, enoughRecent);
  return { demandes: ordonnees(parId([...ouvertes, ...recentes])), entiereLe: maintenant() };
}

/** Of two readings of one demande the later. */
const parId = (demandes: readonly Demande[]) => new Map(demandes.map((demande) => [demande.id, demande]));
const ordonnees = (demandes: ReadonlyMap<string, Demande>) => [...demandes.values()].sort((a, b) => b.numero - a.numero);

/** The demandes of the work list, newest first. */
export function useTravail() {
  const client = useQueryClient();
  return useQuery({
    queryKey: cles.travail,
    queryFn: () => {
      const state = client.getQueryState<Lecture>(cles.travail);
      // What was forgotten on purpose may have changed anywhere.
      return lireTravail(state?.isInvalidated ? undefined : state?.data);
    },
    select: ({ demandes }) => demandes,
    refetchInterval: 60_000,
  });
}

/** How many need a person, for the menu and the tab. */
export function useATraiter(): number {
  const { data } = useTravail();
  const minute = Math.ceil(maintenant() / 60_000);
  // A screen is drawn at each key; this goes through all demandes.
  return useMemo(() => data?.filter((demande) => groupe(demande, data, minute * 60_000) === "A_TRAITER").length ?? 0, [data, minute]);
}
