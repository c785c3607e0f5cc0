import { sansFaute } from "./axe";
import { test } from "./donnees";
import { ecrans, ouvrir, PARTIES } from "./ecrans";
import { connecter, expect, magasinPret } from "./systeme";

test.setTimeout(180_000);

test("the sign-in, the way back and an unknown address", async ({ page, systeme }) => {
  await page.goto(systeme.url);
  await expect(page.getByRole("button", { name: "Se connecter" })).toBeVisible();
  await sansFaute(page, "sign-in");
  await page.goto(`${systeme.url}/connexion/retour?code=perime&state=inconnu`);
  await expect(page.getByRole("alert")).toBeVisible();
  await sansFaute(page, "a way back that failed");
  const { nom } = await magasinPret(systeme, { conventions: false });
  await connecter(page, systeme, nom, { path: "/nulle-part" });
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await sansFaute(page, "an unknown address");
});

test("the empty screens of a shop that begins", async ({ page, systeme }) => {
  const { nom } = await magasinPret(systeme, { credits: 0, conventions: false });
  await connecter(page, systeme, nom);
  for (const path of ["/", "/clients", "/mutuelles", "/credits", "/tableau-de-bord", "/reglages"]) {
    await ouvrir(page, systeme, path);
    await sansFaute(page, `empty ${path}`);
  }
});

for (const partie of PARTIES)
  test(`the screens of a shop that has worked for a while: ${partie}`, async ({ page, systeme, rempli }) => {
    await connecter(page, systeme, rempli.nom);
    for (const ecran of ecrans(rempli)[partie]) {
      await ouvrir(page, systeme, ecran.chemin);
      await sansFaute(page, ecran.nom);
    }
  });

test("the screens of somebody who may only read", async ({ page, systeme, rempli }) => {
  await connecter(page, systeme, rempli.nom, { role: "Lecture" });
  const { client, vierge, aVerifier, mutuelle } = rempli;
  for (const chemin of [
    "/",
    `/clients/${client}`,
    `/dossiers/${vierge}?onglet=equipements`,
    `/demandes/${aVerifier.demande}`,
    `/mutuelles/${mutuelle}`,
    "/reglages",
  ]) {
    await ouvrir(page, systeme, chemin);
    await sansFaute(page, `read only ${chemin}`);
  }
});

test("what opens over a screen: search, keys, menu, choice of the mutuelle, forms, a line's details", async ({ page, systeme, rempli }) => {
  await connecter(page, systeme, rempli.nom);
  await ouvrir(page, systeme, "/");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /^Nom, n° de sécurité/ }).fill("mont");
  await expect(page.getByRole("listbox", { name: "Résultats" }).getByRole("option").first()).toBeVisible();
  await sansFaute(page, "search");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Mon compte/ }).click();
  await expect(page.getByRole("menuitem", { name: "Se déconnecter" })).toBeVisible();
  await sansFaute(page, "menu of the account");
  await page.getByRole("menuitem", { name: "Raccourcis clavier" }).click();
  await expect(page.getByRole("dialog", { name: "Raccourcis clavier" })).toBeVisible();
  await sansFaute(page, "keys");
  await ouvrir(page, systeme, `/dossiers/${rempli.vierge}?onglet=tiers-payant&equipement=1`);
  await page.keyboard.press("F3");
  await page.getByRole("combobox", { name: "Nom, plateau ou identifiant" }).fill("demo");
  await expect(page.getByRole("dialog").getByRole("radio").first()).toBeVisible();
  await sansFaute(page, "choice of the mutuelle");
  await ouvrir(page, systeme, `/dossiers/${rempli.vierge}?onglet=equipements&equipement=1`);
  await page.getByRole("button", { name: "Détail de la ligne 1" }).click();
  await sansFaute(page, "details of a line");
  await page.getByRole("button", { name: "Imprimer", exact: true }).click();
  await expect(page.getByRole("menuitem", { name: "Devis" })).toBeVisible();
  await sansFaute(page, "menu of the papers");
  await ouvrir(page, systeme, `/demandes/${rempli.accordee.demande}`);
  await page.getByRole("button", { name: "Annuler la demande" }).click();
  await page.getByRole("button", { name: "Confirmer l'annulation" }).click();
  await expect(page.getByText("Écrivez pourquoi la demande est annulée.")).toBeVisible();
  await sansFaute(page, "cancellation, with its fault");
  await ouvrir(page, systeme, `/demandes/${rempli.aVerifier.demande}`);
  await page.getByRole("button", { name: "Décider", exact: true }).click();
  await page.getByLabel("Issue").selectOption("ACCORDEE");
  await sansFaute(page, "decision");
});

test("what goes wrong: faults of a form, a server that is down", async ({ page, systeme, rempli }) => {
  await connecter(page, systeme, rempli.nom, { path: "/dossiers/nouveau" });
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await page.getByLabel("N° de sécurité sociale", { exact: true }).fill("278052A00412359");
  await page.getByLabel("Date de naissance", { exact: true }).fill("32/13/1978");
  await page.getByLabel("Prénom", { exact: true }).focus();
  await expect(page.getByRole("alert")).toBeVisible();
  await sansFaute(page, "faults of a dossier");
  await page.route("**/v1/**", (route) => route.abort("connectionrefused"));
  await page.getByRole("link", { name: "Crédits", exact: true }).click();
  await expect(page.getByText("Le serveur ne répond pas.", { exact: true })).toBeVisible();
  await sansFaute(page, "server down");
});
