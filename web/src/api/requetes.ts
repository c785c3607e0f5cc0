/**
 * What the screens read: one hook for each thing, one key for each, and how fresh it must be.
 *
 * Nothing is ever guessed about a mutuelle's decision or a debit: after each write the things that it may have changed are read again.
 */
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, ifChanged, unwrap, unwrapVersioned, type Versioned } from "./client";
import { maintenant } from "./horloge";
import type { Client, Conditions, Credits, Demande, Dossier, EntreeMutuelle, Magasin, Mutuelle, Nature, Verification } from "./types";

/** The keys of what is read, widest first: forgetting `["demandes"]` forgets every demande. */
export const cles = {
  magasin: ["magasin"] as const,
  conditions: ["conditions"] as const,
  credits: ["credits"] as const,
  mouvements: ["credits", "mouvements"] as const,
  statistiques: (du: string, au: string) => ["statistiques", du, au] as const,
  index: ["mutuelles", "index"] as const,
  mutuelle: (id: string) => ["mutuelles", "une", id] as const,
  client: (id: string) => ["clients", id] as const,
  dossier: (id: string) => ["dossiers", "un", id] as const,
  dossiersDuClient: (id: string) => ["dossiers", "client", id] as const,
  dossiersRecents: ["dossiers", "recents"] as const,
  verification: (id: string, equipement: number, nature: string) => ["dossiers", "verification", id, equipement, nature] as const,
  demande: (id: string) => ["demandes", "une", id] as const,
  demandesDuDossier: (id: string) => ["demandes", "dossier", id] as const,
  travail: ["demandes", "travail"] as const,
};

/** The shop, with its version. */
export function useMagasin() {
  const client = useQueryClient();
  return useQuery({
    queryKey: cles.magasin,
    queryFn: () => {
      const known = client.getQueryData<Versioned<Magasin>>(cles.magasin);
      return unwrapVersioned<Magasin>(api.GET("/v1/magasin", { headers: ifChanged(known) }), known);
    },
    staleTime: 60_000,
  });
}

/** What the shop still needs before it can ask for a PEC. */
export const useConditions = () =>
  useQuery({ queryKey: cles.conditions, queryFn: () => unwrap(api.GET("/v1/magasin/conditions")) as Promise<Conditions> });

/** The credits: always in view, so read again every minute. */
export const useCredits = () =>
  useQuery({ queryKey: cles.credits, queryFn: () => unwrap(api.GET("/v1/credits")) as Promise<Credits>, refetchInterval: 60_000 });

/** The whole list of mutuelles in compact form, loaded once and searched in the browser. */
export function useIndexMutuelles() {
  const client = useQueryClient();
  return useQuery({
    queryKey: cles.index,
    queryFn: async () => {
      const known = client.getQueryData<Versioned<{ mutuelles: EntreeMutuelle[] }>>(cles.index);
      return unwrapVersioned<{ mutuelles: EntreeMutuelle[] }>(api.GET("/v1/mutuelles/index", { headers: ifChanged(known) }), known);
    },
    staleTime: 5 * 60_000,
    gcTime: Number.POSITIVE_INFINITY,
  });
}

/** One mutuelle, with its forfaits and what it requires. */
export function useMutuelle(id: string | null) {
  const client = useQueryClient();
  return useQuery({
    queryKey: cles.mutuelle(id ?? ""),
    enabled: id !== null,
    queryFn: () => {
      const known = client.getQueryData<Versioned<Mutuelle>>(cles.mutuelle(id ?? ""));
      return unwrapVersioned<Mutuelle>(
        api.GET("/v1/mutuelles/{id}", { params: { path: { id: id ?? "" } }, headers: ifChanged(known) }),
        known,
      );
    },
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
}

/** One client. A read shows a NIR in clear and is noted by the server: it is asked for once, not at each focus. */
export const useClient = (id: string | null) =>
  useQuery({
    queryKey: cles.client(id ?? ""),
    enabled: id !== null,
    queryFn: () => unwrapVersioned<Client>(api.GET("/v1/clients/{id}", { params: { path: { id: id ?? "" } } })),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });

/** One dossier; like {@link useClient}. */
export function useDossier(id: string | null) {
  const client = useQueryClient();
  return useQuery({
    queryKey: cles.dossier(id ?? ""),
    enabled: id !== null,
    queryFn: () => {
      const known = client.getQueryData<Versioned<Dossier>>(cles.dossier(id ?? ""));
      return unwrapVersioned<Dossier>(
        api.GET("/v1/dossiers/{id}", { params: { path: { id: id ?? "" } }, headers: ifChanged(known) }),
        known,
      );
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
}

/** The demandes of a dossier, newest first. */
export const useDemandesDuDossier = (id: string | null) =>
  useQuery({
    queryKey: cles.demandesDuDossier(id ?? ""),
    enabled: id !== null,
    queryFn: async () => {
      const { demandes } = await unwrap(api.GET("/v1/demandes", { params: { query: { dossier_id: id ?? "", limite: 100 } } }));
      return demandes as Demande[];
    },
  });

const PROMESSE_MS = 90_000;
/** How long the first question about a lost answer may take, from the ninetieth second on. */
const QUESTION_MS = 30_000;

/** Whether something about it is expected soon: an answer, the end of a cancellation, or the news that somebody has just asked for. */
function runs({ etat, evenements, derniere_actualisation }: Demande): boolean {
  if (etat === "EN_TRANSMISSION" || etat === "SANS_REPONSE" || etat === "ANNULATION_EN_COURS") return true;
  const dernier = evenements?.at(-1);
  if (dernier?.quoi !== "ACTUALISATION_DEMANDEE") return false;
  return derniere_actualisation === null || Date.parse(derniere_actualisation) < Date.parse(dernier.le);
}

/**
 * How long to wait before a demande is asked for again, in milliseconds: every second for ten, every three up to the promised ninety, then only
 * when somebody looks again. Each event begins the count anew: after a call that was cut the first question goes out only at ninety seconds.
 */
export function nextPoll(demande: Demande | undefined, maintenant: number): number | false {
  if (!demande || !runs(demande)) return false;
  const derniere = demande.evenements?.at(-1)?.le ?? demande.creee_le;
  const age = maintenant - Math.max(Date.parse(demande.creee_le), Date.parse(derniere));
  if (age < 10_000) return 1_000;
  const asked = demande.etat === "SANS_REPONSE" && maintenant - Date.parse(demande.creee_le) < PROMESSE_MS + QUESTION_MS;
  return asked || age < PROMESSE_MS ? 3_000 : false;
}

/** One demande, followed while it runs; a hidden page asks nothing. */
export function useDemande(id: string | null) {
  const client = useQueryClient();
  return useQuery({
    queryKey: cles.demande(id ?? ""),
    enabled: id !== null,
    queryFn: async () => {
      const known = client.getQueryData<Versioned<Demande>>(cles.demande(id ?? ""));
      const read = await unwrapVersioned<Demande>(
        api.GET("/v1/demandes/{id}", { params: { path: { id: id ?? "" } }, headers: ifChanged(known) }),
        known,
      );
      if (known && read.value.etat !== known.value.etat) await afterDemande(client, read.value);
      return read;
    },
    refetchInterval: (query) => nextPoll(query.state.data?.value, maintenant()),
    refetchOnWindowFocus: "always",
  });
}

/** What a step of a demande may have changed elsewhere is read again. */
export async function afterDemande(client: QueryClient, demande: Demande): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: cles.credits }),
    client.invalidateQueries({ queryKey: cles.demandesDuDossier(demande.dossier_id) }),
    client.invalidateQueries({ queryKey: cles.travail }),
    client.invalidateQueries({ queryKey: ["dossiers", "verification", demande.dossier_id] }),
    // The amounts of a cancelled PEC leave the dossier.
    demande.etat === "ANNULEE" ? client.invalidateQueries({ queryKey: cles.dossier(demande.dossier_id) }) : null,
  ]);
}

/** The pre-flight of an equipment, read again with each version of its dossier. */
export const useVerification = (dossier: Versioned<Dossier> | undefined, equipement: number, nature: Nature, enabled = true) =>
  useQuery({
    queryKey: [...cles.verification(dossier?.value.id ?? "", equipement, nature), dossier?.etag],
    enabled: enabled && dossier !== undefined,
    queryFn: async () => {
      const params = { path: { id: dossier?.value.id ?? "" }, query: { equipement, nature } };
      return (await unwrap(api.GET("/v1/dossiers/{id}/verification", { params }))) as Verification;
    },
    placeholderData: keepPreviousData,
  });
