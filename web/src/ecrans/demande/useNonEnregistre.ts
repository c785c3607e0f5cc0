/** « Dossier non enregistré » goes by itself once the dossier is saved: what stopped the order stands no more. */
import { useEffect, useRef } from "react";
import type { Versioned } from "@/api/client";
import { NonEnregistre } from "@/api/problemes";
import type { Dossier } from "@/api/types";

export function useNonEnregistre(dossier: Versioned<Dossier> | undefined, ...ordres: { error: unknown; reset: () => void }[]): void {
  const present = useRef(ordres);
  present.current = ordres;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new version is what tells of the save
  useEffect(() => {
    for (const { error, reset } of present.current) if (error instanceof NonEnregistre) reset();
  }, [dossier?.etag]);
}
