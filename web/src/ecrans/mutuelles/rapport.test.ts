import { describe, expect, it } from "vitest";
import { rapportEnMots } from "./rapport";

describe("the report of a download or an import", () => {
  it("says how many were added, changed, withdrawn, left alone and rejected", () => {
    const rapport = { version: "2", ajoutees: 3, modifiees: 1, retirees: 0, inchangees: 1_054, rejetees: [], rejetees_total: 2 };
    expect(rapportEnMots(rapport).replace(/\s/g, " ")).toBe(
      "3 mutuelles ajoutées, 1 modifiée, aucune retirée, 1 054 inchangées et 2 lignes rejetées",
    );
  });
  it("says « aucune » for nothing, and nothing of what is not left alone", () => {
    const rapport = { version: "2", ajoutees: 0, modifiees: 0, retirees: 0, inchangees: 0, rejetees: [], rejetees_total: 0 };
    expect(rapportEnMots(rapport)).toBe("aucune mutuelle ajoutée, aucune modifiée, aucune retirée et aucune ligne rejetée");
  });
});
