/**
 * « Actualiser » for many demandes: a few at a time, each with a key of its own that it keeps until it was answered, so that pressing again after a
 * failure asks nothing twice. What came of each is told; the answers of the mutuelles come later, and are looked for.
 */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { api, newKey, unwrap } from "@/api/client";
import { SessionTerminee } from "@/api/problemes";
import type { Demande } from "@/api/types";
import { announce } from "@/composants/Annonce";
import { pluriel } from "@/format/format";

export interface Echec {
  demande: Demande;
  error: unknown;
}

const A_LA_FOIS = 3;
/** The answer usually takes seconds: the list is read again after these. */
const RELECTURES_MS = [2_000, 6_000, 15_000];

export function useActualisation() {
  const client = useQueryClient();
  const keys = useRef(new Map<string, string>());
  const running = useRef(false);
  const timers = useRef<ReturnType<typeof setTimeout>[]>([]);
  const [avance, setAvance] = useState<{ faites: number; total: number } | null>(null);
  const [echecs, setEchecs] = useState<Echec[]>([]);

  useEffect(() => () => timers.current.forEach(clearTimeout), []);

  const start = useCallback(
    async (demandes: readonly Demande[]): Promise<Echec[]> => {
      if (running.current || demandes.length === 0) return [];
      running.current = true;
      setEchecs([]);
      setAvance({ faites: 0, total: demandes.length });
      const queue = [...demandes];
      const failed: Echec[] = [];
      let over = false;

      const worker = async () => {
        for (let demande = queue.shift(); demande && !over; demande = queue.shift()) {
          const key = keys.current.get(demande.id) ?? newKey();
          keys.current.set(demande.id, key);
          try {
            const params = { path: { id: demande.id }, header: { "Idempotency-Key": key } };
            await unwrap(api.POST("/v1/demandes/{id}/actualisation", { params }));
            keys.current.delete(demande.id);
          } catch (error) {
            failed.push({ demande, error });
            if (error instanceof SessionTerminee) over = true;
          }
          setAvance((avant) => avant && { ...avant, faites: avant.faites + 1 });
        }
      };

      try {
        await Promise.all(Array.from({ length: A_LA_FOIS }, worker));
      } finally {
        running.current = false;
        setAvance(null);
        setEchecs(failed);
      }
      const done = demandes.length - failed.length - queue.length;
      if (done > 0)
        announce(
          `${pluriel(done, "demande")} ${done < 2 ? "va être actualisée : sa réponse s'affichera d'elle-même" : "vont être actualisées : les réponses s'afficheront d'elles-mêmes"}.`,
        );
      const again = () => void client.invalidateQueries({ queryKey: ["demandes"] });
      again();
      timers.current.forEach(clearTimeout);
      timers.current = RELECTURES_MS.map((ms) => setTimeout(again, ms));
      return failed;
    },
    [client],
  );

  return { start, avance, echecs, oublier: useCallback(() => setEchecs([]), []) };
}
