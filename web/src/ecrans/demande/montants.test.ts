import { expect, test } from "vitest";
import type { Equipement, Ligne } from "@/api/types";
import { demande } from "./exemples";
import { aDesMontants, montants } from "./montants";

const ligne = (numero: number, designation: string, valeur_centimes: number, ro_centimes: number | null) =>
  ({ numero, designation, valeur_centimes, ro_centimes }) as Ligne;
const equipement = {
  numero: 1,
  lignes: [
    ligne(1, "Verre droit", 25_000, 137),
    ligne(2, "Verre gauche", 25_000, 137),
    ligne(3, "Monture", 21_400, 170),
    ligne(4, "Étui", 900, 0),
  ],
} as Equipement;
const accord = (rc: (number | null)[]) => demande({ lignes: rc.map((rc_centimes, index) => ({ numero: index + 1, rc_centimes })) });

test("the manual's dossier: 100.00 on each of three lines leaves 409.56 to pay", () => {
  const somme = montants(accord([10_000, 10_000, 10_000]), equipement);
  expect(somme.lignes.map(({ reste }) => reste)).toEqual([14_863, 14_863, 11_230]);
  expect(somme).toMatchObject({ valeur: 71_400, ro: 444, rc: 30_000, reste: 40_956 });
});

test("a line that was not sent is not in the answer", () => {
  expect(montants(accord([10_000, 10_000, 10_000]), equipement).lignes.map(({ designation }) => designation)).not.toContain("Étui");
});

test("an unknown amount makes what depends on it unknown, never 0", () => {
  const somme = montants(accord([10_000, null, 10_000]), equipement);
  expect(somme.lignes[1]).toMatchObject({ rc: null, reste: null });
  expect(somme).toMatchObject({ valeur: 71_400, rc: null, reste: null });
});

test("without a copy of what was sent the amounts of the mutuelle still stand", () => {
  const somme = montants(accord([10_000]), null);
  expect(somme.lignes).toEqual([{ numero: 1, designation: "Ligne 1", valeur: null, ro: null, rc: 10_000, reste: null }]);
  expect(somme.rc).toBe(10_000);
});

test("an answer of 0 € is an amount; silence is none", () => {
  expect(aDesMontants(accord([0, 0, 0]))).toBe(true);
  expect(aDesMontants(accord([null, null]))).toBe(false);
});
