import { sansFaute } from "./axe";
import { demander, quand, test } from "./donnees";
import { ecrans, ouvrir, PARTIES } from "./ecrans";
import { cheminDuPanneau } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret } from "./systeme";

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

test("the states that need time, below the threshold of credits: sending, never arrived, expired", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre, { credits: 5 });
  const perdue = await demander(api, await dossierDuManuel(api, "DEMO-PERDU"));
  await systemePropre.avancer(95);
  await expect
    .poll(async () => (await api.get<{ evenements: { quoi: string }[] }>(`/v1/demandes/${perdue.id}`)).evenements.map(({ quoi }) => quoi))
    .toContain("INCONNUE");
  await systemePropre.avancer(15 * 60);
  await quand(api, perdue.id, (etat) => etat === "NON_TRANSMISE");
  const expiree = await demander(api, await dossierDuManuel(api, "DEMO-EXPIRE"));
  await systemePropre.avancer(61 * 86_400);
  // The tokens of before are over too.
  const plusTard = await systemePropre.api(nom, "GERANT");
  await quand(plusTard, expiree.id, (etat) => etat === "EXPIREE");
  const lente = await dossierDuManuel(plusTard, "DEMO-LENT");
  await connecter(page, systemePropre, nom);
  await expect(page.getByRole("status").filter({ hasText: /Il reste \d crédits/ })).toBeVisible();
  await ouvrir(page, systemePropre, `/demandes/${perdue.id}`);
  await sansFaute(page, "demande that never arrived, few credits");
  await ouvrir(page, systemePropre, `/demandes/${expiree.id}`);
  await sansFaute(page, "demande expired");
  await plusTard.post(`/v1/dossiers/${lente}/demandes`, { nature: "PEC", equipement: 1 });
  await ouvrir(page, systemePropre, cheminDuPanneau(lente));
  await expect(page.getByRole("timer")).toBeVisible();
  await sansFaute(page, "sending, with its timer");
  await expect(page.getByRole("timer")).toBeVisible();
});

test("what somebody else changed, and the end of a session", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { conventions: false });
  const dossier = await api.post<{ id: string }>("/v1/dossiers", { beneficiaire: { nom: "MONTFORT", prenom: "Fabienne" } });
  await connecter(page, systeme, nom, { path: `/dossiers/${dossier.id}` });
  const prenom = page.locator("#champ-beneficiaire-prenom");
  await expect(prenom).toHaveValue("Fabienne");
  await api.change<Record<string, object>>(`/v1/dossiers/${dossier.id}`, (lu) => ({
    ...lu,
    beneficiaire: { ...lu.beneficiaire, prenom: "Francine" },
  }));
  await prenom.fill("Fabiola");
  await prenom.press("Tab");
  await expect(page.getByRole("alert").filter({ hasText: "Quelqu'un d'autre a modifié la même chose" })).toBeVisible();
  await sansFaute(page, "conflict in a dossier");
  await ouvrir(page, systeme, "/reglages");
  await expect(page.getByLabel("Nom du magasin")).toHaveValue("Optique des Essais");
  await api.change("/v1/magasin", (magasin) => ({ ...magasin, nom: "Optique du Port" }));
  await page.getByLabel("Nom du magasin").fill("Optique du Phare");
  await page.getByRole("button", { name: "Enregistrer" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "La fiche a changé entre-temps" })).toBeVisible();
  await sansFaute(page, "settings that changed meanwhile");
  await page.route("**/v1/**", (route) => route.fulfill({ status: 401, json: {} }));
  await page.getByRole("link", { name: "Clients et dossiers" }).click();
  await expect(page.getByRole("dialog", { name: "Votre session est terminée" })).toBeVisible();
  await sansFaute(page, "session that ended");
});

test("lines being edited, rows that were rejected, the numbers behind the charts", async ({ page, systeme, rempli }) => {
  await connecter(page, systeme, rempli.nom, { path: "/mutuelles/nouvelle" });
  for (const quoi of ["Forfaits", "Régimes associés"]) await page.getByRole("button", { name: `Ajouter : ${quoi}` }).click();
  await expect(page.getByRole("button", { name: /^Terminer/ })).toHaveCount(2);
  await sansFaute(page, "forfait and régime being edited");
  await page.getByRole("button", { name: "Abandonner la saisie" }).click();
  await ouvrir(page, systeme, "/mutuelles/import");
  await page.locator('input[type="file"]').setInputFiles({
    name: "mutuelles.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("nom;plateau;identifiant;pec\nMutuelle du Coin;;;NON\n;;;NON\nMutuelle du Port;;;PEUT-ETRE\n"),
  });
  await expect(page.getByRole("region", { name: "Lignes rejetées" })).toBeVisible();
  await sansFaute(page, "import with rejected rows");
  for (const path of ["/tableau-de-bord", "/credits"]) {
    await ouvrir(page, systeme, path);
    const chiffres = page.getByText("Voir les chiffres");
    await expect(chiffres.first()).toBeVisible();
    for (const un of await chiffres.all()) await un.click();
    await expect(page.getByRole("figure").getByRole("table").first()).toBeVisible();
    await sansFaute(page, `numbers of ${path}`);
  }
});
