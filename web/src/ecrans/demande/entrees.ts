/** The entries of the ledger that are about one demande. */
import type { Demande, Mouvement } from "@/api/types";

interface Page {
  mouvements: Mouvement[];
  suivant: string | null;
}

export interface Entrees {
  /** Oldest first. */
  mouvements: Mouvement[];
  /** Whether they are all there: the ledger is not read back for ever. */
  entieres: boolean;
}

/** How far back the ledger is read, in pages of {@link PAR_PAGE}. */
export const PAGES_MAX = 10;
export const PAR_PAGE = 100;

/** Reads the ledger, newest first, back to where the demande begins: its credit is set aside when it is made, and nothing is written of it before. */
export async function lireEntrees(
  { id, creee_le }: Pick<Demande, "id" | "creee_le">,
  lire: (suivant: string | undefined) => Promise<Page>,
): Promise<Entrees> {
  const mouvements: Mouvement[] = [];
  let suivant: string | null = null;
  for (let page = 1; page <= PAGES_MAX; page += 1) {
    const lue = await lire(suivant ?? undefined);
    for (const mouvement of lue.mouvements) if (mouvement.demande_id === id) mouvements.unshift(mouvement);
    const oldest = lue.mouvements.at(-1);
    const before = oldest === undefined || Date.parse(oldest.le) < Date.parse(creee_le);
    if (before || mouvements[0]?.type === "RESERVATION" || lue.suivant === null) return { mouvements, entieres: true };
    suivant = lue.suivant;
  }
  return { mouvements, entieres: false };
}
