/** However often and from wherever one wish is uttered: one demande, one hold. */
import type { Page, Route } from "@playwright/test";
import { credits, demandesDe, uneSeule } from "./donnees";
import { boutonPec, cheminDuPanneau, etat } from "./panneau";
import { type Api, connecter, dossierDuManuel, expect, magasinPret, type Systeme, test } from "./systeme";

const ENVOI = /\/v1\/dossiers\/[^/]+\/demandes$/;
const cotation = (page: Page) => page.getByRole("button", { name: /^Cotation \(gratuite\)/ });

/** A shop with a dossier that is ready to be asked for, and somebody before it. */
async function pret(page: Page, systeme: Systeme, credits = 100) {
  const { nom, api } = await magasinPret(systeme, { credits });
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  return { nom, api, dossier };
}

/** One demande was made of it all, and it cost one credit. */
async function seule(page: Page, api: Api, dossier: string): Promise<void> {
  await expect(etat(page)).toContainText(/PEC N°1 .* accordée/);
  await expect(page.getByRole("navigation", { name: "Autres demandes de cet équipement" })).toHaveCount(0);
  expect(await uneSeule(api, dossier)).toMatchObject({ numero: 1, etat: "ACCORDEE", credit: "CONSOMME" });
  expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 0, consommes: 1 });
}

/** Counts the requests that ask for a demande, wherever they come from. */
function envois(page: Page): string[] {
  const cles: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST" && ENVOI.test(request.url())) cles.push(request.headers()["idempotency-key"] ?? "none");
  });
  return cles;
}

interface Retenue {
  retenus: Route[];
  /** The next one that is held. */
  suivant: () => Promise<Route>;
  /** Lets them all go, and those to come. */
  lacher: () => Promise<void>;
}

/** Holds the requests that ask for a demande where they are, until they are let go. */
async function retenir(page: Page): Promise<Retenue> {
  const retenus: Route[] = [];
  const attendus: ((route: Route) => void)[] = [];
  let libre = false;
  await page.route(ENVOI, async (route) => {
    if (libre) return route.continue();
    retenus.push(route);
    for (const attendu of attendus.splice(0)) attendu(route);
  });
  return {
    retenus,
    suivant: () => new Promise((done) => attendus.push(done)),
    lacher: async () => {
      libre = true;
      await Promise.all(retenus.map((route) => route.continue()));
    },
  };
}

test("a double click asks once", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  await boutonPec(page).dblclick();
  await seule(page, api, dossier);
  expect(cles).toHaveLength(1);
});

test("clicks, the key of the screen and Enter while it is being sent ask once", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  const { retenus, suivant, lacher } = await retenir(page);
  const parti = suivant();
  await boutonPec(page).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await page.keyboard.press("F8");
  await page.keyboard.press("F8");
  await boutonPec(page).dblclick({ force: true });
  await parti;
  await lacher();
  await seule(page, api, dossier);
  expect(retenus).toHaveLength(1);
  expect(cles).toHaveLength(1);
});

test("a reload before the request reached the server, and the same wish again, ask once", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  const { suivant } = await retenir(page);
  const parti = suivant();
  await boutonPec(page).click();
  await parti;
  await page.reload();
  await page.unroute(ENVOI);
  await expect(etat(page)).toContainText("Aucune demande pour cet équipement.");
  expect(await demandesDe(api, dossier)).toEqual([]);
  await boutonPec(page).click();
  await seule(page, api, dossier);
  expect(new Set(cles).size).toBe(1);
});

test("a reload while the server has the request, and the same wish again, ask once", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  const { suivant } = await retenir(page);
  const parti = suivant();
  await boutonPec(page).click();
  const route = await parti;
  const demande = route.request();
  // The request gets there although its page is gone, and only after the new page has seen that there is nothing yet.
  const arriver = () =>
    fetch(demande.url(), { method: "POST", headers: demande.headers(), body: demande.postData() }).then(({ status }) => status);
  await page.reload();
  await page.unroute(ENVOI);
  await expect(etat(page)).toContainText("Aucune demande pour cet équipement.");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  expect(await arriver()).toBe(201);
  await boutonPec(page).click();
  await seule(page, api, dossier);
  expect(new Set(cles).size).toBe(1);
  expect(cles).toHaveLength(2);
});

test("a reload after the server took it shows the demande, and asks nothing more", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  // The server answers, the page never hears of it.
  const muette = new Promise<void>((done) =>
    page.route(ENVOI, async (route) => {
      await route.fetch();
      done();
    }),
  );
  await boutonPec(page).click();
  await muette;
  await page.reload();
  await page.unroute(ENVOI);
  await expect(etat(page)).toContainText("PEC N°1");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await seule(page, api, dossier);
  expect(cles).toHaveLength(1);
});

test("an answer that never comes is asked for again under the same key, and is the same demande", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  let fois = 0;
  await page.route(ENVOI, async (route) => {
    fois += 1;
    if (fois > 1) return route.fallback();
    await route.fetch();
    return route.abort("connectionreset");
  });
  await boutonPec(page).click();
  const alerte = page.getByRole("region", { name: "Demander" }).getByRole("alert");
  // Either one tries again, or the screen has found the demande before one could.
  await expect(alerte.or(etat(page).getByText("PEC N°1"))).toBeVisible();
  if (await alerte.isVisible()) await alerte.getByRole("button", { name: /Réessayer/ }).click();
  await seule(page, api, dossier);
  expect(new Set(cles).size).toBe(1);
});

test("leaving by the back button while it is sent, and coming forward again, asks once", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  await page.getByRole("navigation", { name: "Menu principal" }).getByRole("link", { name: "Crédits" }).click();
  await expect(page.getByRole("heading", { name: "Crédits", level: 1 })).toBeVisible();
  await page.goBack();
  const { retenus, suivant, lacher } = await retenir(page);
  const parti = suivant();
  await boutonPec(page).click();
  await parti;
  await page.goForward();
  await expect(page.getByRole("heading", { name: "Crédits", level: 1 })).toBeVisible();
  await page.goBack();
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  // The same wish again, while the first is under way.
  const encore = suivant();
  await page.keyboard.press("F8");
  await encore;
  expect(retenus).toHaveLength(2);
  await lacher();
  await seule(page, api, dossier);
  await page.goForward();
  await page.goBack();
  await seule(page, api, dossier);
  expect(new Set(cles).size).toBe(1);
});

test("back and forward after it is sent show it again, and ask nothing", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  const cles = envois(page);
  await boutonPec(page).click();
  await seule(page, api, dossier);
  await page.getByRole("navigation", { name: "Menu principal" }).getByRole("link", { name: "Liste de travail" }).click();
  await expect(page.getByRole("heading", { name: "Liste de travail", level: 1 })).toBeVisible();
  await page.goBack();
  await seule(page, api, dossier);
  await page.goForward();
  await page.goBack();
  await seule(page, api, dossier);
  expect(cles).toHaveLength(1);
});

test("two tabs that both send at once ask once, and both show it", async ({ page, context, systeme }) => {
  const { nom, api, dossier } = await pret(page, systeme);
  const autre = await context.newPage();
  await connecter(autre, systeme, nom, { path: cheminDuPanneau(dossier) });
  await expect(boutonPec(autre)).toHaveAttribute("aria-disabled", "false");
  const cles = [envois(page), envois(autre)];
  const [ici, la] = [await retenir(page), await retenir(autre)];
  const partis = [ici.suivant(), la.suivant()];
  await boutonPec(page).click();
  await boutonPec(autre).click();
  await Promise.all(partis);
  await Promise.all([ici.lacher(), la.lacher()]);
  await seule(page, api, dossier);
  await seule(autre, api, dossier);
  expect(cles.map((des) => new Set(des).size)).toEqual([1, 1]);
  expect(new Set(cles.flat()).size).toBe(1);
});

test("a tab that has not seen the other's demande does not ask again", async ({ page, context, systeme }) => {
  const { nom, api, dossier } = await pret(page, systeme);
  const autre = await context.newPage();
  await connecter(autre, systeme, nom, { path: cheminDuPanneau(dossier) });
  await expect(boutonPec(autre)).toHaveAttribute("aria-disabled", "false");
  await boutonPec(page).click();
  await seule(page, api, dossier);
  await boutonPec(autre).click();
  await seule(autre, api, dossier);
});

// Nothing at the server keeps a shop from asking for a second cotation: here the key alone makes one of two.
test("a cotation of a double click, or of a reload while the server has it, is one", async ({ page, systeme }) => {
  const { api, dossier } = await pret(page, systeme);
  await cotation(page).dblclick();
  await expect(etat(page)).toContainText(/Cotation N°1 .* accordée/);
  expect(await demandesDe(api, dossier)).toHaveLength(1);

  await page.reload();
  await expect(cotation(page)).toHaveAttribute("aria-disabled", "false");
  const { suivant } = await retenir(page);
  const parti = suivant();
  await cotation(page).click();
  const demande = (await parti).request();
  await page.reload();
  await page.unroute(ENVOI);
  await expect(cotation(page)).toHaveAttribute("aria-disabled", "false");
  const { status } = await fetch(demande.url(), { method: "POST", headers: demande.headers(), body: demande.postData() });
  expect(status).toBe(201);
  await cotation(page).click();
  await expect(etat(page)).toContainText(/Cotation N°2 .* accordée/);
  expect(await demandesDe(api, dossier)).toHaveLength(2);
  expect(await credits(api)).toMatchObject({ disponibles: 100, reserves: 0, consommes: 0 });
});

test("a cotation that two tabs ask for at once is one", async ({ page, context, systeme }) => {
  const { nom, api, dossier } = await pret(page, systeme);
  const autre = await context.newPage();
  await connecter(autre, systeme, nom, { path: cheminDuPanneau(dossier) });
  await expect(cotation(autre)).toHaveAttribute("aria-disabled", "false");
  const [ici, la] = [await retenir(page), await retenir(autre)];
  const partis = [ici.suivant(), la.suivant()];
  await cotation(page).click();
  await cotation(autre).click();
  await Promise.all(partis);
  await Promise.all([ici.lacher(), la.lacher()]);
  await expect(etat(page)).toContainText(/Cotation N°1 .* accordée/);
  await expect(etat(autre)).toContainText(/Cotation N°1 .* accordée/);
  expect(await demandesDe(api, dossier)).toHaveLength(1);
});
