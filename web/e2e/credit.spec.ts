/** Without a credit no PEC leaves, and one knows it before: at the pre-flight, and long before by the banner. */
import { credits, demander, demandesDe, grandLivre } from "./donnees";
import { boutonPec, cheminDuPanneau, etat, solde } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test("without a credit the pre-flight says so with a link, the button is off, and nothing is asked", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { credits: 0 });
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  const manque = page.getByRole("region", { name: "Ce qui manque" });
  await expect(manque).toContainText("Pour une PEC seulement");
  const lien = manque.getByRole("link", { name: /crédit/ });
  await expect(lien).toBeVisible();
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await expect(boutonPec(page)).toHaveAccessibleName(/1 point manque pour une PEC : voyez « Ce qui manque »/);
  await boutonPec(page).click({ force: true });
  await page.keyboard.press("F8");
  // A cotation is free: it shows that the keys are heard.
  await page.keyboard.press("F9");
  await expect(etat(page)).toContainText(/Cotation N°1 .* accordée/);
  expect((await demandesDe(api, dossier)).map(({ credit }) => credit)).toEqual(["AUCUN"]);
  expect(await grandLivre(api)).toEqual([]);
  await lien.click();
  await expect(page).toHaveURL(`${systeme.url}/credits`);
  await expect(page.getByRole("main")).toContainText("sans crédit, aucune PEC ne part");
  await page.goBack();
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
});

test("the last credit spent elsewhere in the meantime: the server refuses, the screen says where to go", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { credits: 1 });
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  const autre = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  await demander(api, autre);
  const reponse = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/demandes"));
  await boutonPec(page).click();
  expect((await reponse).status()).toBe(402);
  await expect(page.getByRole("alert").getByRole("link", { name: /crédit/ })).toHaveAttribute("href", "/credits");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await expect(solde(page)).toHaveText("0 crédit");
  expect(await demandesDe(api, dossier)).toEqual([]);
  expect(await credits(api)).toMatchObject({ disponibles: 0, reserves: 0, consommes: 1 });
});

test("below the threshold a banner warns on every screen, from the demande on that passes it", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { credits: 10 });
  const { seuil_alerte } = await api.get<{ seuil_alerte: number }>("/v1/credits");
  expect(seuil_alerte).toBe(10);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  const bandeau = page.getByRole("status").filter({ hasText: /Il reste \d+ crédit/ });
  await expect(solde(page)).toHaveText("10 crédits");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  await expect(bandeau).toHaveCount(0);
  await boutonPec(page).click();
  await expect(bandeau).toContainText("Il reste 9 crédits.");
  for (const ecran of ["Liste de travail", "Mutuelles", "Réglages"]) {
    await page.getByRole("navigation", { name: "Menu principal" }).getByRole("link", { name: ecran }).click();
    await expect(page.getByRole("heading", { name: ecran, level: 1 })).toBeVisible();
    await expect(bandeau).toBeVisible();
  }
  await bandeau.getByRole("link", { name: "Voir les crédits" }).click();
  await expect(page).toHaveURL(`${systeme.url}/credits`);
});
