import { describe, expect, it } from "vitest";
import type { Mouvement } from "@/api/types";
import { auteur, effet, libelle, signe } from "./mouvements";

const mouvement = (rest: Partial<Mouvement>): Mouvement =>
  ({ numero: 1, type: "RECHARGE", quantite: 1, solde: 0, demande_id: null, le: "", par: "", motif: null, ...rest }) as Mouvement;

describe("the effect of a movement on the credits that can be spent", () => {
  it("is given by its type, for the quantity is positive", () => {
    expect(effet(mouvement({ type: "RECHARGE", quantite: 100 }))).toBe(100);
    expect(effet(mouvement({ type: "RESERVATION" }))).toBe(-1);
    expect(effet(mouvement({ type: "RESTITUTION" }))).toBe(1);
  });

  it("is nothing when what was set aside is used", () => {
    expect(effet(mouvement({ type: "CONSOMMATION" }))).toBe(0);
  });

  it("is what a correction says, which alone may be negative", () => {
    expect(effet(mouvement({ type: "CORRECTION", quantite: -3 }))).toBe(-3);
  });
});

describe("a movement in words", () => {
  it("names what happened, and leads to the demande where there is one", () => {
    expect(libelle(mouvement({ type: "RESERVATION", demande_id: "dem_1" }))).toBe("Réservé pour");
    expect(libelle(mouvement({ type: "RECHARGE" }))).toBe("Recharge");
  });

  it("says who made it, without the length of an account's id", () => {
    expect(auteur("optopec", "moi")).toBe("automatique");
    expect(auteur("moi", "moi")).toBe("vous");
    expect(auteur("0f2b6c1e-1111-2222-3333-444455556666", "moi")).toBe("0f2b6c1e…");
  });

  it("has its sign", () => {
    expect([signe(100), signe(-1), signe(0)]).toEqual(["+100", "−1", "0"]);
  });
});
