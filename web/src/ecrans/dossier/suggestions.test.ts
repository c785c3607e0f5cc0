import { describe, expect, test } from "vitest";
import type { Demande, Dossier } from "@/api/types";
import { dossierVide } from "./modele";
import { demandeQuiFige, derniersNumeros, prescripteursHabituels } from "./suggestions";

const chez = (nom: string, rpps: string | null = null) =>
  ({ ...dossierVide("2026-11-21"), prescription: { prescripteur: { nom, prenom: "Paul", rpps } } }) as unknown as Dossier;
const avec = (id: string, date: string, mutuelle_id: string | null, numero_adherent: string | null): Dossier => {
  const vide = dossierVide(date);
  return { ...vide, id, tiers_payant: { ...vide.tiers_payant, mutuelle_id, numero_adherent } };
};

test("the usual prescribers come by how often they prescribe, with the RPPS that was typed once", () => {
  const found = prescripteursHabituels([chez("Durand"), chez("Besnainou"), chez("BESNAINOU", "10000000001"), dossierVide("2026-11-21")]);
  expect(found.map(({ nom, rpps }) => [nom, rpps])).toEqual([
    ["Besnainou", "10000000001"],
    ["Durand", null],
  ]);
});

describe("the numbers of the card", () => {
  const autres = [
    avec("dos_1", "2025-01-01", "mut_1", "OLD"),
    avec("dos_2", "2026-01-01", "mut_1", "NEW"),
    avec("dos_3", "2026-06-01", "mut_2", "X"),
  ];
  test("come from the client's newest dossier with the same mutuelle", () => {
    expect(derniersNumeros(avec("dos_9", "2026-11-21", "mut_1", null), autres)).toMatchObject({
      date: "2026-01-01",
      numeros: { numero_adherent: "NEW" },
    });
  });
  test("are not offered over numbers that are typed, nor without a mutuelle", () => {
    expect(derniersNumeros(avec("dos_9", "2026-11-21", "mut_1", "TYPED"), autres)).toBeNull();
    expect(derniersNumeros(avec("dos_9", "2026-11-21", null, null), autres)).toBeNull();
  });
});

test("a live PEC freezes its equipment, an answered cotation does not", () => {
  const demande = (nature: string, etat: string, equipement = 1) => ({ nature, etat, equipement }) as Demande;
  expect(demandeQuiFige([demande("PEC", "ACCORDEE")], 1)).toBeDefined();
  expect(demandeQuiFige([demande("COTATION", "ACCORDEE"), demande("PEC", "REFUSEE"), demande("PEC", "ANNULEE")], 1)).toBeUndefined();
  expect(demandeQuiFige([demande("COTATION", "EN_ATTENTE")], 1)).toBeDefined();
  expect(demandeQuiFige([demande("PEC", "EN_ATTENTE", 2)], 1)).toBeUndefined();
});
