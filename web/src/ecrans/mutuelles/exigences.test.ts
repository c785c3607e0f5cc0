import { describe, expect, it } from "vitest";
import type { Mutuelle, Transmission } from "@/api/types";
import { exigences } from "./exigences";
import { FACULTATIFS } from "./mots";

const mutuelle = (autres: Partial<Mutuelle> = {}): Mutuelle => ({
  id: "mut_1",
  nom: "ADPR",
  plateau: "75809426",
  identifiant: "75809426",
  adresse: { ligne1: null, ligne2: null, code_postal: null, localite: null },
  telephone: null,
  telephone2: null,
  fax: null,
  site_web: null,
  autre: null,
  remarque: null,
  pec: "OPT_LEN",
  annulation: true,
  champs_requis: [],
  facultatifs_exiges: [],
  top_mutualiste: false,
  sans_tiers_payant: false,
  tp_externalise: false,
  regimes: [],
  forfaits: [],
  origine: "CONVENTION",
  retiree: false,
  version: 1,
  ...autres,
});

const toutes = (transmis: boolean) =>
  Object.fromEntries(Object.keys(FACULTATIFS).map((champ) => [champ, transmis])) as unknown as Transmission;
const ton = (quoi: string, m: Mutuelle, type: "OPT" | "LEN" = "OPT", transmis = true) =>
  exigences(m, type, toutes(transmis)).find((exigence) => exigence.quoi === quoi)?.ton;

describe("what a mutuelle requires", () => {
  it("says whether this kind of equipment can be asked for electronically", () => {
    expect(ton("pec", mutuelle({ pec: "OPT_LEN" }), "LEN")).toBe("vert");
    expect(ton("pec", mutuelle({ pec: "OPT" }), "OPT")).toBe("vert");
    expect(ton("pec", mutuelle({ pec: "OPT" }), "LEN")).toBe("rouge");
    expect(ton("pec", mutuelle({ pec: "NON" }), "OPT")).toBe("rouge");
  });

  it("names the numbers of the card", () => {
    const m = mutuelle({ champs_requis: ["numero_adherent", "numero_contrat", "regime"] });
    expect(exigences(m, "OPT", null).find(({ quoi }) => quoi === "numeros")?.texte).toBe(
      "Exige le n° adhérent, le n° de contrat et le régime.",
    );
  });

  it("tells apart the optional data that this shop sends and those that must be switched on", () => {
    const m = mutuelle({ facultatifs_exiges: ["prescription_prescripteur"] });
    expect(ton("transmis", m, "OPT", true)).toBe("vert");
    expect(ton("non-transmis", m, "OPT", false)).toBe("rouge");
    expect(ton("transmis", m, "OPT", false)).toBeUndefined();
  });

  it("speaks of one optional datum that the shop sends, or of several", () => {
    const texte = (facultatifs_exiges: Mutuelle["facultatifs_exiges"]) =>
      exigences(mutuelle({ facultatifs_exiges }), "OPT", toutes(true)).find(({ quoi }) => quoi === "transmis")?.texte;
    expect(texte(["prescription_prescripteur"])).toMatch(/ : votre magasin le transmet\.$/);
    expect(texte(["prescription_prescripteur", "verre_surface"])).toMatch(/ : votre magasin les transmet\.$/);
  });

  it("says what stops a demande before anything else, and warns where the third-party payment is elsewhere", () => {
    expect(exigences(mutuelle({ retiree: true }), "OPT", null)[0]?.quoi).toBe("retiree");
    expect(ton("tiers-payant", mutuelle({ sans_tiers_payant: true }))).toBe("rouge");
    expect(ton("externalise", mutuelle({ tp_externalise: true }))).toBe("orange");
  });
});
