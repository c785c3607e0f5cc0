import { describe, expect, it } from "vitest";
import { enRetard, groupe } from "./travail";
import type { Demande, EtatDemande } from "./types";

const MAINTENANT = Date.parse("2026-11-21T10:00:00Z");
const HEURE = 3_600_000;
const ago = (ms: number) => new Date(MAINTENANT - ms).toISOString();

const demande = (etat: EtatDemande, rest: Partial<Demande> = {}): Demande =>
  ({
    id: `dem_${rest.numero ?? 1}`,
    dossier_id: "dos_1",
    equipement: 1,
    nature: "PEC",
    numero: 1,
    etat,
    delai_heures: null,
    creee_le: ago(HEURE),
    repondue_le: null,
    derniere_actualisation: null,
    effacee_le: null,
    ...rest,
  }) as Demande;

const place = (une: Demande, others: Demande[] = []) => groupe(une, [une, ...others], MAINTENANT);

describe("what needs a person first", () => {
  it.each<EtatDemande>(["REFUSEE", "NON_TRANSMISE"])("a demande that is %s", (etat) => {
    expect(place(demande(etat))).toBe("A_TRAITER");
  });

  it.each<EtatDemande>(["SANS_REPONSE", "A_VERIFIER"])("an outcome that nobody knows (%s), from the first second", (etat) => {
    expect(place(demande(etat, { creee_le: ago(1_000) }))).toBe("A_TRAITER");
  });

  it("a demande that waits beyond the delay that the mutuelle announced", () => {
    expect(place(demande("EN_ATTENTE", { delai_heures: 48, repondue_le: ago(49 * HEURE) }))).toBe("A_TRAITER");
  });

  it("a sending that is still not over when the automatic attempts are", () => {
    expect(place(demande("EN_TRANSMISSION", { creee_le: ago(11 * 60_000) }))).toBe("A_TRAITER");
  });
});

describe("what runs by itself", () => {
  it("a sending, an answer that the mutuelle announced, a cancellation", () => {
    expect(place(demande("EN_TRANSMISSION", { creee_le: ago(60_000) }))).toBe("EN_COURS");
    expect(place(demande("EN_ATTENTE", { delai_heures: 72, repondue_le: ago(49 * HEURE) }))).toBe("EN_COURS");
    expect(place(demande("ANNULATION_EN_COURS"))).toBe("EN_COURS");
  });
});

describe("what is done", () => {
  it.each<EtatDemande>(["ACCORDEE", "ACCORDEE_SOUS_RESERVE", "ANNULEE", "EXPIREE"])("a demande that is %s", (etat) => {
    expect(place(demande(etat))).toBe("TERMINEES");
  });

  it("a refusal that was erased, for nobody can correct it", () => {
    expect(place(demande("REFUSEE", { effacee_le: ago(HEURE) }))).toBe("TERMINEES");
  });

  it("a refusal of more than thirty days", () => {
    expect(place(demande("REFUSEE", { creee_le: ago(29 * 24 * HEURE) }))).toBe("A_TRAITER");
    expect(place(demande("REFUSEE", { creee_le: ago(31 * 24 * HEURE) }))).toBe("TERMINEES");
  });
});

describe("a refusal and what came after it", () => {
  const refusee = demande("REFUSEE", { numero: 5 });

  it("is done once the same equipment was asked for again", () => {
    expect(place(refusee, [demande("EN_TRANSMISSION", { numero: 6 })])).toBe("TERMINEES");
  });

  it("is not done by an earlier demande, another equipment or another dossier", () => {
    expect(place(refusee, [demande("ANNULEE", { numero: 4 })])).toBe("A_TRAITER");
    expect(place(refusee, [demande("ACCORDEE", { numero: 6, equipement: 2 })])).toBe("A_TRAITER");
    expect(place(refusee, [demande("ACCORDEE", { numero: 6, dossier_id: "dos_2" })])).toBe("A_TRAITER");
  });

  it("a refused PEC is not replaced by a cotation, a refused cotation is by either", () => {
    expect(place(refusee, [demande("ACCORDEE", { numero: 6, nature: "COTATION" })])).toBe("A_TRAITER");
    const cotation = demande("REFUSEE", { numero: 5, nature: "COTATION" });
    expect(place(cotation, [demande("ACCORDEE", { numero: 6, nature: "COTATION" })])).toBe("TERMINEES");
    expect(place(cotation, [demande("ACCORDEE", { numero: 6 })])).toBe("TERMINEES");
  });
});

describe("the delay of a demande that waits", () => {
  it("runs from the answer that announced it, not from the sending", () => {
    expect(enRetard(demande("EN_ATTENTE", { delai_heures: 48, creee_le: ago(60 * HEURE), repondue_le: ago(47 * HEURE) }), MAINTENANT)).toBe(
      false,
    );
  });

  it("is seventy-two hours where the mutuelle announced none", () => {
    expect(enRetard(demande("EN_ATTENTE", { repondue_le: ago(71 * HEURE) }), MAINTENANT)).toBe(false);
    expect(enRetard(demande("EN_ATTENTE", { repondue_le: ago(73 * HEURE) }), MAINTENANT)).toBe(true);
  });

  it("says nothing of what was decided", () => {
    expect(enRetard(demande("ACCORDEE", { creee_le: ago(1_000 * HEURE) }), MAINTENANT)).toBe(false);
  });
});
