import { describe, expect, test } from "vitest";
import { apres, demande, le } from "@/ecrans/demande/exemples";
import { nextPoll } from "./requetes";

describe("how often a demande is asked for", () => {
  test("every second for 10 s, every 3 s up to 90 s, then only on focus", () => {
    expect(nextPoll(demande(), apres(0))).toBe(1_000);
    expect(nextPoll(demande(), apres(9.9))).toBe(1_000);
    expect(nextPoll(demande(), apres(10))).toBe(3_000);
    expect(nextPoll(demande(), apres(89))).toBe(3_000);
    expect(nextPoll(demande(), apres(90))).toBe(false);
  });

  test("a call that was cut is followed until the question of the ninetieth second is answered", () => {
    const evenements = [{ le: le(60), quoi: "SANS_REPONSE" as const, par: "optopec", detail: null }];
    expect(nextPoll(demande({ etat: "SANS_REPONSE", evenements }), apres(95))).toBe(3_000);
    expect(nextPoll(demande({ etat: "SANS_REPONSE", evenements }), apres(150))).toBe(false);
  });

  test("a call that was cut at once is followed as long: that question is not answered in the same second", () => {
    const evenements = [{ le: le(1), quoi: "SANS_REPONSE" as const, par: "optopec", detail: null }];
    expect(nextPoll(demande({ etat: "SANS_REPONSE", evenements }), apres(92))).toBe(3_000);
    expect(nextPoll(demande({ etat: "SANS_REPONSE", evenements }), apres(120))).toBe(false);
  });

  test("what is answered is not asked for", () => {
    for (const etat of ["ACCORDEE", "REFUSEE", "EN_ATTENTE", "A_VERIFIER", "ANNULEE"] as const)
      expect(nextPoll(demande({ etat }), apres(1))).toBe(false);
    expect(nextPoll(undefined, apres(1))).toBe(false);
  });

  test("news that somebody asked for are waited for, until they came", () => {
    const evenements = [{ le: le(200_000), quoi: "ACTUALISATION_DEMANDEE" as const, par: "demo", detail: null }];
    const asked = demande({ etat: "EN_ATTENTE", evenements, derniere_actualisation: le(3) });
    expect(nextPoll(asked, apres(200_001))).toBe(1_000);
    expect(nextPoll({ ...asked, derniere_actualisation: le(200_002) }, apres(200_003))).toBe(false);
  });

  test("a cancellation is followed from the moment it was asked", () => {
    const evenements = [{ le: le(5_000), quoi: "ANNULATION_DEMANDEE" as const, par: "demo", detail: "Client parti" }];
    expect(nextPoll(demande({ etat: "ANNULATION_EN_COURS", evenements }), apres(5_002))).toBe(1_000);
  });
});
