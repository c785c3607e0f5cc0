/** However one presses, reloads and goes back: one demande, one hold. */
import { demandesDe, quand, uneSeule } from "./donnees";
import { boutonPec, cheminDuPanneau, etat, ouvrirPanneau, pecPossible } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test("a double click asks once", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  await (await pecPossible(page)).dblclick();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await uneSeule(api, dossier);
});

test("a double click on a cotation, which may be repeated, asks once", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  await pecPossible(page);
  await page.getByRole("button", { name: /^Cotation/ }).dblclick();
  await expect(etat(page)).toContainText(/Cotation N°1 .*accordée/);
  expect(await demandesDe(api, dossier)).toHaveLength(1);
});

test("a reload in the middle of a sending, then a second press: one demande", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  let sent: () => void = () => {};
  const taken = new Promise<void>((done) => {
    sent = done;
  });
  // The server has it; the answer never comes back to this page.
  await page.route("**/demandes", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    await route.fetch();
    sent();
  });
  await (await pecPossible(page)).click();
  await taken;
  await page.unroute("**/demandes");
  await page.reload();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await uneSeule(api, dossier);
});

test("a reload before the server had it: the second press is the same attempt", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const keys: string[] = [];
  await page.route("**/demandes", async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    keys.push(route.request().headers()["idempotency-key"] ?? "");
    // The first one is held for ever.
    if (keys.length > 1) await route.continue();
  });
  await (await pecPossible(page)).click();
  await expect.poll(() => keys.length).toBe(1);
  await page.reload();
  await (await pecPossible(page)).click();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  expect(new Set(keys).size).toBe(1);
  await uneSeule(api, dossier);
});

test("back and forward after a sending show it again and send nothing", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  await (await pecPossible(page)).click();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await page.getByRole("link", { name: "Liste de travail" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Liste de travail" })).toBeVisible();
  await page.goBack();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1, name: "Liste de travail" })).toBeVisible();
  await uneSeule(api, dossier);
});

test("two tabs that ask at the same time: one demande, and both show it", async ({ page, context, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const other = await context.newPage();
  await connecter(other, systeme, nom, { path: cheminDuPanneau(dossier) });
  const buttons = await Promise.all([pecPossible(page), pecPossible(other)]);
  await Promise.all(buttons.map((button) => button.click()));
  for (const tab of [page, other]) await expect(etat(tab)).toContainText(/PEC N°1 .*accordée/);
  const { id } = await uneSeule(api, dossier);
  expect(await quand(api, id, (e) => e === "ACCORDEE")).toMatchObject({ credit: "CONSOMME" });
});
