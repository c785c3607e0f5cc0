/**
 * The work list: which demandes need a person, which run by themselves, which are done.
 *
 * A refusal needs a person until somebody asked again for the same equipment; whatever waits needs her once the delay that the mutuelle gave is over.
 */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "./client";
import { maintenant } from "./horloge";
import { cles } from "./requetes";
import type { Demande, EtatDemande } from "./types";

export type Groupe = "A_TRAITER" | "EN_COURS" | "TERMINEES";

/** Without an answer for so long, a demande is looked at by a person: the promise of 90 s is long over. */
const SANS_REPONSE_MS = 10 * 60_000;
/** What the mutuelles say when they say nothing: 48 to 72 h (manual, « en attente »). */
const DELAI_HEURES = 72;

/** Whether a later demande about the same equipment took this one's place. */
const replaced = (demande: Demande, all: readonly Demande[]): boolean =>
  all.some((other) => other.dossier_id === demande.dossier_id && other.equipement === demande.equipement && other.numero > demande.numero);

/** Whether it is waiting longer than it was said to take. */
export function enRetard(demande: Demande, maintenant: number): boolean {
  const since = maintenant - Date.parse(demande.creee_le);
  switch (demande.etat) {
    case "EN_ATTENTE":
      return since > (demande.delai_heures ?? DELAI_HEURES) * 3_600_000;
    case "SANS_REPONSE":
    case "EN_TRANSMISSION":
    case "ANNULATION_EN_COURS":
      return maintenant - Date.parse(demande.derniere_actualisation ?? demande.creee_le) > SANS_REPONSE_MS;
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
    case "A_VERIFIER":
      return "A_TRAITER";
    case "REFUSEE":
    case "NON_TRANSMISE":
      return demande.effacee_le || replaced(demande, all) ? "TERMINEES" : "A_TRAITER";
    case "SANS_REPONSE":
    case "EN_ATTENTE":
    case "EN_TRANSMISSION":
    case "ANNULATION_EN_COURS":
      return enRetard(demande, maintenant) ? "A_TRAITER" : "EN_COURS";
    case "ACCORDEE":
    case "ACCORDEE_SOUS_RESERVE":
    case "ANNULEE":
    case "EXPIREE":
      return "TERMINEES";
  }
}

/** What waits for somebody or something: all of it is in the list, however old. */
const OUVERTES: readonly EtatDemande[] = ["EN_TRANSMISSION", "SANS_REPONSE", "EN_ATTENTE", "A_VERIFIER", "ANNULATION_EN_COURS"];
/** How many of the newest, in whatever state, stand beside them. */
const RECENTES = 300;

async function pages(etat: readonly EtatDemande[] | null, max: number): Promise<Demande[]> {
  const read: Demande[] = [];
  let suivant: string | undefined;
  do {
    const query = { limite: 100, ...(etat ? { etat: [...etat] } : {}), ...(suivant ? { suivant } : {}) };
    const page = await unwrap(api.GET("/v1/demandes", { params: { query } }));
    read.push(...(page.demandes as Demande[]));
    suivant = page.suivant ?? undefined;
  } while (suivant && read.length < max);
  return read;
}

/** The demandes of the work list, newest first. */
export const useTravail = () =>
  useQuery({
    queryKey: cles.travail,
    queryFn: async () => {
      const [ouvertes, recentes] = await Promise.all([pages(OUVERTES, Number.POSITIVE_INFINITY), pages(null, RECENTES)]);
      const byId = new Map([...ouvertes, ...recentes].map((demande) => [demande.id, demande]));
      return [...byId.values()].sort((a, b) => b.numero - a.numero);
    },
    refetchInterval: 60_000,
  });

/** How many need a person, for the menu and the tab. */
export function useATraiter(): number {
  const demandes = useTravail().data ?? [];
  const now = maintenant();
  return demandes.filter((demande) => groupe(demande, demandes, now) === "A_TRAITER").length;
}
