/** What a person orders about a demande, and what is known anew once it took effect. */
import type { QueryClient } from "@tanstack/react-query";
import { api, unwrapVersioned, type Versioned } from "@/api/client";
import { NonEnregistre } from "@/api/problemes";
import { afterDemande, cles } from "@/api/requetes";
import type { Demande, Dossier, Envoi, Nature } from "@/api/types";

/** Writes all that is typed; what is saved then, or `null` if it could not be. */
export type Enregistrer = () => Promise<Versioned<Dossier> | null>;

const params = (id: string, key: string) => ({ path: { id }, header: { "Idempotency-Key": key } });

export const demander = (dossier: string, nature: Nature, equipement: number, key: string) =>
  unwrapVersioned<Demande>(api.POST("/v1/dossiers/{id}/demandes", { params: params(dossier, key), body: { nature, equipement } }));

export const actualiser = (id: string, key: string) =>
  unwrapVersioned<Demande>(api.POST("/v1/demandes/{id}/actualisation", { params: params(id, key) }));

export const annuler = (id: string, motif: string, key: string) =>
  unwrapVersioned<Demande>(api.POST("/v1/demandes/{id}/annulation", { params: params(id, key), body: { motif } }));

export const transferer = (id: string, key: string) =>
  unwrapVersioned<Dossier>(api.POST("/v1/demandes/{id}/transfert", { params: params(id, key) }));

export const transformer = (id: string, key: string) =>
  unwrapVersioned<Demande>(api.POST("/v1/demandes/{id}/transformation", { params: params(id, key) }));

export const decider = (id: string, body: Envoi<"DecisionDto">, key: string) =>
  unwrapVersioned<Demande>(api.POST("/v1/demandes/{id}/decision", { params: params(id, key), body }));

/** Saves what is typed before what rests on the saved dossier. */
export async function enregistre(enregistrer: Enregistrer): Promise<Versioned<Dossier>> {
  const saved = await enregistrer();
  if (saved === null) throw new NonEnregistre();
  return saved;
}

/** The answer of a repeated key is as old as its first run: what is newer stays. */
const newer =
  <T extends { version: number }>(next: Versioned<T>) =>
  (known: Versioned<T> | undefined) =>
    known && known.value.version > next.value.version ? known : next;

/** Shows the demande as the server has just answered it, and reads again what depends on it. */
export async function noteDemande(client: QueryClient, next: Versioned<Demande>): Promise<void> {
  client.setQueryData<Versioned<Demande>>(cles.demande(next.value.id), newer(next));
  await afterDemande(client, next.value);
}

/** Likewise a dossier. */
export async function noteDossier(client: QueryClient, next: Versioned<Dossier>): Promise<void> {
  client.setQueryData<Versioned<Dossier>>(cles.dossier(next.value.id), newer(next));
  await client.invalidateQueries({ queryKey: ["dossiers", "verification", next.value.id] });
}
