import { describe, expect, it } from "vitest";
import {
  decalerDioptrie,
  ecrireMontant,
  ecrireNir,
  lireDate,
  lireDioptrie,
  lireEntier,
  lireMillimetres,
  lireMontant,
  lireNir,
  lirePourcent,
  lirePrisme,
} from "./lecture";

const AUJOURDHUI = "2026-11-22";

/** Each text and the value it means; `null` where it must be refused. */
function check<T>(lire: (texte: string) => { valeur: T } | { erreur: string }, cases: Record<string, T | undefined>) {
  for (const [texte, valeur] of Object.entries(cases)) {
    const lu = lire(texte);
    if (valeur === undefined) expect(lu, texte).toHaveProperty("erreur");
    else expect(lu, texte).toEqual({ valeur });
  }
}

describe("what an optician types", () => {
  it("reads amounts digit by digit, with or without the thousands' space and the euro", () => {
    check(lireMontant, {
      "": null,
      "214": 21_400,
      "214,0": 21_400,
      "1 234,56": 123_456,
      "1\u202f234,56 €": 123_456,
      "0.05": 5,
      "19.99": 1_999,
      "0,1": 10,
      "-5": undefined,
      "1,234": undefined,
      "12a": undefined,
      "1e3": undefined,
      "123456789": undefined,
    });
  });

  it("says the most where an amount is too large", () => {
    expect(lireMontant("99999999999")).toEqual({ erreur: "Un montant est d'au plus 9 999 999,99 €." });
  });

  it("writes back what it read, for any number of centimes", () => {
    for (const centimes of [0, 1, 5, 10, 99, 100, 101, 21_400, 999_999_999])
      expect(lireMontant(ecrireMontant(centimes))).toEqual({ valeur: centimes });
    expect(ecrireMontant(null)).toBe("");
  });

  it("reads powers as the trade types them, by quarters", () => {
    check(lireDioptrie, {
      "": null,
      "200": "+2.00",
      "+2": "+2.00",
      "2": "+2.00",
      "-1,25": "-1.25",
      "-125": "-1.25",
      "−075": "-0.75",
      "50": "+0.50",
      "25": "+0.25",
      "1.5": "+1.50",
      "0": "+0.00",
      "-0": "+0.00",
      plan: "+0.00",
      "12": "+12.00",
      "1200": "+12.00",
      "-40": "-40.00",
      "40.25": undefined,
      "41": undefined,
      "1.30": undefined,
      "213": undefined,
      "2..0": undefined,
      deux: undefined,
    });
  });

  it("steps by a quarter, through zero, and stops at the strongest power", () => {
    expect(decalerDioptrie("+2.00", 1)).toBe("+2.25");
    expect(decalerDioptrie("+0.00", -1)).toBe("-0.25");
    expect(decalerDioptrie("-0.25", 1)).toBe("+0.00");
    expect(decalerDioptrie("-1.75", -1)).toBe("-2.00");
    expect(decalerDioptrie(null, 1)).toBe("+0.25");
    expect(decalerDioptrie("+40.00", 1)).toBe("+40.00");
    expect(decalerDioptrie("-40.00", -1)).toBe("-40.00");
  });

  it("reads a prism without a sign", () => {
    check(lirePrisme, { "": null, "150": "1.50", "1,5": "1.50", "2": "2.00", "-1": undefined, "−1": undefined, "+1": undefined });
  });

  it("reads millimetres by tenths, numbers within their bounds and discounts", () => {
    check(lireMillimetres, { "": null, "32": "32.0", "32,5": "32.5", "7.": "7.0", "32,55": undefined, "100": undefined });
    check((texte) => lireEntier(texte, 0, 180), {
      "": null,
      "90": 90,
      "90°": 90,
      "180": 180,
      "181": undefined,
      "-1": undefined,
      "1.5": undefined,
    });
    check(lirePourcent, { "": null, "10": "10", "10,50 %": "10.5", "100": "100", "100,5": undefined, "0": "0", "07": "7" });
  });

  it("reads dates as one says them; a birthday is not to come", () => {
    check((texte) => lireDate(texte, AUJOURDHUI), {
      "": null,
      "14051978": "1978-05-14",
      "14/05/1978": "1978-05-14",
      "14-5-78": "1978-05-14",
      "140578": "1978-05-14",
      "1.2.26": "2026-02-01",
      "1.2.27": "1927-02-01",
      "22/11/26": "2026-11-22",
      "23/11/26": "1926-11-23",
      "1978-05-14": "1978-05-14",
      "29/02/2024": "2024-02-29",
      "29/02/2023": undefined,
      "31/04/2026": undefined,
      "14/13/1978": undefined,
      hier: undefined,
    });
    expect(lireDate("31/12/27", AUJOURDHUI, true)).toEqual({ valeur: "2027-12-31" });
  });

  it("groups a social security number, and leaves a masked one alone", () => {
    expect(ecrireNir("278052A00412358")).toBe("2 78 05 2A 004 123 58");
    expect(lireNir("2 78 05 2a 004 123 58")).toBe("278052A00412358");
    expect(lireNir("2 78 05 ** *** *** **")).toBe("2 78 05 ** *** *** **");
    expect(ecrireNir("2 78 05 ** *** *** **")).toBe("2 78 05 ** *** *** **");
    expect(lireNir("  ")).toBeNull();
  });
});
