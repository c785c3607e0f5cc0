/** What is typed is what is kept and sent: nothing is dropped without a word, and no key does more than it says. */
import type { Page } from "@playwright/test";
import { demandesDe, dossierDe, PERSONNES } from "./donnees";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test.setTimeout(120_000);

const etat = (page: Page, mot: RegExp) => page.getByRole("status").filter({ hasText: mot });
const enregistre = (page: Page) => expect(etat(page, /^Enregistré/)).toBeVisible();

test("a price that could not be read is listed, stops the sending, and is still there after another tab and a reload", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD");
  await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=equipements&equipement=1` });
  const prix = page.getByLabel("Ligne 2 prix");
  await prix.fill("25O");
  await page.keyboard.press("Alt+3");
  const alerte = page.getByRole("alert").filter({ hasText: "À corriger pour enregistrer" });
  await expect(alerte).toContainText("« 25O » n'a pas été compris. Un montant en euros");
  await expect(etat(page, /^Non enregistré : une saisie est à corriger/)).toBeVisible();
  const demander = page.getByRole("button", { name: /^PEC \(1 crédit\)/ });
  await expect(demander).toBeEnabled();
  await demander.click();
  await expect(alerte).toBeInViewport();
  await page.reload();
  await expect(page.getByText("Votre saisie est revenue")).toBeVisible();
  await alerte.getByRole("button", { name: "Équipement 1, ligne 2 : Prix" }).click();
  await expect(prix).toBeFocused();
  await expect(prix).toHaveValue("25O");
  await expect(prix).toHaveAttribute("aria-invalid", "true");
  expect(await demandesDe(api, id)).toEqual([]);
  await prix.fill("260");
  await prix.press("Tab");
  await expect(alerte).toHaveCount(0);
  await enregistre(page);
  const { equipements } = await api.get<{ equipements: { lignes: unknown[] }[] }>(`/v1/dossiers/${id}`);
  expect(equipements[0]?.lignes).toMatchObject([{}, { prix_unitaire_centimes: 26_000 }, {}]);
});

test("a forfait whose amount could not be read stays open, and is not saved", async ({ page, systeme }) => {
  const { nom } = await magasinPret(systeme, { conventions: false });
  await connecter(page, systeme, nom, { path: "/mutuelles/nouvelle" });
  await page.getByLabel("Nom", { exact: true }).fill("Mutuelle des Phares");
  await page.getByRole("button", { name: "Ajouter : Forfaits" }).click();
  await page.getByLabel("Libellé").fill("Confort");
  await page.getByLabel("Type").selectOption("FIXE");
  const montant = page.getByLabel("Montant (€)");
  await montant.fill("15O");
  await montant.press("Enter");
  await expect(montant).toHaveValue("15O");
  await page.getByRole("button", { name: "Créer la mutuelle" }).click();
  await expect(montant).toBeFocused();
  await expect(page).toHaveURL(/nouvelle/);
  await montant.fill("150");
  await montant.press("Enter");
  await expect(page.getByText("Confort")).toBeVisible();
  await page.getByRole("button", { name: "Créer la mutuelle" }).click();
  await expect(page).toHaveURL(/\/mutuelles\/mut_\w+$/);
});

test("a prescriber who is known by name alone can be typed", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { conventions: false });
  const qui = { nom: "MONTFORT", qualite: "ASSURE" };
  const dossier = { date: "2026-01-05", beneficiaire: qui, equipements: [] };
  await api.post("/v1/dossiers", { ...dossier, prescription: { prescripteur: { nom: "Besnainou" } } });
  const { id } = await api.post<{ id: string }>("/v1/dossiers", dossier);
  await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
  const champ = page.getByRole("combobox", { name: "Prescripteur" });
  await champ.fill("Bes");
  await expect(page.getByRole("option", { name: "Besnainou" })).toBeVisible();
  await champ.fill("Besnainou");
  await champ.press("Tab");
  await enregistre(page);
  await expect
    .poll(async () => await api.get(`/v1/dossiers/${id}`))
    .toMatchObject({ prescription: { prescripteur: { nom: "Besnainou" } } });
});

test("Ctrl+Suppr erases a word in a text, and removes no line but the one that has the focus", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=equipements&equipement=1` });
  const lignes = page.getByLabel(/^Ligne \d désignation$/);
  await expect(lignes).toHaveCount(3);
  const taux = page.getByLabel("Taux (%)");
  await taux.fill("60");
  await taux.press("Home");
  await taux.press("Control+Delete");
  await expect(taux).toHaveValue("");
  const designation = page.getByLabel("Ligne 1 désignation");
  await designation.focus();
  await designation.press("Home");
  await designation.press("Control+Delete");
  await expect(designation).toHaveValue(/^\s?Advans Orma/);
  for (let mot = 0; mot < 12; mot += 1) await designation.press("Control+Delete");
  await expect(designation).toHaveValue("");
  await expect(lignes).toHaveCount(3);
  // What was typed last in a line that goes is no other line's.
  await page.getByLabel("Ligne 1 prix").fill("999");
  await page.getByLabel("Ligne 1 prix").press("Control+Delete");
  await expect(lignes).toHaveCount(2);
  await expect(page.getByLabel("Ligne 1 désignation")).toBeFocused();
  await expect(page.getByLabel("Ligne 1 prix")).toHaveValue("250,00");
  await page.getByRole("button", { name: "Annuler la suppression" }).click();
  await expect(page.getByLabel("Ligne 1 prix")).toHaveValue("999,00");
});

test("« Reprendre » says why it could not, and can be asked again", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  await dossierDe(api, PERSONNES[0] as (typeof PERSONNES)[number], "DEMO-ACCORD", false);
  await connecter(page, systeme, nom, { path: "/dossiers/nouveau" });
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await page.getByLabel("Nom", { exact: true }).press("Tab");
  const fiche = /\/v1\/clients\/cli_\w+$/;
  await page.route(fiche, (route) => route.fulfill({ status: 500, body: "" }));
  await page.getByRole("button", { name: /^Reprendre Fabienne MONTFORT/ }).click();
  const alerte = page.getByRole("alert").filter({ hasText: "Le serveur a répondu « 500 »" });
  await expect(alerte).toBeVisible();
  await page.unroute(fiche);
  await alerte.getByRole("button", { name: "Réessayer" }).click();
  await expect(page.getByLabel("Prénom", { exact: true })).toHaveValue("Fabienne");
});

test("a file in Windows-1252 is imported as it was written, and goes as bytes", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  await connecter(page, systeme, nom, { path: "/mutuelles/import" });
  const envoi = page.waitForRequest(/\/v1\/mutuelles\/import/);
  const fichier = "nom;plateau;identifiant;pec\nÉcureuil prévoyance;;;NON\n";
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "mutuelles.csv", mimeType: "text/csv", buffer: Buffer.from(fichier, "latin1") });
  // What is called text is read as UTF-8 by the cloud's gateway, which would lose the accents.
  expect((await envoi).headers()["content-type"]).toBe("application/octet-stream");
  await page.getByRole("button", { name: "Importer pour de bon" }).click();
  await expect(page.getByText("Import terminé").first()).toBeVisible();
  const { mutuelles } = await api.get<{ mutuelles: { nom: string }[] }>("/v1/mutuelles?q=ecureuil");
  expect(mutuelles.map((mutuelle) => mutuelle.nom)).toEqual(["Écureuil prévoyance"]);
});
