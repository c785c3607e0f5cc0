import { expect, test } from "vitest";
import type { Forfait } from "@/api/types";
import { choixForfait } from "./forfaits";

const forfait = (id: string, libelle: string, type: Forfait["type"]): Forfait =>
  ({ id, libelle, type, montant_centimes: null, pourcentage: null, assiette: null }) as Forfait;

test("« Variable » is offered once, whether the mutuelle has a forfait of that name or not", () => {
  const { vide, mots, lire } = choixForfait([
    forfait("variable", "Variable", "VARIABLE"),
    forfait("f1", "Fixe 100", "FIXE"),
    forfait("f2", "Selon contrat", "VARIABLE"),
  ]);
  expect([vide, ...Object.values(mots)]).toEqual(["Variable", "Fixe 100", "Selon contrat"]);
  expect(["variable", null, "f1", "f2"].map(lire)).toEqual(["", "", "f1", "f2"]);
});
