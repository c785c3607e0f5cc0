/** The figures of a period. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { cles } from "@/api/requetes";
import type { Statistiques } from "@/api/types";

export const useStatistiques = (du: string, au: string) =>
  useQuery({
    queryKey: cles.statistiques(du, au),
    queryFn: () => unwrap(api.GET("/v1/statistiques", { params: { query: { du, au } } })) as Promise<Statistiques>,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
