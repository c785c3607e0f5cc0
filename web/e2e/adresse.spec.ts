/** The address holds the state: a reload, the back button and a link sent to a colleague show the same thing. */
import { demander, dossierDe, PERSONNES } from "./donnees";
import { type Api, choisirMagasin, connecter, expect, magasinPret, test } from "./systeme";

test.setTimeout(120_000);

const personne = (rang: number) => PERSONNES[rang] as (typeof PERSONNES)[number];

/** One refused by the mutuelle and one granted. */
async function deuxDemandes(api: Api) {
  const refusee = await dossierDe(api, personne(0), "DEMO-INCONNU");
  const accordee = await dossierDe(api, personne(1), "DEMO-ACCORD");
  return {
    refusee: { dossier: refusee, demande: (await demander(api, refusee)).id },
    accordee: { dossier: accordee, demande: (await demander(api, accordee)).id },
  };
}

test("the filters of the work list survive a reload, the back button and a link", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  await deuxDemandes(api);
  await connecter(page, systeme, nom);
  const montfort = page.getByRole("row", { name: /MONTFORT/ });
  const legoff = page.getByRole("row", { name: /LE GOFF/ });
  await expect(montfort).toBeVisible();
  await expect(legoff).toBeVisible();
  await page.getByLabel("État", { exact: true }).selectOption({ label: "accordée" });
  await page.getByLabel("Nature").selectOption("PEC");
  await expect(montfort).toHaveCount(0);
  await expect(page).toHaveURL(`${systeme.url}/?etat=ACCORDEE&nature=PEC`);

  await page.reload();
  await expect(legoff).toBeVisible();
  await expect(montfort).toHaveCount(0);
  await expect(page.getByLabel("État", { exact: true })).toHaveValue("ACCORDEE");

  await legoff.getByRole("link").first().click();
  await expect(page).toHaveURL(/\/(demandes|dossiers)\//);
  await page.goBack();
  await expect(page).toHaveURL(`${systeme.url}/?etat=ACCORDEE&nature=PEC`);
  await expect(legoff).toBeVisible();
  await expect(montfort).toHaveCount(0);

  await page.goto(`${systeme.url}/?etat=REFUSEE`);
  await expect(montfort).toBeVisible();
  await expect(legoff).toHaveCount(0);
});

test("a name that is typed into the filter comes back after a reload and by the back button, and stands in no address", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  await deuxDemandes(api);
  const seen: string[] = [];
  page.on("request", (request) => seen.push(request.url()));
  await connecter(page, systeme, nom);
  const montfort = page.getByRole("row", { name: /MONTFORT/ });
  const legoff = page.getByRole("row", { name: /LE GOFF/ });
  await page.getByLabel("Client, numéro, référence").fill("le goff");
  await expect(montfort).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => JSON.stringify(history.state))).toContain("le goff");
  await page.reload();
  await expect(page.getByLabel("Client, numéro, référence")).toHaveValue("le goff");
  await expect(legoff).toBeVisible();
  await expect(montfort).toHaveCount(0);
  await legoff.getByRole("link").first().click();
  await expect(page.getByRole("heading", { level: 1, name: /LE GOFF/ })).toBeVisible();
  await page.goBack();
  await expect(page.getByLabel("Client, numéro, référence")).toHaveValue("le goff");
  await expect(montfort).toHaveCount(0);
  expect([...seen, page.url()].filter((url) => /goff/i.test(url))).toEqual([]);
});

test("the tab, the equipment and the demande of a dossier survive a reload and the back button", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDe(api, personne(0), "DEMO-INCONNU");
  await demander(api, id);
  const seconde = await demander(api, id);
  const { equipements } = await api.change<{ equipements: { numero: number; lignes: object[] }[] }>(`/v1/dossiers/${id}`, (dossier) => ({
    ...dossier,
    equipements: [
      ...dossier.equipements,
      {
        type: "LEN",
        code_risque: "MALADIE",
        lignes: [{ categorie: "LEN", quantite: 1, prix_unitaire_centimes: 3_000, designation: "Lentilles d'essai" }],
      },
    ] as unknown as { numero: number; lignes: object[] }[],
  }));
  const second = equipements[1]?.numero;
  await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
  const onglet = (name: string) => page.getByRole("tab", { name });
  await expect(onglet("Client et prescription")).toHaveAttribute("aria-selected", "true");
  await onglet("Équipements").click();
  await page.getByRole("button", { name: /^Équipement n° 2/ }).click();
  await expect(page).toHaveURL(`${systeme.url}/dossiers/${id}?onglet=equipements&equipement=${second}`);
  await page.reload();
  await expect(onglet("Équipements")).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("button", { name: /^Équipement n° 2/ })).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByLabel("Ligne 1 désignation")).toHaveValue("Lentilles d'essai");

  await onglet("Détail tiers payant").click();
  await expect(page.getByRole("region", { name: "État de la demande" })).toContainText("Aucune demande pour cet équipement.");
  await page.goBack();
  await expect(onglet("Équipements")).toHaveAttribute("aria-selected", "true");
  await page.goBack();
  await expect(page.getByRole("button", { name: /^Équipement n° 1/ })).toHaveAttribute("aria-pressed", "true");
  await page.goBack();
  await expect(onglet("Client et prescription")).toHaveAttribute("aria-selected", "true");
  await page.goForward();
  await expect(onglet("Équipements")).toHaveAttribute("aria-selected", "true");

  const { demandes } = await api.get<{ demandes: { id: string; numero: number }[] }>(`/v1/demandes?dossier_id=${id}`);
  const premiere = demandes.find(({ id: autre }) => autre !== seconde.id);
  await page.goto(`${systeme.url}/dossiers/${id}?onglet=tiers-payant&equipement=1&demande=${premiere?.id}`);
  const etat = page.getByRole("region", { name: "État de la demande" });
  await expect(etat.getByRole("status")).toContainText(`PEC N°${premiere?.numero}`);
  await page.reload();
  await expect(etat.getByRole("status")).toContainText(`PEC N°${premiere?.numero}`);
});

test("the search of the mutuelles and the tab of the settings survive a reload and the back button", async ({ page, systeme }) => {
  const { nom } = await magasinPret(systeme);
  await connecter(page, systeme, nom, { path: "/mutuelles" });
  const champ = page.getByRole("textbox", { name: /Nom, plateau/ }).or(page.getByRole("searchbox"));
  await champ.first().fill("90000001");
  await expect(page).toHaveURL(/\/mutuelles\?q=90000001$/);
  await page.reload();
  await expect(champ.first()).toHaveValue("90000001");
  await page.getByRole("table").getByRole("link").first().click();
  await expect(page).toHaveURL(/\/mutuelles\/mut_\w+$/);
  await page.goBack();
  await expect(page).toHaveURL(/\/mutuelles\?q=90000001$/);
  await expect(champ.first()).toHaveValue("90000001");

  await page.getByRole("link", { name: "Réglages" }).click();
  await page.getByRole("tab", { name: "Transmission" }).click();
  await expect(page).toHaveURL(/\/reglages\?onglet=transmission$/);
  await page.reload();
  await expect(page.getByRole("tab", { name: "Transmission" })).toHaveAttribute("aria-selected", "true");
  await page.goBack();
  await expect(page.getByRole("tab", { name: "Magasin" })).toHaveAttribute("aria-selected", "true");
});

test("a link to a demande opens for a colleague of the same shop, through the sign-in", async ({ page, browser, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const { refusee } = await deuxDemandes(api);
  await connecter(page, systeme, nom);
  await page
    .getByRole("row", { name: /MONTFORT/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByRole("heading", { level: 1, name: /MONTFORT/ })).toBeVisible();
  const lien = page.url();

  const ailleurs = await browser.newContext({ locale: "fr-FR", timezoneId: "Europe/Paris" });
  const collegue = await ailleurs.newPage();
  await collegue.goto(lien);
  await collegue.getByRole("button", { name: "Se connecter" }).click();
  await choisirMagasin(collegue, nom, "Opticien");
  await expect(collegue).toHaveURL(lien);
  await expect(collegue.getByRole("heading", { level: 1, name: /MONTFORT/ })).toBeVisible();
  await expect(collegue.getByText("Adhérent de démonstration inconnu").first()).toBeVisible();
  await collegue.goto(`${systeme.url}/demandes/${refusee.demande}`);
  await expect(collegue.getByRole("heading", { level: 1, name: /^PEC N°1 · .*MONTFORT/ })).toBeVisible();
  await ailleurs.close();
});
