/** Sessions that end and servers that fall silent: nothing typed is lost, nothing is sent twice. */
import { grandLivre, uneSeule } from "./donnees";
import { pret } from "./ecrans";
import { etat, ouvrirPanneau, pecPossible } from "./panneau";
import { choisirMagasin, connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

const BANDEAU = "Le serveur ne répond pas.";

test("a session that ends in the middle of a dossier loses nothing that was typed", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  await connecter(page, systemePropre, nom, { path: "/dossiers/nouveau" });
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await page.getByLabel("Prénom", { exact: true }).fill("Fabienne");
  await page.getByLabel("Date de naissance", { exact: true }).focus();
  await expect(page.getByText(/^Enregistré/)).toBeVisible();
  await systemePropre.avancer(13 * 3600);
  await page.getByLabel("Date de naissance", { exact: true }).fill("14051978");
  await page.getByLabel("N° de sécurité sociale", { exact: true }).fill("278052A00412358");
  await page.getByLabel("Date de la prescription", { exact: true }).fill("01102013");
  await page.getByRole("dialog", { name: "Votre session est terminée" }).getByRole("button", { name: "Se reconnecter" }).click();
  await choisirMagasin(page, nom);
  await pret(page);
  await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("MONTFORT");
  await expect(page.getByLabel("Date de naissance", { exact: true })).toHaveValue("14/05/1978");
  await expect(page.getByLabel("N° de sécurité sociale", { exact: true })).toHaveValue(/2 78 05 2A 004 123 58/);
  await expect(page.getByLabel("Date de la prescription", { exact: true })).toHaveValue("01/10/2013");
  await expect(page.getByText(/^Enregistré/)).toBeVisible();
  const { dossiers } = await (await systemePropre.api(nom, "GERANT")).get<{ dossiers: { beneficiaire: { date_naissance: string } }[] }>(
    "/v1/dossiers",
  );
  expect(dossiers.map(({ beneficiaire }) => beneficiaire.date_naissance)).toEqual(["1978-05-14"]);
  expect(api.magasinId).not.toBe("");
});

test("a server that is down while one types: a banner, nothing lost, saved when it is there again", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  await connecter(page, systemePropre, nom, { path: "/dossiers/nouveau" });
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await page.getByLabel("Prénom", { exact: true }).focus();
  await expect(page.getByText(/^Enregistré/)).toBeVisible();
  await systemePropre.kill();
  await page.getByLabel("Prénom", { exact: true }).fill("Fabienne");
  await page.getByLabel("Date de naissance", { exact: true }).fill("14051978");
  await page.getByLabel("N° de sécurité sociale", { exact: true }).focus();
  await expect(page.getByText(BANDEAU, { exact: true })).toBeVisible();
  await expect(page.getByText(/Non enregistré/)).toBeVisible();
  await page.getByRole("button", { name: "Réessayer" }).first().click();
  await expect(page.getByText(BANDEAU, { exact: true })).toBeVisible();
  await systemePropre.start();
  await expect(page.getByText(BANDEAU, { exact: true })).toHaveCount(0);
  await expect(page.getByText(/^Enregistré/)).toBeVisible();
  const { dossiers } = await api.get<{ dossiers: { beneficiaire: { prenom: string } }[] }>("/v1/dossiers");
  expect(dossiers.map(({ beneficiaire }) => beneficiaire.prenom)).toEqual(["Fabienne"]);
});

test("a server that dies while a PEC is sent: the same attempt goes on, one demande and one hold", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systemePropre, nom);
  await ouvrirPanneau(page, systemePropre, dossier);
  const bouton = await pecPossible(page);
  // The server takes the demande, and dies before the browser hears of it.
  let dead = false;
  await page.route("**/demandes", async (route) => {
    if (dead || route.request().method() !== "POST") return route.continue();
    dead = true;
    await route.fetch();
    await systemePropre.kill();
    await route.abort("connectionreset");
  });
  await bouton.click();
  await expect(page.getByText(BANDEAU, { exact: true })).toBeVisible();
  await expect(page.getByText("Serveur injoignable")).toBeVisible();
  await systemePropre.start();
  // The screen may find the demande by itself before the retry is pressed; then there is nothing to retry.
  const retry = page.getByRole("alert").filter({ hasText: "Serveur injoignable" }).getByRole("button", { name: "Réessayer" });
  await retry.click({ timeout: 5_000 }).catch(() => undefined);
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await expect(page.getByText(BANDEAU, { exact: true })).toHaveCount(0);
  expect(await uneSeule(api, dossier)).toMatchObject({ etat: "ACCORDEE", credit: "CONSOMME" });
});

test("a server that was never reached: nothing is held, and the retry sends once", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systemePropre, nom);
  await ouvrirPanneau(page, systemePropre, dossier);
  const bouton = await pecPossible(page);
  await systemePropre.kill();
  await bouton.click();
  await expect(page.getByText(BANDEAU, { exact: true })).toBeVisible();
  await systemePropre.start();
  expect(await grandLivre(api)).toEqual(["RECHARGE"]);
  await page.getByRole("alert").filter({ hasText: "Serveur injoignable" }).getByRole("button", { name: "Réessayer" }).click();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await uneSeule(api, dossier);
});
