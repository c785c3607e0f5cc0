import { describe, expect, test } from "vitest";
import type { EtatDemande } from "@/api/types";
import { apres, demande, le } from "./exemples";
import { cheminDuChamp, cible, cleDemande, cleTransformation, course, deLEquipement, numeroDeLigne, parMessage, pecVivante } from "./suivi";

describe("the timer", () => {
  test("says at once that it was sent, after 15 s what is happening, after 60 s not to send again", () => {
    const evenements = [{ le: le(0), quoi: "TRANSMISE" as const, par: "optopec", detail: null }];
    const phrase = (secondes: number) => course(demande({ evenements }), apres(secondes))?.phrase ?? "";
    expect(phrase(0)).toContain("90 secondes");
    expect(phrase(14.9)).toBe(phrase(0));
    expect(phrase(15)).toContain("la mutuelle n'a pas encore répondu");
    expect(phrase(59.9)).toBe(phrase(15));
    expect(phrase(60)).toBe("Réponse inconnue, nous vérifions : ne renvoyez pas.");
  });

  test("a demande that nobody has sent yet is not said to be gone", () => {
    expect(course(demande(), apres(2))?.phrase).toBe("La demande est enregistrée et part : réponse attendue sous 90 secondes.");
    expect(course(demande(), apres(20))?.phrase).toMatch(/^La demande est enregistrée et part\. L'écran/);
  });

  test("an unknown outcome is said at once, however young the demande is", () => {
    expect(course(demande({ etat: "SANS_REPONSE" }), apres(3))?.phrase).toBe("Réponse inconnue, nous vérifions : ne renvoyez pas.");
  });

  test("what is proven not received is not called unknown, and is not to be sent again either", () => {
    const evenements = [{ le: le(70), quoi: "NON_RECUE" as const, par: "optopec", detail: null }];
    const phrase = course(demande({ evenements }), apres(75))?.phrase;
    expect(phrase).not.toContain("inconnue");
    expect(phrase).toContain("ne renvoyez pas");
  });

  test("counts whole seconds, never below none when the counter's clock is late", () => {
    expect(course(demande(), apres(12.7))?.secondes).toBe(12);
    expect(course(demande(), apres(-4))?.secondes).toBe(0);
  });

  test("stops with the answer", () => {
    for (const etat of ["EN_ATTENTE", "ACCORDEE", "REFUSEE", "NON_TRANSMISE", "A_VERIFIER", "ANNULEE"] as const)
      expect(course(demande({ etat }), apres(5))).toBeNull();
  });
});

describe("the live PEC", () => {
  test("is one that may still bind the mutuelle", () => {
    const vivants: EtatDemande[] = [
      "EN_TRANSMISSION",
      "SANS_REPONSE",
      "EN_ATTENTE",
      "ACCORDEE",
      "ACCORDEE_SOUS_RESERVE",
      "A_VERIFIER",
      "ANNULATION_EN_COURS",
    ];
    for (const etat of vivants) expect(pecVivante([demande({ etat })])?.etat).toBe(etat);
    for (const etat of ["REFUSEE", "NON_TRANSMISE", "ANNULEE", "EXPIREE"] as const) expect(pecVivante([demande({ etat })])).toBeNull();
  });

  test("is never a cotation", () => {
    expect(pecVivante([demande({ nature: "COTATION", etat: "ACCORDEE" })])).toBeNull();
  });
});

test("the demandes of an equipment come newest first", () => {
  const all = [demande({ numero: 3 }), demande({ numero: 5 }), demande({ numero: 9, equipement: 2 })];
  expect(deLEquipement(all, 1).map(({ numero }) => numero)).toEqual([5, 3]);
});

describe("the key of a demande", () => {
  const dossier = "dos_01KAPEC0000000000000000001";

  test("is the same for whoever sees the same state, and another once a newer demande is there", () => {
    const before = cleDemande("PEC", dossier, 1, []);
    expect(cleDemande("PEC", dossier, 1, [])).toBe(before);
    expect(cleDemande("PEC", dossier, 1, [demande({ numero: 373, etat: "REFUSEE" })])).not.toBe(before);
  });

  test("differs by nature and equipment", () => {
    const keys = [cleDemande("PEC", dossier, 1, []), cleDemande("COTATION", dossier, 1, []), cleDemande("PEC", dossier, 2, [])];
    expect(new Set(keys).size).toBe(3);
  });

  test("is short enough for the API, whatever the numbers", () => {
    const many = [demande({ numero: 9_999_999_999 })];
    for (const key of [cleDemande("COTATION", dossier, 999, many), cleTransformation(demande().id, many)]) {
      expect(key.length).toBeLessThanOrEqual(64);
      expect(key).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});

describe("where a fault is mended", () => {
  test("credits, conventions and the shop have screens of their own", () => {
    expect(cible("/magasin/credit")).toEqual({ ou: "page", chemin: "/credits" });
    expect(cible("/magasin/conventions")).toEqual({ ou: "page", chemin: "/mutuelles" });
    expect(cible("/magasin/finess")).toEqual({ ou: "page", chemin: "/reglages?champ=%2Fmagasin%2Ffiness" });
  });

  test("everything else stands in the dossier", () => {
    expect(cible("/tiers_payant/numero_adherent")).toEqual({ ou: "dossier", pointeur: "/tiers_payant/numero_adherent" });
    expect(cheminDuChamp("dos_1", 2, "/beneficiaire/nir")).toBe("/dossiers/dos_1?equipement=2&champ=%2Fbeneficiaire%2Fnir");
  });
});

test("the same fault of several lines is said once, with each line", () => {
  const faute = (champ: string, message: string) => ({ champ, code: "X", message });
  const all = [
    faute("/equipements/0/lignes/0/code_lpp", "Le tarif."),
    faute("/consentement", "Signez."),
    faute("/equipements/0/lignes/2/code_lpp", "Le tarif."),
  ];
  expect(parMessage(all)).toEqual([
    { message: "Le tarif.", champs: ["/equipements/0/lignes/0/code_lpp", "/equipements/0/lignes/2/code_lpp"] },
    { message: "Signez.", champs: ["/consentement"] },
  ]);
  expect(numeroDeLigne("/equipements/0/lignes/2/code_lpp", " : ")).toBe("Ligne 3 : ");
  expect(numeroDeLigne("/consentement", " : ")).toBe("");
});
