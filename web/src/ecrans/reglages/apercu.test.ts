import { describe, expect, it } from "vitest";
import type { ChampFacultatif, Transmission } from "@/api/types";
import { FACULTATIFS } from "../mutuelles/mots";
import { apercu } from "./apercu";

const CHAMPS = Object.keys(FACULTATIFS) as ChampFacultatif[];
const magasin = { finess: "750000001", opticien: { nom: "MARTIN", prenom: "Claire", telephone: null, email: null } };
const reglee = (eteint: ChampFacultatif | null, defaut = true): Transmission =>
  Object.fromEntries(CHAMPS.map((champ) => [champ, champ === eteint ? !defaut : defaut])) as unknown as Transmission;
const champsDe = (transmission: Transmission) => apercu(magasin, transmission).flatMap(({ donnees }) => donnees.map(({ champ }) => champ));

describe("the preview of what is sent", () => {
  it("has the fourteen optional data when all are switched on", () => {
    expect(CHAMPS).toHaveLength(14);
    expect(new Set(champsDe(reglee(null)).filter(Boolean))).toEqual(new Set(CHAMPS));
  });

  it.each(CHAMPS)("loses « %s » alone when it is switched off", (champ) => {
    const toutes = champsDe(reglee(null));
    expect(champsDe(reglee(champ))).toEqual(toutes.filter((autre) => autre !== champ));
  });

  it("has none of them when all are off, and still says who asks for what", () => {
    const restes = champsDe(reglee(null, false));
    expect(restes.filter(Boolean)).toEqual([]);
    expect(restes.length).toBeGreaterThan(8);
  });
});
