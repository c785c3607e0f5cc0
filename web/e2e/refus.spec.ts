/** A refusal, on the screen: who refused, in which words, what to do about it, and what it cost. */
import type { Page } from "@playwright/test";
import { credits, demander, demandesDe, grandLivre, quand } from "./donnees";
import { boutonPec, cheminDuPanneau, etat, refus, solde } from "./panneau";
import { type Api, connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

/** Asks for a PEC by its button and waits for the card of the refusal. */
async function essuyerUnRefus(page: Page) {
  await boutonPec(page).click();
  const carte = refus(page);
  await expect(carte).toBeVisible();
  return carte;
}

/** Mends the member number where the focus stands, and asks again. */
async function corrigerEtRedemander(page: Page, api: Api, dossier: string): Promise<void> {
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("DEMO-ACCORD-LIGNES");
  await boutonPec(page).click();
  await expect(page.getByRole("region", { name: "Réponse de la mutuelle" })).toContainText("Montants accordés");
  const [premiere, seconde] = (await demandesDe(api, dossier)).sort((a, b) => a.numero - b.numero);
  expect([premiere?.etat, seconde?.etat]).toEqual(["REFUSEE", "ACCORDEE"]);
}

test("a refusal by the platform says so, gives the credit back and leads to the field that it is about", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-REJET-PLT-13");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  const carte = await essuyerUnRefus(page);
  await expect(carte.getByRole("heading")).toHaveText("Refusée par la plateforme : la mutuelle n'a rien reçu");
  await expect(carte.getByRole("term").filter({ hasText: "Message plateforme" })).toHaveText("Message plateforme (PLT-13)");
  await expect(carte.getByRole("definition").first()).toHaveText("Numéro de sécurité sociale mal formé (clé incorrecte)");
  await expect(carte.getByRole("term").filter({ hasText: "Message mutuelle" })).toHaveCount(0);
  await expect(carte.getByRole("term").filter({ hasText: "Que faire ?" })).toBeVisible();
  await expect(carte.getByRole("definition").last()).toContainText("contrôler les 15 caractères du numéro");
  await expect(carte).toContainText("1 crédit rendu : cette demande ne vous coûte rien.");
  await expect(etat(page)).toContainText(/PEC N°1 - \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d \| refusée \| Numéro de sécurité sociale mal formé/);
  await expect(solde(page)).toHaveText("100 crédits");
  expect(await credits(api)).toMatchObject({ disponibles: 100, reserves: 0, consommes: 0 });
  expect(await grandLivre(api)).toEqual(["RECHARGE", "RESERVATION", "RESTITUTION"]);

  await carte.getByRole("button", { name: "Aller au champ à corriger" }).click();
  await expect(page.getByRole("tab", { name: "Client et prescription" })).toHaveAttribute("aria-selected", "true");
  await expect(page.locator("#champ-beneficiaire-nir")).toBeFocused();
});

test("a refusal by the mutuelle says so, costs its credit, and is mended where its button leads", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-INCONNU");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  const carte = await essuyerUnRefus(page);
  await expect(carte.getByRole("heading")).toHaveText("Refusée par la mutuelle");
  await expect(carte.getByRole("term").filter({ hasText: "Message mutuelle" })).toHaveText("Message mutuelle (MUT-02)");
  await expect(carte.getByRole("definition").first()).toHaveText("Adhérent de démonstration inconnu");
  await expect(carte.getByRole("term").filter({ hasText: "Message plateforme" })).toHaveCount(0);
  await expect(carte.getByRole("definition").last()).toHaveText("Vérifier le numéro d'adhérent et la mutuelle choisie.");
  await expect(carte).toContainText("1 crédit consommé : la mutuelle a étudié la demande.");
  expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 0, consommes: 1 });
  expect(await grandLivre(api)).toEqual(["RECHARGE", "RESERVATION", "CONSOMMATION"]);

  await carte.getByRole("button", { name: "Aller au champ à corriger" }).click();
  await expect(page.getByLabel("N° adhérent")).toBeFocused();
  await corrigerEtRedemander(page, api, dossier);
  await expect(page.getByRole("navigation", { name: "Autres demandes de cet équipement" })).toContainText(
    "refusée | Adhérent de démonstration inconnu",
  );
  expect(await credits(api)).toMatchObject({ disponibles: 98, reserves: 0, consommes: 2 });
});

/** A code of each field that the catalogue of rejections names, and where that field stands. */
const CHAMPS = [
  { code: "PLT-03", ou: "the switches of the shop", onglet: "Transmission", champ: /^champ-magasin-transmission-/ },
  { code: "PLT-04", ou: "the consent", onglet: "Détail tiers payant", champ: /^champ-consentement$/ },
  { code: "PLT-07", ou: "the mutuelle", onglet: "Détail tiers payant", champ: /^champ-tiers_payant-mutuelle_id$/ },
  { code: "PLT-13", ou: "the social security number", onglet: "Client et prescription", champ: /^champ-beneficiaire-nir$/ },
  { code: "PLT-14", ou: "the number of the shop", onglet: "Magasin", champ: /^champ-finess$/ },
  { code: "MUT-05", ou: "the member number", onglet: "Détail tiers payant", champ: /^champ-tiers_payant-numero_adherent$/ },
  { code: "MUT-11", ou: "the date of the dossier", onglet: "Client et prescription", champ: /^champ-date$/ },
  { code: "MUT-25", ou: "the person", onglet: "Client et prescription", champ: /^champ-beneficiaire-/ },
] as const;

for (const { code, ou, onglet, champ } of CHAMPS)
  test(`from the page of a demande refused with ${code}, the button leads to ${ou}`, async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme);
    const dossier = await dossierDuManuel(api, `DEMO-REJET-${code}`);
    const { id } = await demander(api, dossier);
    await quand(api, id, (etat) => etat === "REFUSEE");
    await connecter(page, systeme, nom, { path: `/demandes/${id}` });
    await refus(page).getByRole("button", { name: "Aller au champ à corriger" }).click();
    await expect(page.getByRole("tab", { name: onglet })).toHaveAttribute("aria-selected", "true");
    await expect(page.locator(":focus")).toHaveAttribute("id", champ);
    await expect(page.locator(":focus")).toBeInViewport();
    await page.goBack();
    await expect(refus(page)).toBeVisible();
  });
