import { expect, test } from "vitest";
import { ouEst } from "./ou";

test("what is wrong with the shop is mended in its identity, a switch among the switches", () => {
  expect(ouEst("/magasin/finess")).toEqual({ onglet: "magasin", candidats: ["/finess"] });
  expect(ouEst("/magasin/opticien/telephone")).toEqual({ onglet: "magasin", candidats: ["/opticien/telephone"] });
  expect(ouEst("/magasin/transmission/verre_surface")).toMatchObject({ onglet: "transmission" });
  expect(ouEst("/magasin/transmission/verre_surface").candidats[0]).toBe("/magasin/transmission/verre_surface");
});

test("a fault of the switches as a whole leads to the first of them", () => {
  expect(ouEst("/magasin/transmission").candidats).toContain("/magasin/transmission/beneficiaire_nir");
});
