import { choisirMagasin, connecter, expect, magasinPret, test } from "./systeme";

test("one signs in by the issuer's page and comes back where one was going", async ({ page, systeme }) => {
  const { nom } = await magasinPret(systeme);
  await connecter(page, systeme, nom, { path: "/credits" });
  await expect(page).toHaveURL(`${systeme.url}/credits`);
  await expect(page.getByRole("link", { name: /100 crédits/ })).toBeVisible();
});

test("a link used twice says so and lets one begin again", async ({ page, systeme }) => {
  await page.goto(`${systeme.url}/connexion/retour?code=perime&state=inconnu`);
  await expect(page.getByRole("alert")).toContainText("n'a pas abouti");
  await page.getByRole("button", { name: "Recommencer" }).click();
  await expect(page.getByRole("button", { name: "Se connecter" })).toBeVisible();
});

test("signing out forgets the session", async ({ page, systeme }) => {
  const { nom } = await magasinPret(systeme, { conventions: false });
  await connecter(page, systeme, nom);
  await page.getByRole("button", { name: /Mon compte/ }).click();
  await page.getByRole("menuitem", { name: "Se déconnecter" }).click();
  await expect(page.getByRole("button", { name: "Se connecter" })).toBeVisible();
  expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("oidc.user")))).toEqual([]);
});

test("signing out saves first, and asks about what cannot be saved", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { conventions: false });
  await connecter(page, systeme, nom, { path: "/clients/nouveau" });
  const partir = async () => {
    await page.getByRole("button", { name: /Mon compte/ }).click();
    await page.getByRole("menuitem", { name: "Se déconnecter" }).click();
  };
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await partir();
  await expect(page.getByRole("button", { name: "Se connecter" })).toBeVisible();
  expect(await api.ok("POST", "/v1/clients/recherche", { q: "MONTFORT" })).toMatchObject({ clients: [{ nom: "MONTFORT" }] });

  await connecter(page, systeme, nom, { path: "/mutuelles/nouvelle" });
  await page.getByLabel("Nom", { exact: true }).fill("Mutuelle du Coin");
  await partir();
  const question = page.getByRole("dialog", { name: "Se déconnecter sans enregistrer ?" });
  await question.getByRole("button", { name: "Rester connecté" }).click();
  await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("Mutuelle du Coin");
  await partir();
  await question.getByRole("button", { name: "Se déconnecter et le perdre" }).click();
  await expect(page.getByRole("button", { name: "Se connecter" })).toBeVisible();
  expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("Mutuelle du Coin");
});

test("a token of an hour is renewed without a word, and the session ends after twelve", async ({ page, systemePropre }) => {
  const { nom } = await magasinPret(systemePropre);
  await connecter(page, systemePropre, nom);
  await systemePropre.avancer(2 * 3600);
  await page.getByRole("link", { name: "Mutuelles" }).click();
  await expect(page.getByRole("heading", { name: "Mutuelles", level: 1 })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await systemePropre.avancer(11 * 3600);
  await page.reload();
  await page.getByRole("dialog").getByRole("button", { name: "Se reconnecter" }).click();
  await choisirMagasin(page, nom);
  await expect(page.getByRole("heading", { name: "Mutuelles", level: 1 })).toBeVisible();
});
