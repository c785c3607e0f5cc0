/** « Télécharger »: the conventions, from the concentrator of this shop. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, newKey, unwrap } from "@/api/client";
import { cles } from "@/api/requetes";
import type { Rapport } from "@/api/types";

export function useTelechargement(onSuccess?: (rapport: Rapport) => void) {
  const client = useQueryClient();
  // The same key until it is done: a click repeated on a lost answer adopts the conventions once.
  const cle = useRef(newKey());
  return useMutation({
    mutationFn: () =>
      unwrap(api.POST("/v1/mutuelles/telechargement", { params: { header: { "Idempotency-Key": cle.current } } })) as Promise<Rapport>,
    onSuccess: (rapport) => {
      cle.current = newKey();
      void client.invalidateQueries({ queryKey: ["mutuelles"] });
      void client.invalidateQueries({ queryKey: cles.conditions });
      onSuccess?.(rapport);
    },
  });
}
