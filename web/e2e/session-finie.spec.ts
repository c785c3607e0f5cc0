/** A session that ends in the middle of a form: nothing that was typed is lost, and nobody else sees it. */
import type { Page } from "@playwright/test";
import { nir } from "./donnees";
import { choisirMagasin, connecter, dossierDuManuel, expect, magasinPret, type Systeme, test } from "./systeme";

test.setTimeout(120_000);

const TREIZE_HEURES = 13 * 3_600;
const NIR = nir("2780575004123");

/** Holds the first write to an address back until all is typed: then it is the write that meets the end of the session. */
async function retenir(page: Page, chemin: RegExp): Promise<() => void> {
  let lacher: () => void = () => undefined;
  const typed = new Promise<void>((done) => {
    lacher = done;
  });
  await page.route(chemin, async (route) => {
    if (route.request().method() !== "GET") await typed;
    await route.fallback();
  });
  return lacher;
}

const dialogue = (page: Page) => page.getByRole("dialog", { name: "Votre session est terminée" });

/** What the dialog offers, and the page of the issuer. */
async function reconnecter(page: Page, magasin: string, role?: string): Promise<void> {
  await expect(dialogue(page)).toContainText("Ce que vous avez tapé est gardé sur ce poste");
  await dialogue(page).getByRole("button", { name: "Se reconnecter" }).click();
  await choisirMagasin(page, magasin, role);
  await expect(page.getByRole("navigation", { name: "Menu principal" })).toBeAttached();
}

/** The keys of what this tab keeps of forms. */
const brouillons = (page: Page) =>
  page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith("brouillon:") && !key.includes("recherche")));

const enregistre = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Enregistré/ })).toBeVisible();

async function commencer(page: Page, systeme: Systeme, path: string) {
  const magasin = await magasinPret(systeme);
  await connecter(page, systeme, magasin.nom, { path });
  return magasin;
}

test("a new client being typed is there again after signing in, and is saved once", async ({ page, systemePropre }) => {
  const { nom, api } = await commencer(page, systemePropre, "/clients/nouveau");
  const lacher = await retenir(page, /\/v1\/clients$/);
  await systemePropre.avancer(TREIZE_HEURES);
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  await page.getByLabel("Prénom", { exact: true }).fill("Fabienne");
  await page.getByLabel("Date de naissance").fill("14051978");
  // The caret stands in the field still when the dialog comes.
  await page.getByLabel("N° de sécurité sociale").fill(NIR);
  lacher();
  await reconnecter(page, nom);

  await expect(page.getByText("Votre saisie est revenue")).toBeVisible();
  await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("MONTFORT");
  await expect(page.getByLabel("Prénom", { exact: true })).toHaveValue("Fabienne");
  await expect(page.getByLabel("Date de naissance")).toHaveValue("14/05/1978");
  await expect(page.getByLabel("N° de sécurité sociale")).toHaveValue(/^2 78 05 75 004 123 \d\d$/);
  await enregistre(page);
  await expect(page).toHaveURL(/\/clients\/cli_\w+$/);
  const { clients } = await api.ok<{ clients: { id: string }[] }>("POST", "/v1/clients/recherche", { q: "MONTFORT" });
  expect(clients).toHaveLength(1);
  expect(await api.get(`/v1/clients/${clients[0]?.id}`)).toMatchObject({
    nom: "MONTFORT",
    prenom: "Fabienne",
    date_naissance: "1978-05-14",
    nir: NIR,
  });
  await expect.poll(() => brouillons(page)).toEqual([]);
});

test("a dossier being changed is there again, at the same tab, and is saved", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systemePropre, nom, { path: `/dossiers/${id}?onglet=equipements&equipement=1` });
  const designation = page.getByLabel("Ligne 3 désignation");
  await expect(designation).toHaveValue("DOLCE GABBANA 339 720 51*19");
  const lacher = await retenir(page, new RegExp(`/v1/dossiers/${id}$`));
  await systemePropre.avancer(TREIZE_HEURES);
  await page.getByLabel("Ligne 1 prix").fill("261");
  await page.getByLabel("Ligne 2 prix").fill("262,50");
  await designation.fill("RAY-BAN 5154 2000 49*21");
  lacher();
  await reconnecter(page, nom);

  await expect(page).toHaveURL(`${systemePropre.url}/dossiers/${id}?onglet=equipements&equipement=1`);
  await expect(page.getByLabel("Ligne 1 prix")).toHaveValue("261,00");
  await expect(page.getByLabel("Ligne 2 prix")).toHaveValue("262,50");
  await expect(designation).toHaveValue("RAY-BAN 5154 2000 49*21");
  await enregistre(page);
  const { equipements } = await api.get<{ equipements: { lignes: unknown[] }[] }>(`/v1/dossiers/${id}`);
  expect(equipements[0]?.lignes).toMatchObject([
    { prix_unitaire_centimes: 26_100 },
    { prix_unitaire_centimes: 26_250 },
    { designation: "RAY-BAN 5154 2000 49*21" },
  ]);
});

test("a new dossier that could not be saved yet is there again, and is saved once its name is typed", async ({ page, systemePropre }) => {
  const { nom, api } = await commencer(page, systemePropre, "/dossiers/nouveau");
  await page.getByLabel("Prénom", { exact: true }).fill("Yann");
  await page.getByLabel("Date de naissance").fill("02/11/1961");
  await page.getByRole("tab", { name: "Équipements" }).click();
  await page.getByRole("button", { name: /Ajouter une ligne/ }).click();
  await page.getByLabel("Ligne 1 désignation").fill("VARILUX Comfort");
  await page.getByLabel("Ligne 1 prix").fill("180");
  await systemePropre.avancer(TREIZE_HEURES);
  await page.reload();
  await reconnecter(page, nom);

  await expect(page.getByLabel("Ligne 1 désignation")).toHaveValue("VARILUX Comfort");
  await expect(page.getByLabel("Ligne 1 prix")).toHaveValue("180,00");
  await page.getByRole("tab", { name: "Client et prescription" }).click();
  await expect(page.getByLabel("Prénom", { exact: true })).toHaveValue("Yann");
  await expect(page.getByLabel("Date de naissance")).toHaveValue("02/11/1961");
  expect((await api.get<{ dossiers: unknown[] }>("/v1/dossiers")).dossiers).toEqual([]);
  await page.getByLabel("Nom", { exact: true }).fill("LE GOFF");
  await page.getByLabel("Nom", { exact: true }).press("Tab");
  await enregistre(page);
  const { dossiers } = await api.get<{ dossiers: unknown[] }>("/v1/dossiers");
  expect(dossiers).toMatchObject([{ beneficiaire: { nom: "LE GOFF", prenom: "Yann", date_naissance: "1961-11-02" } }]);
  await expect.poll(() => brouillons(page)).toEqual([]);
});

test("a mutuelle being typed is there again after its save was refused, and is saved once", async ({ page, systemePropre }) => {
  const { nom, api } = await commencer(page, systemePropre, "/mutuelles/nouvelle");
  await page.getByLabel("Nom", { exact: true }).fill("Mutuelle du Coin");
  await page.getByLabel("Localité").fill("Quimper");
  await page.getByRole("button", { name: "Ajouter : Régimes" }).click();
  await page.getByLabel("Code", { exact: true }).fill("R1");
  await page.getByLabel("Libellé").fill("Régime des essais");
  await systemePropre.avancer(TREIZE_HEURES);
  await page.getByRole("button", { name: "Créer la mutuelle" }).click();
  await reconnecter(page, nom);

  await expect(page.getByText("Votre saisie non enregistrée a été reprise")).toBeVisible();
  await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("Mutuelle du Coin");
  await expect(page.getByLabel("Localité")).toHaveValue("Quimper");
  await expect(page.getByText("Régime des essais")).toBeVisible();
  await page.getByRole("button", { name: "Créer la mutuelle" }).click();
  await expect(page).toHaveURL(/\/mutuelles\/mut_\w+$/);
  const { mutuelles } = await api.get<{ mutuelles: { id: string }[] }>("/v1/mutuelles?q=Mutuelle du Coin");
  expect(mutuelles).toHaveLength(1);
  expect(await api.get(`/v1/mutuelles/${mutuelles[0]?.id}`)).toMatchObject({
    nom: "Mutuelle du Coin",
    adresse: { localite: "Quimper" },
    regimes: [{ code: "R1", libelle: "Régime des essais" }],
  });
  await expect.poll(() => brouillons(page)).toEqual([]);
});

for (const autre of ["a colleague of the same shop", "somebody of another shop"])
  test(`${autre} who signs in sees nothing of what the first person typed, and saves nothing of it`, async ({ page, systemePropre }) => {
    const { nom, api } = await commencer(page, systemePropre, "/clients/nouveau");
    const autreMagasin = await magasinPret(systemePropre, { conventions: false });
    const lacher = await retenir(page, /\/v1\/clients$/);
    await systemePropre.avancer(TREIZE_HEURES);
    await page.getByLabel("Nom", { exact: true }).fill("BENALI");
    await page.getByLabel("Prénom", { exact: true }).fill("Samira");
    lacher();
    await expect(dialogue(page)).toBeVisible();
    expect(await brouillons(page)).toHaveLength(1);
    const memeMagasin = autre.includes("colleague");
    // The first person's own screen may still try with its dead token; what counts is that nobody's try succeeds.
    const taken: number[] = [];
    page.on("response", (response) => {
      const save = response.request().method() === "POST" && response.url().endsWith("/v1/clients");
      if (save && response.status() !== 401) taken.push(response.status());
    });
    await reconnecter(page, memeMagasin ? nom : autreMagasin.nom, memeMagasin ? "Opticien" : "Gérant");

    await expect(page.getByRole("heading", { level: 1, name: "Nouveau client" })).toBeVisible();
    await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("");
    await expect(page.getByLabel("Prénom", { exact: true })).toHaveValue("");
    await expect(page.getByText("Votre saisie est revenue")).toHaveCount(0);
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain("BENALI");
    expect(taken).toEqual([]);
    for (const de of [api, autreMagasin.api])
      expect(await de.ok("POST", "/v1/clients/recherche", { q: "BENALI" })).toMatchObject({ clients: [] });
  });
