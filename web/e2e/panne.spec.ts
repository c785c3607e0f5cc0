/** The server goes down, or its answer is lost: what was typed stays and is saved by itself, and nothing is done twice. */
import type { Page } from "@playwright/test";
import { credits, dossierDe, nir, PERSONNES, quand, uneSeule } from "./donnees";
import { type Api, connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test.setTimeout(120_000);

const bandeau = (page: Page) => page.getByText("Le serveur ne répond pas.", { exact: true });
const enregistre = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Enregistré/ })).toBeVisible({ timeout: 30_000 });
const boutonPec = (page: Page) => page.getByRole("button", { name: /^PEC \(1 crédit\)/ });
const dossiers = async (api: Api) => (await api.get<{ dossiers: { id: string }[] }>("/v1/dossiers")).dossiers;

/** Lets the server take what is sent there, and loses its answer; `times` answers are lost, the others arrive. */
async function perdre(page: Page, method: string, chemin: RegExp, times = 1): Promise<{ recues: number }> {
  const compte = { recues: 0 };
  await page.route(chemin, async (route) => {
    if (route.request().method() !== method || compte.recues >= times) return route.fallback();
    compte.recues += 1;
    await route.fetch();
    await route.abort("connectionreset");
  });
  return compte;
}

test("what is typed while the server is down stays, is said to be unsaved, and is saved by itself when it is back", async ({
  page,
  systemePropre,
}) => {
  const { nom, api } = await magasinPret(systemePropre);
  await connecter(page, systemePropre, nom, { path: "/dossiers/nouveau" });
  await expect(page.getByLabel("Nom", { exact: true })).toBeFocused();
  await systemePropre.kill();
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await page.getByLabel("Prénom", { exact: true }).fill("Fabienne");
  await page.getByLabel("Date de naissance").fill("14/05/1978");
  await page.getByLabel("N° de sécurité sociale").fill(nir("2780575004123"));
  await page.getByRole("tab", { name: "Équipements" }).click();
  await page.getByRole("button", { name: /Ajouter une ligne/ }).click();
  await page.getByLabel("Ligne 1 désignation").fill("VARILUX Comfort");
  await page.getByLabel("Ligne 1 prix").fill("180");
  await page.getByLabel("Ligne 1 prix").press("Tab");
  await expect(bandeau(page)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: "Non enregistré : Le serveur ne répond pas." })).toBeVisible();
  await expect(page.getByLabel("Ligne 1 désignation")).toHaveValue("VARILUX Comfort");

  await systemePropre.start();
  await enregistre(page);
  await expect(bandeau(page)).toHaveCount(0);
  await expect(page).toHaveURL(/\/dossiers\/dos_\w+\?onglet=equipements$/);
  const [seul, ...autres] = await dossiers(api);
  expect(autres).toEqual([]);
  expect(await api.get(`/v1/dossiers/${seul?.id}`)).toMatchObject({
    beneficiaire: { nom: "MONTFORT", prenom: "Fabienne", date_naissance: "1978-05-14", nir: nir("2780575004123") },
    equipements: [{ lignes: [{ designation: "VARILUX Comfort", prix_unitaire_centimes: 18_000 }] }],
  });
});

test("« Réessayer » of the banner asks at once whether the server is back", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systemePropre, nom, { path: `/dossiers/${id}` });
  await expect(page.getByLabel("Prénom", { exact: true }).first()).toHaveValue("Fabienne");
  await systemePropre.kill();
  await page.getByLabel("Prénom", { exact: true }).first().fill("Fabiola");
  await page.getByLabel("Prénom", { exact: true }).first().press("Tab");
  await expect(bandeau(page)).toBeVisible();
  const reessayer = page.getByRole("main").getByRole("button", { name: "Réessayer" });
  const asked = page.waitForRequest(/\/v1\/sante$/);
  await reessayer.click();
  await asked;
  await expect(bandeau(page)).toBeVisible();
  await systemePropre.start();
  // The page asks by itself too: it may be quicker than the hand.
  await reessayer.click({ timeout: 1_000 }).catch(() => undefined);
  await enregistre(page);
  await expect(bandeau(page)).toHaveCount(0);
  expect(await api.get(`/v1/dossiers/${id}`)).toMatchObject({ beneficiaire: { nom: "MONTFORT", prenom: "Fabiola" } });
});

test("a reload during the outage loses nothing of what was typed", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  await connecter(page, systemePropre, nom, { path: "/clients/nouveau" });
  await expect(page.getByLabel("Nom", { exact: true })).toBeFocused();
  await systemePropre.kill();
  await page.getByLabel("Nom", { exact: true }).fill("LE GOFF");
  await page.getByLabel("Date de naissance").fill("02/11/1961");
  await expect(bandeau(page)).toBeVisible();
  // The caret stands in this field when the page goes.
  await page.getByLabel("Prénom", { exact: true }).fill("Yann");
  await page.reload().catch(() => undefined);
  await systemePropre.start();
  await page.goto(`${systemePropre.url}/clients/nouveau`);
  await expect(page.getByText("Votre saisie est revenue")).toBeVisible();
  await expect(page.getByLabel("Prénom", { exact: true })).toHaveValue("Yann");
  await enregistre(page);
  const { clients } = await api.ok<{ clients: { id: string }[] }>("POST", "/v1/clients/recherche", { q: "LE GOFF" });
  expect(clients).toMatchObject([{ nom: "LE GOFF", prenom: "Yann", date_naissance: "1961-11-02" }]);
});

test("a reload while only the API is down shows what was typed as soon as it answers again", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=equipements` });
  await expect(page.getByLabel("Ligne 1 prix")).toHaveValue("250,00");
  await page.route(/\/v1\//, (route) => route.abort("connectionrefused"));
  await page.getByLabel("Ligne 1 prix").fill("275,50");
  await page.getByLabel("Ligne 1 prix").press("Tab");
  await expect(bandeau(page)).toBeVisible();
  await page.reload();
  await expect(bandeau(page)).toBeVisible();
  await page.unroute(/\/v1\//);
  await expect(page.getByLabel("Ligne 1 prix")).toHaveValue("275,50");
  await enregistre(page);
  await expect
    .poll(() =>
      api.get<{ equipements: { lignes: unknown[] }[] }>(`/v1/dossiers/${id}`).then(({ equipements }) => equipements[0]?.lignes[0]),
    )
    .toMatchObject({ prix_unitaire_centimes: 27_550 });
});

test("a screen that was never opened waits for the server, and opens by itself", async ({ page, systemePropre }) => {
  const { nom } = await magasinPret(systemePropre, { conventions: false });
  await connecter(page, systemePropre, nom);
  await expect(page.getByRole("heading", { level: 1, name: "Liste de travail" })).toBeVisible();
  await systemePropre.kill();
  await page.getByRole("link", { name: "Tableau de bord" }).click();
  await expect(bandeau(page)).toBeVisible();
  await systemePropre.start();
  await expect(page.getByRole("heading", { level: 1, name: "Tableau de bord" })).toBeVisible();
  await expect(bandeau(page)).toHaveCount(0);
});

test("a PEC asked for while the server is down is sent once, when it is back", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  const id = await dossierDe(api, PERSONNES[0] as (typeof PERSONNES)[number], "DEMO-ACCORD");
  await connecter(page, systemePropre, nom, { path: `/dossiers/${id}?onglet=tiers-payant&equipement=1` });
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  await systemePropre.kill();
  await boutonPec(page).click();
  const alerte = page.getByRole("region", { name: "Demander" }).getByRole("alert");
  await expect(alerte.first()).toContainText("Serveur injoignable");
  await expect(alerte.first()).toContainText("rien ne sera envoyé deux fois");
  await expect(bandeau(page)).toBeVisible();
  await alerte.getByRole("button", { name: "Réessayer" }).first().click();
  await expect(alerte.first()).toContainText("Serveur injoignable");

  await systemePropre.start();
  await expect(bandeau(page)).toHaveCount(0);
  await alerte.getByRole("button", { name: "Réessayer" }).first().click();
  await expect(page.getByRole("region", { name: "État de la demande" })).toContainText("PEC N°1");
  const { id: demande } = await uneSeule(api, id);
  await quand(api, demande, (etat) => etat === "ACCORDEE");
  expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 0, consommes: 1 });
});

test("the answer to a PEC is cut after the server took it: it shows up, and asking again makes no second one", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD");
  await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=tiers-payant&equipement=1` });
  const { recues } = await perdre(page, "POST", /\/v1\/dossiers\/[^/]+\/demandes$/).then(async (compte) => {
    await boutonPec(page).click();
    await expect.poll(() => compte.recues).toBe(1);
    return compte;
  });
  expect(recues).toBe(1);
  const retry = page.getByRole("region", { name: "Demander" }).getByRole("button", { name: "Réessayer" }).first();
  const etat = page.getByRole("region", { name: "État de la demande" });
  // Either it was found meanwhile, or the person asks again.
  await expect(retry.or(etat.getByText("PEC N°1")).first()).toBeVisible();
  await retry.click({ timeout: 2_000 }).catch(() => undefined);
  await expect(etat).toContainText("PEC N°1");
  await expect(retry).toHaveCount(0);
  const { id: demande } = await uneSeule(api, id);
  await quand(api, demande, (atteint) => atteint === "ACCORDEE");
  expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 0, consommes: 1 });
});

test("a reload after the answer to a PEC was cut shows the one demande, and its button asks for no second one", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD");
  await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=tiers-payant&equipement=1` });
  const compte = await perdre(page, "POST", /\/v1\/dossiers\/[^/]+\/demandes$/);
  await boutonPec(page).click();
  await expect.poll(() => compte.recues).toBe(1);
  await page.reload();
  await expect(page.getByRole("region", { name: "État de la demande" })).toContainText("PEC N°1");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await boutonPec(page).click({ force: true });
  await page.keyboard.press("F8");
  await uneSeule(api, id);
});

test("the answer to a new dossier and to a new client is cut after the server took them: there is one of each", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  await connecter(page, systeme, nom, { path: "/dossiers/nouveau" });
  await perdre(page, "POST", /\/v1\/(dossiers|clients)$/, 2);
  await page.getByLabel("Nom", { exact: true }).fill("NGUYEN");
  await page.getByLabel("Prénom", { exact: true }).fill("Thierry");
  await page.getByLabel("Prénom", { exact: true }).press("Tab");
  await enregistre(page);
  expect(await dossiers(api)).toHaveLength(1);
  await expect(page).toHaveURL(/\/dossiers\/dos_\w+/);

  await page.unrouteAll();
  await perdre(page, "POST", /\/v1\/(dossiers|clients)$/, 2);
  await page.goto(`${systeme.url}/clients/nouveau`);
  await page.getByLabel("Nom", { exact: true }).fill("PETIT");
  await page.getByLabel("Nom", { exact: true }).press("Tab");
  await enregistre(page);
  const { clients } = await api.ok<{ clients: unknown[] }>("POST", "/v1/clients/recherche", { q: "PETIT" });
  expect(clients).toHaveLength(1);
});

test("the answer to a new mutuelle is cut after the server took it: « Réessayer » makes no second one", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { conventions: false });
  await connecter(page, systeme, nom, { path: "/mutuelles/nouvelle" });
  const compte = await perdre(page, "POST", /\/v1\/mutuelles$/);
  await page.getByLabel("Nom", { exact: true }).fill("Mutuelle des Phares");
  await page.getByRole("button", { name: "Créer la mutuelle" }).click();
  await expect.poll(() => compte.recues).toBe(1);
  const alerte = page.getByRole("alert").filter({ hasText: "Serveur injoignable" });
  await alerte.getByRole("button", { name: "Réessayer" }).click();
  await expect(page).toHaveURL(/\/mutuelles\/mut_\w+$/);
  const { mutuelles } = await api.get<{ mutuelles: unknown[] }>("/v1/mutuelles?q=Phares");
  expect(mutuelles).toHaveLength(1);
});
