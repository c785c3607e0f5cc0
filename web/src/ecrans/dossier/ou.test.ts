import { expect, test } from "vitest";
import { candidats, ouEst } from "./ou";

test("every fault of the pre-flight check has its place on the screen", () => {
  expect(ouEst("/beneficiaire/nir")).toMatchObject({ onglet: "prescription" });
  expect(ouEst("/prescription/prescripteur/nom")).toMatchObject({ onglet: "prescription" });
  expect(ouEst("/tiers_payant/numero_adherent")).toMatchObject({ onglet: "tiers-payant" });
  expect(ouEst("/consentement")).toMatchObject({ onglet: "tiers-payant" });
  expect(ouEst("/equipements/1/taux_ro_manuel")).toMatchObject({ onglet: "equipements", equipement: 1, ligne: null });
  expect(ouEst("/equipements/1/rc_manuel_centimes")).toMatchObject({ onglet: "tiers-payant", equipement: 1 });
  expect(ouEst("/equipements/0/lignes/2/code_lpp")).toEqual({ onglet: "equipements", equipement: 0, ligne: 2, detail: false });
  expect(ouEst("/equipements/0/lignes/2/surface")).toEqual({ onglet: "equipements", equipement: 0, ligne: 2, detail: true });
  expect(ouEst("/equipements/0/lignes")).toMatchObject({ onglet: "equipements", equipement: 0, ligne: null });
});

test("what is not of the dossier is elsewhere", () => {
  expect(ouEst("/magasin/finess")).toBeNull();
});

test("a fault of a whole line is shown at its first words", () => {
  expect(candidats("/equipements/0/lignes/1")).toContain("/equipements/0/lignes/1/designation");
  expect(candidats("/equipements/0/lignes/1/traitements/0")).toContain("/equipements/0/lignes/1/traitements");
});

test("a fault of a whole person is shown at her name", () => {
  expect(candidats("/beneficiaire")).toContain("/beneficiaire/nom");
});
