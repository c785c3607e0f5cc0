import { expect, test } from "vitest";
import { deNom } from "./format";

test("a name elides « de » before a vowel and a mute h", () => {
  expect(["Amélie X", "Élodie", "Hélène", "Œuvrard", "Yves", "Yann", "Marie"].map(deNom)).toEqual([
    "d'Amélie X",
    "d'Élodie",
    "d'Hélène",
    "d'Œuvrard",
    "d'Yves",
    "de Yann",
    "de Marie",
  ]);
});
