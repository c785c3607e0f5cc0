import { describe, expect, test } from "vitest";
import { fusionner, memeSaisie } from "./fusion";

const base = {
  version: 1,
  nom: "MONTFORT",
  prenom: null as string | null,
  nir: null as string | null,
  lignes: [{ numero: 1, prix: 1, ro_centimes: null as number | null }],
};

describe("fusionner", () => {
  test("what only I changed stays, what only the other changed comes in, what the server computes is the server's", () => {
    const mien = { ...base, prenom: "Fabienne", lignes: [{ numero: 1, prix: 2, ro_centimes: null }] };
    const autre = { ...base, version: 2, nom: "MONTFORT-LE BRIS", lignes: [{ numero: 1, prix: 1, ro_centimes: 137 }] };
    expect(fusionner(base, mien, autre)).toEqual({
      valeur: { version: 2, nom: "MONTFORT-LE BRIS", prenom: "Fabienne", nir: null, lignes: [{ numero: 1, prix: 2, ro_centimes: 137 }] },
      conflits: [],
    });
  });

  test("a field that both changed is a question, and mine stands until it is answered", () => {
    const { valeur, conflits } = fusionner(base, { ...base, nom: "A" }, { ...base, nom: "B" });
    expect(valeur.nom).toBe("A");
    expect(conflits).toEqual([{ pointeur: "/nom", mien: "A", autre: "B" }]);
  });

  test("both typed the same: no question", () => {
    expect(fusionner(base, { ...base, nom: "A" }, { ...base, nom: "A" }).conflits).toEqual([]);
  });

  test("lines are met by their number: one that I removed is gone, one that each added is two", () => {
    const deux = { ...base, lignes: [...base.lignes, { numero: 2, prix: 5, ro_centimes: null }] };
    const autre = { ...base, lignes: [...base.lignes, { numero: 2, prix: 7, ro_centimes: null }] };
    expect(fusionner(deux, base, deux).valeur.lignes).toEqual(base.lignes);
    expect(fusionner(base, deux, autre).valeur.lignes.map(({ numero, prix }) => [numero, prix])).toEqual([
      [1, 1],
      [2, 7],
      [3, 5],
    ]);
  });

  test("a line that I removed and the other changed stays: nothing of hers is lost", () => {
    const autre = { ...base, lignes: [{ numero: 1, prix: 9, ro_centimes: null }] };
    expect(fusionner(base, { ...base, lignes: [] }, autre).valeur.lignes).toEqual(autre.lignes);
  });

  test("a mask is no other's change", () => {
    const clair = { ...base, nir: "278052A00412358" };
    const { valeur, conflits } = fusionner(clair, { ...clair, nir: "178052A00412358" }, { ...clair, nir: "2 78 05 ** *** *** **" });
    expect([valeur.nir, conflits]).toEqual(["178052A00412358", []]);
  });
});

describe("memeSaisie", () => {
  test("absent and null are the same, computed fields do not count", () => {
    expect(memeSaisie({ a: null, version: 1 }, { version: 2 })).toBe(true);
    expect(memeSaisie({ a: 0 }, { a: null })).toBe(false);
    expect(memeSaisie(["ANTIREFLET"], ["ANTIREFLET", "DURCI"])).toBe(false);
  });
});
