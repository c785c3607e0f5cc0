import { describe, expect, it } from "vitest";
import { enumerer, nomDuChamp, prend, valeurForfait } from "./mots";

describe("the words of a mutuelle", () => {
  it("names a field as the screen does", () => {
    expect(nomDuChamp("/adresse/code_postal")).toBe("Code postal");
    expect(nomDuChamp("/regimes/1/code")).toBe("Régime 2, code");
    expect(nomDuChamp("/forfaits")).toBe("Fiche");
  });

  it("takes contact lenses only where the column says OPT/LEN", () => {
    expect([prend("OPT_LEN", "LEN"), prend("OPT", "LEN"), prend("OPT", "OPT"), prend("NON", "OPT")]).toEqual([true, false, true, false]);
  });

  it("tells what a forfait gives, « Variable » by the answer alone", () => {
    const vide = { montant_centimes: null, pourcentage: null, assiette: null };
    expect(valeurForfait({ ...vide, type: "VARIABLE" })).toBe("selon la réponse de la mutuelle");
    expect(valeurForfait({ ...vide, type: "FIXE", montant_centimes: 12_050 }).replace(/\s/g, " ")).toBe("120,50 €");
    expect(valeurForfait({ ...vide, type: "POURCENTAGE", pourcentage: "12.5", assiette: "TARIF" })).toBe("12,5 % du tarif");
  });

  it("enumerates with « et » before the last", () => {
    expect([enumerer([]), enumerer(["a"]), enumerer(["a", "b", "c"])]).toEqual(["", "a", "a, b et c"]);
  });
});
