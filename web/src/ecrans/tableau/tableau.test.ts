import { describe, expect, it } from "vitest";
import { delai, motifs, type ParMutuelle, pourcent, total, trier } from "./chiffres";
import { debutDeMois, moisEntre, readPeriode } from "./periode";

const AUJOURDHUI = "2026-11-22";
const periode = (query: string) => readPeriode(new URLSearchParams(query), AUJOURDHUI);

describe("the period", () => {
  it("is this month and the two before where nothing is said", () => {
    expect(periode("")).toEqual({ choix: "3mois", du: "2026-09-01", au: AUJOURDHUI });
    expect(periode("periode=siecle")).toEqual(periode(""));
  });

  it("is whole months up to today", () => {
    expect(periode("periode=mois").du).toBe("2026-11-01");
    expect(periode("periode=12mois").du).toBe("2025-12-01");
  });

  it("is what was typed, and a day that does not exist is not taken", () => {
    expect(periode("periode=dates&du=2026-01-15&au=2026-02-10")).toEqual({ choix: "dates", du: "2026-01-15", au: "2026-02-10" });
    expect(periode("periode=dates&du=2026-02-30&au=2026-02-10").du).toBe("2026-02-01");
  });

  it("has all its months, also those in which nothing happened", () => {
    expect(moisEntre("2025-11-15", "2026-02-01")).toEqual(["2025-11", "2025-12", "2026-01", "2026-02"]);
    expect(debutDeMois("2026-01-31", 1)).toBe("2025-12-01");
  });
});

const ligne = (rest: Partial<ParMutuelle>): ParMutuelle => ({
  mutuelle_id: "mut_1",
  nom: "ADPR",
  demandes: 0,
  accordees: 0,
  refusees: 0,
  acceptation_centiemes: null,
  delai_median_secondes: null,
  delai_p90_secondes: null,
  refus: [],
  montant_accorde_centimes: 0,
  ...rest,
});

describe("the figures", () => {
  it("say hundredths of a per cent as a per cent", () => {
    expect(pourcent(10_000)).toBe("100\u00a0%");
    expect(pourcent(6_666)).toBe("66,7\u00a0%");
  });

  it("say a time to answer in words", () => {
    expect(delai(0)).toBe("moins d'1 s");
    expect(delai(48 * 3_600)).toBe("2 j");
  });

  it("put what is not known last, whichever way they are sorted", () => {
    const lignes = [ligne({ nom: "A" }), ligne({ nom: "B", acceptation_centiemes: 100 }), ligne({ nom: "C", acceptation_centiemes: 200 })];
    expect(trier(lignes, "acceptation", true).map(({ nom }) => nom)).toEqual(["C", "B", "A"]);
    expect(trier(lignes, "acceptation", false).map(({ nom }) => nom)).toEqual(["B", "C", "A"]);
  });

  it("take the rate of all from the counts, not from the rates", () => {
    const all = total([ligne({ demandes: 4, accordees: 3, refusees: 1 }), ligne({ demandes: 2, accordees: 0, refusees: 1 })]);
    expect(all).toMatchObject({ demandes: 6, accordees: 3, refusees: 2, acceptation_centiemes: 6_000 });
    expect(total([]).acceptation_centiemes).toBeNull();
  });

  it("add up the reasons of refusal over the mutuelles", () => {
    const lignes = [
      ligne({ nom: "A", refus: [{ code: "MUT-02", nombre: 1 }] }),
      ligne({
        nom: "B",
        refus: [
          { code: "MUT-02", nombre: 2 },
          { code: "PLT-11", nombre: 1 },
        ],
      }),
    ];
    expect(motifs(lignes)).toEqual([
      {
        code: "MUT-02",
        nombre: 3,
        mutuelles: [
          { nom: "B", nombre: 2 },
          { nom: "A", nombre: 1 },
        ],
      },
      { code: "PLT-11", nombre: 1, mutuelles: [{ nom: "B", nombre: 1 }] },
    ]);
  });
});
