import { expect, test, vi } from "vitest";
import type { Mouvement } from "@/api/types";
import { lireEntrees, PAGES_MAX } from "./entrees";
import { demande, le } from "./exemples";

const DEMANDE = demande();

const mouvement = (numero: number, type: Mouvement["type"], secondes: number, demande_id: string | null = null): Mouvement => ({
  numero,
  type,
  quantite: 1,
  solde: 10,
  demande_id,
  le: le(secondes),
  par: "optopec",
  motif: null,
});

/** A ledger in pages of two, newest first. */
const livre = (mouvements: Mouvement[]) =>
  vi.fn(async (suivant: string | undefined) => {
    const from = Number(suivant ?? 0);
    return { mouvements: mouvements.slice(from, from + 2), suivant: from + 2 < mouvements.length ? String(from + 2) : null };
  });

test("the entries of a demande that is no longer among the newest are found, oldest first", async () => {
  const lire = livre([
    mouvement(9, "RESERVATION", 900),
    mouvement(8, "RESERVATION", 800),
    mouvement(7, "CONSOMMATION", 700, DEMANDE.id),
    mouvement(6, "RESERVATION", 600),
    mouvement(5, "RESERVATION", 0, DEMANDE.id),
    mouvement(4, "RECHARGE", -100),
    mouvement(3, "RECHARGE", -200),
  ]);
  const { mouvements, entieres } = await lireEntrees(DEMANDE, lire);
  expect(mouvements.map(({ numero }) => numero)).toEqual([5, 7]);
  expect(entieres).toBe(true);
  expect(lire).toHaveBeenCalledTimes(3);
});

test("the ledger is not read beyond the moment at which the demande was made", async () => {
  const lire = livre([mouvement(3, "RECHARGE", 10), mouvement(2, "RECHARGE", -10), mouvement(1, "RECHARGE", -20)]);
  expect(await lireEntrees(DEMANDE, lire)).toEqual({ mouvements: [], entieres: true });
  expect(lire).toHaveBeenCalledTimes(1);
});

test("a ledger that is too long is read to a limit, and that is said", async () => {
  const lire = livre(Array.from({ length: 100 }, (_, i) => mouvement(100 - i, "RECHARGE", 1_000)));
  expect(await lireEntrees(DEMANDE, lire)).toEqual({ mouvements: [], entieres: false });
  expect(lire).toHaveBeenCalledTimes(PAGES_MAX);
});
