import { expect, test } from "vitest";
import { clientVide, estGardable, poserMutuelle } from "./modele";

test("a mutuelle takes the lowest free rank; another one in its place keeps the rank and not the numbers", () => {
  const deux = poserMutuelle(poserMutuelle(clientVide(), null, "mut_1", null), null, "mut_2", "f");
  expect(deux.mutuelles.map(({ rang, mutuelle_id }) => [rang, mutuelle_id])).toEqual([
    [1, "mut_1"],
    [2, "mut_2"],
  ]);
  const numeros = { ...deux, mutuelles: deux.mutuelles.map((mutuelle) => ({ ...mutuelle, numero_adherent: "N" })) };
  expect(poserMutuelle(numeros, 1, "mut_3", null).mutuelles[1]).toMatchObject({ rang: 2, mutuelle_id: "mut_3", numero_adherent: null });
  expect(poserMutuelle(numeros, 1, "mut_2", "g").mutuelles[1]).toMatchObject({ forfait_id: "g", numero_adherent: "N" });
});

test("a name that was searched may be kept in the tab, a social security number not", () => {
  expect(estGardable("Mont")).toBe(true);
  expect(estGardable("2 78 05 2A 004")).toBe(false);
});
