import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { enRetard, groupe, lireTravail } from "./travail";
import type { Demande, EtatDemande } from "./types";

vi.mock("@/session/jeton", () => ({ currentToken: async () => "jeton", renewToken: async () => null, endSession: () => {} }));

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
  it.each<EtatDemande>(["REFUSEE", "NON_TRANSMISE", "ACCORDEE_SOUS_RESERVE"])("a demande that is %s", (etat) => {
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
  it.each<EtatDemande>(["ACCORDEE", "ANNULEE", "EXPIREE"])("a demande that is %s", (etat) => {
    expect(place(demande(etat))).toBe("TERMINEES");
  });

  it("a refusal that was erased, for nobody can correct it", () => {
    expect(place(demande("REFUSEE", { effacee_le: ago(HEURE) }))).toBe("TERMINEES");
  });

  it.each<EtatDemande>(["REFUSEE", "ACCORDEE_SOUS_RESERVE"])("%s of more than thirty days", (etat) => {
    expect(place(demande(etat, { creee_le: ago(29 * 24 * HEURE) }))).toBe("A_TRAITER");
    expect(place(demande(etat, { creee_le: ago(31 * 24 * HEURE) }))).toBe("TERMINEES");
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

describe("an agreement that waits for documents", () => {
  it("is done once its equipment was asked for again", () => {
    const reserve = demande("ACCORDEE_SOUS_RESERVE", { numero: 5, nature: "COTATION" });
    expect(place(reserve, [demande("ACCORDEE", { numero: 6 })])).toBe("TERMINEES");
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

describe("how much of the list is read", () => {
  const OUVERTES = new Set<EtatDemande>([
    "EN_TRANSMISSION",
    "SANS_REPONSE",
    "EN_ATTENTE",
    "A_VERIFIER",
    "ANNULATION_EN_COURS",
    "ACCORDEE_SOUS_RESERVE",
  ]);
  let serveur: Demande[];
  let lues: { etat: boolean; limite: number }[];

  beforeEach(() => {
    vi.useFakeTimers({ now: MAINTENANT, toFake: ["Date"] });
    // A busy month, newest first: all granted but one that waits since three weeks.
    serveur = Array.from({ length: 400 }, (_, i) =>
      demande("ACCORDEE", { numero: 400 - i, id: `dem_${400 - i}`, creee_le: ago((i + 1) * HEURE), dossier_id: `dos_${i}` }),
    );
    changer(20, "EN_ATTENTE");
    lues = [];
    vi.stubGlobal("fetch", async (request: Request) => {
      const { searchParams } = new URL(request.url);
      const limite = Number(searchParams.get("limite"));
      const from = Number(searchParams.get("suivant") ?? 0);
      lues.push({ etat: searchParams.has("etat"), limite });
      const all = searchParams.has("etat") ? serveur.filter(({ etat }) => OUVERTES.has(etat)) : serveur;
      const suivant = from + limite < all.length ? String(from + limite) : null;
      return Response.json({ demandes: all.slice(from, from + limite), suivant });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const changer = (numero: number, etat: EtatDemande) => {
    serveur = serveur.map((une) => (une.numero === numero ? { ...une, etat } : une));
  };
  const etatDe = (demandes: Demande[], numero: number) => demandes.find((une) => une.numero === numero)?.etat;

  it("all of it the first time, then what is open and the newest alone", async () => {
    const premiere = await lireTravail(undefined);
    expect(premiere.demandes).toHaveLength(400);
    lues = [];
    serveur = [demande("EN_TRANSMISSION", { numero: 401, id: "dem_401" }), ...serveur];
    changer(390, "REFUSEE");
    const seconde = await lireTravail(premiere);
    expect(lues).toEqual([
      { etat: true, limite: 100 },
      { etat: false, limite: 25 },
    ]);
    expect(seconde.demandes.map(({ numero }) => numero)).toEqual(Array.from({ length: 401 }, (_, i) => 401 - i));
    expect(etatDe(seconde.demandes, 390)).toBe("REFUSEE");
  });

  it("as many of the newest as there are new ones", async () => {
    const premiere = await lireTravail(undefined);
    const nouvelles = Array.from({ length: 60 }, (_, i) => demande("ACCORDEE", { numero: 460 - i, id: `dem_${460 - i}` }));
    serveur = [...nouvelles, ...serveur];
    expect((await lireTravail(premiere)).demandes).toHaveLength(460);
  });

  it("all of it once an old one that was open is answered, so that its answer is seen", async () => {
    const premiere = await lireTravail(undefined);
    changer(20, "REFUSEE");
    const seconde = await lireTravail(premiere);
    expect(etatDe(seconde.demandes, 20)).toBe("REFUSEE");
  });

  it("all of it again after ten minutes, for what changes without being open", async () => {
    const premiere = await lireTravail(undefined);
    changer(30, "EXPIREE");
    vi.setSystemTime(MAINTENANT + 9 * 60_000);
    expect(etatDe((await lireTravail(premiere)).demandes, 30)).toBe("ACCORDEE");
    vi.setSystemTime(MAINTENANT + 10 * 60_000);
    expect(etatDe((await lireTravail(premiere)).demandes, 30)).toBe("EXPIREE");
  });
});
