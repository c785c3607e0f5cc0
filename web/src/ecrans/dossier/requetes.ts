/** What only the screens of clients and dossiers read. */
import { useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { cles } from "@/api/requetes";
import type { components } from "@/api/schema";
import type { Dossier, Reponse } from "@/api/types";

export type LigneLpp = Reponse<components["schemas"]["LigneLppDto"]>;

/** The LPP line of a code on a day. */
export const useLpp = (code: string | null, date: string) =>
  useQuery({
    queryKey: ["lpp", code, date],
    enabled: /^\d{7}$/.test(code ?? ""),
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () => unwrap(api.GET("/v1/referentiel/lpp", { params: { query: { code: code ?? "", date } } })) as Promise<LigneLpp>,
  });

/** The shop's newest dossiers. */
export const useDossiersRecents = () =>
  useQuery({
    queryKey: cles.dossiersRecents,
    staleTime: 30_000,
    queryFn: async () => (await unwrap(api.GET("/v1/dossiers", { params: { query: { limite: 50 } } }))).dossiers as Dossier[],
  });

/** The dossiers of a client, newest first. */
export const useDossiersDuClient = (client: string | null) =>
  useQuery({
    queryKey: cles.dossiersDuClient(client ?? ""),
    enabled: client !== null,
    staleTime: 30_000,
    queryFn: async () => {
      const query = { limite: 50, client_id: client ?? "" };
      return (await unwrap(api.GET("/v1/dossiers", { params: { query } }))).dossiers as Dossier[];
    },
  });
