import { describe, expect, test } from "vitest";
import type { Demande, Equipement, Ligne } from "@/api/types";
import { depuis, envoye, valeur } from "./envoye";
import { demande } from "./exemples";

const equipement = (...prix: number[]) =>
  ({ numero: 1, lignes: prix.map((valeur_centimes, i) => ({ numero: i + 1, valeur_centimes, occulte: false }) as Ligne) }) as Equipement;
let serie = 0;
const neuve = (change: Partial<Demande>) => demande({ id: `dem_${++serie}`, nature: "COTATION", ...change });
const accordee = (vue: Demande, rc = 7_200): Demande => ({ ...vue, etat: "ACCORDEE", lignes: [{ numero: 1, rc_centimes: rc }] });

describe("a cotation of 90 € whose equipment costs 120 € since", () => {
  test("that was seen while it was under way still says 90 €, and that the equipment changed", () => {
    const cotation = neuve({ lignes: [{ numero: 1, rc_centimes: null }] });
    envoye(cotation, equipement(9_000));
    const copie = envoye(accordee(cotation), equipement(12_000));
    expect(copie && valeur(copie)).toBe(9_000);
    expect(depuis(accordee(cotation), equipement(12_000))).toBe("CHANGE");
    expect(depuis(accordee(cotation), equipement(9_000))).toBe("MEME");
  });

  test("that was never seen under way has no figures but its own", () => {
    const cotation = accordee(neuve({}));
    expect(envoye(cotation, equipement(12_000))).toBeNull();
    expect(depuis(cotation, equipement(12_000))).toBe("INCONNU");
  });
});

describe("whether an equipment changed, where no copy is known", () => {
  const cotation = accordee(neuve({}));

  test("is certain where it is gone, has other lines, or costs less than was granted", () => {
    expect(depuis(cotation, null)).toBe("CHANGE");
    expect(depuis(cotation, equipement(9_000, 100))).toBe("CHANGE");
    expect(depuis(cotation, equipement(7_100))).toBe("CHANGE");
  });

  test("a line that no mutuelle sees counts for nothing", () => {
    const cache = { numero: 2, valeur_centimes: 500, occulte: true } as Ligne;
    expect(depuis(cotation, { ...equipement(9_000), lignes: [...equipement(9_000).lignes, cache] })).toBe("INCONNU");
  });

  test("is unknown without the dossier", () => {
    expect(depuis(cotation, undefined)).toBe("INCONNU");
  });
});

test("a live PEC holds its equipment: the dossier says what was sent", () => {
  const pec = neuve({ nature: "PEC", etat: "ACCORDEE", lignes: [{ numero: 1, rc_centimes: 7_200 }] });
  expect(depuis(pec, equipement(9_000))).toBe("MEME");
  expect(envoye(pec, equipement(9_000))).toEqual(equipement(9_000));
});
