import { describe, expect, it } from "vitest";
import type { EntreeMutuelle, Pec } from "@/api/types";
import { FRAPPES, listeDEssai } from "./liste.fixture";
import { chercher, indexer, plier } from "./recherche";

const entree = (nom: string, plateau: string | null = null, pec: Pec = "NON", retiree = false): EntreeMutuelle => ({
  id: nom,
  nom,
  plateau,
  identifiant: plateau,
  pec,
  retiree,
});

const LISTE = [
  entree("ADPR", "75809426", "OPT_LEN"),
  entree("AG2R LA MONDIALE", "00401737", "OPT_LEN"),
  entree("ALPTIS ASSURANCES"),
  entree("Harmonie Mutuelle", "00403222", "OPT"),
  entree("La Mutuelle Générale"),
  entree("M.G.E.N."),
  entree("Malakoff Humanis"),
  entree("Mutuelle Générale de l'Œil", "12345678", "OPT_LEN"),
];
const index = indexer(LISTE);
const noms = (q: string, pec: Pec | null = null) => chercher(index, q, pec).map(({ nom }) => nom);

describe("search of a mutuelle", () => {
  it("finds a part of the name, the beginning of the name first, then of a word", () => {
    expect(noms("mutuelle")).toEqual(["Mutuelle Générale de l'Œil", "Harmonie Mutuelle", "La Mutuelle Générale"]);
    expect(noms("monde")).toEqual(["AG2R LA MONDIALE"]);
    expect(noms("ssur")).toEqual(["ALPTIS ASSURANCES"]);
  });

  it("puts what only stands inside a word behind what begins one, and a mistake behind both", () => {
    const index = indexer([entree("Solidaris"), entree("Consol"), entree("Le Sol"), entree("Sil Santé")]);
    expect(chercher(index, "sol").map(({ nom }) => nom)).toEqual(["Solidaris", "Le Sol", "Consol", "Sil Santé"]);
  });

  it("needs neither accents nor capitals nor ligatures, nor the order of the words", () => {
    expect(noms("MUTUELLE GENERALE")).toEqual(["Mutuelle Générale de l'Œil", "La Mutuelle Générale"]);
    expect(noms("générale mutuelle")).toEqual(["La Mutuelle Générale", "Mutuelle Générale de l'Œil"]);
    expect(noms("oeil")).toEqual(["Mutuelle Générale de l'Œil"]);
    expect(plier("  Mutuelle  GÉNÉRALE de l'Œil (ex-Santé) ")).toBe("mutuelle generale de l oeil ex sante");
  });

  it("finds a plateau or an identifiant by a part of it, its beginning first", () => {
    expect(noms("75809426")).toEqual(["ADPR"]);
    expect(noms("0040")).toEqual(["AG2R LA MONDIALE", "Harmonie Mutuelle"]);
    expect(noms("9426")).toEqual(["ADPR"]);
    expect(noms("harmonie 00403222")).toEqual(["Harmonie Mutuelle"]);
  });

  it.each(["adrp", "apdr", "adpe", "adppr", "adr"])("forgives the typing mistake of « %s »", (q) => {
    expect(noms(q)).toEqual(["ADPR"]);
  });

  it("forgives a mistake in a word that is still being typed", () => {
    expect(noms("harmoi")).toEqual(["Harmonie Mutuelle"]);
    expect(noms("malakof humnis")).toEqual(["Malakoff Humanis"]);
  });

  it("reads initials and words run together", () => {
    expect(noms("mgen")).toEqual(["M.G.E.N."]);
    expect(noms("mutu elle generale")).toEqual(["La Mutuelle Générale", "Mutuelle Générale de l'Œil"]);
  });

  it("gives nothing where a word is nowhere", () => {
    expect(noms("harmonie générale")).toEqual([]);
    expect(noms("zzz")).toEqual([]);
  });

  it("shows all by name where nothing is typed, those that left the conventions last", () => {
    const index = indexer([entree("Zélie"), entree("Abeille", null, "NON", true), entree("Éole")]);
    expect(chercher(index, " ").map(({ nom }) => nom)).toEqual(["Éole", "Zélie", "Abeille"]);
  });

  it("keeps only one kind of PEC when asked", () => {
    expect(noms("mutuelle", "OPT")).toEqual(["Harmonie Mutuelle"]);
    expect(noms("", "OPT_LEN")).toEqual(["ADPR", "AG2R LA MONDIALE", "Mutuelle Générale de l'Œil"]);
  });

  it("finds each of 3,000 mutuelles by her whole name and by her plateau", () => {
    const liste = listeDEssai();
    const index = indexer(liste);
    for (const { nom, plateau, id } of liste.filter((_, i) => i % 50 === 0)) {
      expect(chercher(index, nom).some((found) => found.id === id)).toBe(true);
      if (plateau)
        expect(chercher(index, plateau)[0]?.plateau === plateau || chercher(index, plateau)[0]?.identifiant === plateau).toBe(true);
    }
  });

  it("takes less than 5 ms a key over 3,000 mutuelles (median, warm)", () => {
    const index = indexer(listeDEssai());
    for (const q of FRAPPES) chercher(index, q);
    const durees = FRAPPES.concat(FRAPPES, FRAPPES).map((q) => {
      const debut = performance.now();
      chercher(index, q);
      return performance.now() - debut;
    });
    durees.sort((a, b) => a - b);
    expect(durees[Math.floor(durees.length / 2)]).toBeLessThan(5);
  });
});
