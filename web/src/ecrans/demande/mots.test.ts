import { describe, expect, test } from "vitest";
import type { Action } from "@/api/types";
import type { Identite } from "@/session/jeton";
import { demande } from "./exemples";
import { avecPrix, compteEncore, empechement, ligneDemande, motDuCredit, pourModifier } from "./mots";

const qui = (role: Identite["role"]): Identite => ({ sub: "demo", magasin: "mag_1", role });

test("the line is the one of the manual", () => {
  expect(ligneDemande(demande({ etat: "REFUSEE", message_mutuelle: "Adherent de demonstration inconnu" }))).toBe(
    "PEC N°373 - 26/11/2013 17:30:59 | refusée | Adherent de demonstration inconnu",
  );
  expect(ligneDemande(demande({ etat: "ACCORDEE" }))).toBe("PEC N°373 - 26/11/2013 17:30:59 | accordée");
});

test("the price is told in credits", () => {
  expect(avecPrix("PEC", 1)).toBe("PEC (1 crédit)");
  expect(avecPrix("PEC", 2)).toBe("PEC (2 crédits)");
  expect(avecPrix("Cotation", 0)).toBe("Cotation (gratuite)");
  expect(avecPrix("PEC", undefined)).toBe("PEC");
});

test("a refusal says what became of the credit", () => {
  expect(motDuCredit(demande({ etat: "REFUSEE", credit: "RENDU" }))).toBe("1 crédit rendu : cette demande ne vous coûte rien.");
  expect(motDuCredit(demande({ etat: "REFUSEE", credit: "CONSOMME" }))).toBe("1 crédit consommé : la mutuelle a étudié la demande.");
  expect(motDuCredit(demande({ credit: "AUCUN", prix: 0 }))).toBe("Gratuite : aucun crédit.");
});

describe("why an action is off", () => {
  const actions: Action[] = ["ACTUALISER", "ANNULER", "TRANSFERER", "TRANSFORMER", "IMPRIMER_REPONSE", "DECIDER"];

  test("what the server allows is on", () => {
    for (const action of actions) expect(empechement(action, demande({ actions }), qui("GERANT"))).toBeNull();
  });

  test("what it does not allow has a reason, in every state", () => {
    for (const etat of ["EN_TRANSMISSION", "EN_ATTENTE", "ACCORDEE", "REFUSEE", "NON_TRANSMISE", "A_VERIFIER", "EXPIREE"] as const)
      for (const nature of ["PEC", "COTATION"] as const)
        for (const action of actions) expect(empechement(action, demande({ etat, nature, actions: [] }), qui("GERANT"))).toMatch(/\.$/);
  });

  test("a cotation is not cancelled, and a PEC not made a PEC again", () => {
    expect(empechement("ANNULER", demande({ nature: "COTATION", etat: "ACCORDEE", actions: [] }), qui("OPTICIEN"))).toContain("cotation");
    expect(empechement("TRANSFORMER", demande({ etat: "ACCORDEE", actions: [] }), qui("OPTICIEN"))).toContain("déjà une prise en charge");
  });

  test("the role is told first", () => {
    expect(empechement("TRANSFERER", demande({ actions: [] }), qui("LECTURE"))).toContain("lecture seule");
    expect(empechement("DECIDER", demande({ etat: "A_VERIFIER", actions: [] }), qui("OPTICIEN"))).toContain("gérant");
  });

  test("nothing can be done with what was erased", () => {
    expect(empechement("ACTUALISER", demande({ effacee_le: "2026-01-01T00:00:00Z", actions: [] }), qui("GERANT"))).toContain("effacées");
  });
});

describe("an equipment that a demande holds", () => {
  const seller = qui("OPTICIEN");

  test("« annulez-la » is only said of a demande that can be cancelled", () => {
    const annulable = demande({ etat: "ACCORDEE", actions: ["ANNULER"] });
    expect(pourModifier(annulable, seller)).toBe("Pour le modifier, annulez-la d'abord.");
    expect(compteEncore(annulable, seller)).toBe(
      "La PEC n° 373 compte encore pour cet équipement : annulez-la avant d'en demander une autre.",
    );
  });

  test("of any other it is said what has to be waited for or done", () => {
    const partie = demande({ etat: "EN_TRANSMISSION", actions: [] });
    expect(pourModifier(partie, seller)).toBe("La réponse de la mutuelle n'est pas encore connue : attendez-la avant d'annuler.");
    expect(compteEncore(partie, seller)).toBe(
      "La PEC n° 373 compte encore pour cet équipement. La réponse de la mutuelle n'est pas encore connue : attendez-la avant d'annuler.",
    );
    expect(pourModifier(demande({ nature: "COTATION", actions: [] }), seller)).toBe(
      "Il pourra être modifié dès que son résultat sera connu.",
    );
  });
});
