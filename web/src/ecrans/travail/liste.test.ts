import { describe, expect, it } from "vitest";
import type { Demande } from "@/api/types";
import { accorde, compte, exportPath, filtered, firstSentence, prochaine, queFaire, readFiltres, select } from "./liste";

const MAINTENANT = Date.parse("2026-11-21T10:00:00Z");
const HEURE = 3_600_000;
const iso = (ms: number) => new Date(MAINTENANT + ms).toISOString();

const demande = (rest: Partial<Demande> & { beneficiaire?: { nom: string; prenom: string | null } | null }): Demande =>
  ({
    id: "dem_1",
    numero: 373,
    nature: "PEC",
    etat: "REFUSEE",
    mutuelle_id: "mut_1",
    mutuelle_nom: "AG2R LA MONDIALE",
    reference: "dem_1",
    numero_pec: null,
    reference_dossier: null,
    beneficiaire: { nom: "LEFÈVRE", prenom: "Zoé" },
    creee_le: iso(-HEURE),
    repondue_le: null,
    delai_heures: null,
    que_faire: null,
    effacee_le: null,
    prochaine_actualisation: null,
    ...rest,
  }) as Demande;

const filtres = (query: string, texte = "") => readFiltres(new URLSearchParams(query), texte);

describe("the filters", () => {
  it("are read from the address, and a value that does not exist filters nothing", () => {
    expect(filtres("etat=REFUSEE&nature=PEC&mutuelle=mut_1&tri=anciennes")).toEqual({
      etat: "REFUSEE",
      nature: "PEC",
      mutuelle: "mut_1",
      texte: "",
      tri: "anciennes",
    });
    expect(filtered(filtres("etat=toString&nature=X"))).toBe(false);
  });

  it.each(["lefevre", "zoé lef", "373", "n° 373", "N°373", "la mondiale", "dem_1"])("find a demande by « %s »", (texte) => {
    expect(select([demande({})], filtres("", texte))).toHaveLength(1);
  });

  it("find nothing by what it does not say", () => {
    expect(select([demande({})], filtres("", "lefevre 374"))).toHaveLength(0);
    expect(select([demande({})], filtres("etat=ACCORDEE"))).toHaveLength(0);
    expect(select([demande({})], filtres("mutuelle=mut_2"))).toHaveLength(0);
  });

  it("find a demande whose person was erased by its number", () => {
    expect(select([demande({ beneficiaire: null })], filtres("", "373"))).toHaveLength(1);
  });

  it("order by age", () => {
    const two = [demande({ numero: 1 }), demande({ numero: 2 })];
    expect(select(two, filtres("")).map(({ numero }) => numero)).toEqual([2, 1]);
    expect(select(two, filtres("tri=anciennes")).map(({ numero }) => numero)).toEqual([1, 2]);
  });

  it("go into the address of the CSV as far as the API knows them", () => {
    expect(exportPath(filtres("etat=REFUSEE&nature=PEC&mutuelle=mut_1", "zoé"))).toBe("/v1/demandes/export?etat=REFUSEE&nature=PEC");
    expect(exportPath(filtres(""))).toBe("/v1/demandes/export");
  });
});

describe("what to do", () => {
  it("is the first sentence of the server's advice, with no sign at the beginning of a line", () => {
    expect(firstSentence("Réponse inconnue : attendez. Ne renvoyez pas.")).toBe("Réponse inconnue\u00a0: attendez.");
    expect(firstSentence("Vérifier le n° d'adhérent")).toBe("Vérifier le n° d'adhérent");
  });

  it("is to refresh once the delay of the mutuelle is over, whatever the server advised before", () => {
    const attente = { etat: "EN_ATTENTE" as const, delai_heures: 48, que_faire: "Rien à faire : la mutuelle instruit la demande." };
    expect(queFaire(demande({ ...attente, repondue_le: iso(-47 * HEURE) }), MAINTENANT)).toContain("Rien à faire");
    expect(queFaire(demande({ ...attente, repondue_le: iso(-49 * HEURE) }), MAINTENANT)).toContain("Délai dépassé");
  });
});

describe("the next automatic check", () => {
  it("is told by how long it takes within a day, by its day and hour beyond", () => {
    expect(prochaine(demande({}), MAINTENANT)).toBe("");
    expect(prochaine(demande({ prochaine_actualisation: iso(-1_000) }), MAINTENANT)).toBe("imminente");
    expect(prochaine(demande({ prochaine_actualisation: iso(12 * 60_000) }), MAINTENANT)).toBe("dans 12 min");
    expect(prochaine(demande({ prochaine_actualisation: iso(48 * HEURE) }), MAINTENANT)).toBe("23/11/2026 à 11:00");
  });
});

it("one demande is « terminée », two are « terminées »", () => {
  expect([0, 1, 2].map((n) => compte("TERMINEES", n))).toEqual(["0 terminée", "1 terminée", "2 terminées"]);
  expect(compte("EN_COURS", 2)).toBe("2 en cours");
});

describe("what is granted", () => {
  it("is the amount while the agreement holds, and nothing once it is cancelled or over", () => {
    const de = (etat: Demande["etat"]) => accorde(demande({ etat, montant_global_centimes: 9_000 }));
    expect(de("ACCORDEE")).toMatch(/^90,00/);
    expect(de("ACCORDEE_SOUS_RESERVE")).toMatch(/^90,00/);
    for (const etat of ["ANNULEE", "EXPIREE", "REFUSEE"] as const) expect(de(etat)).toBe("—");
  });
});
