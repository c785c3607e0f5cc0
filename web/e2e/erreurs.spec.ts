/** Every refusal of the API ends in words: at its field, at the top with a way to the field, with a choice, with a wait or with a reference. */
import type { Page } from "@playwright/test";
import { demander, dossierDe, PERSONNES } from "./donnees";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test.setTimeout(120_000);

const QUI = PERSONNES[0] as (typeof PERSONNES)[number];
const enregistre = (page: Page) => expect(page.getByRole("status").filter({ hasText: /^Enregistré/ })).toBeVisible();

/** Answers what matches as a server, or something between it and the browser, might. */
async function repondre(page: Page, method: string, chemin: RegExp, reponse: Parameters<import("@playwright/test").Route["fulfill"]>[0]) {
  await page.route(chemin, (route) => (route.request().method() === method ? route.fulfill(reponse) : route.fallback()));
}

const probleme = (status: number, title: string, detail: string, headers: Record<string, string> = {}) => ({
  status,
  headers: { "Content-Type": "application/problem+json", ...headers },
  body: JSON.stringify({ type: "/problemes/essai", title, status, detail, instance: "requete-0042", erreurs: [] }),
});

test.describe("faults stand at their field, and at the top with a link to it", () => {
  test("of a client", async ({ page, systeme }) => {
    const { nom } = await magasinPret(systeme, { conventions: false });
    await connecter(page, systeme, nom, { path: "/clients/nouveau" });
    await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
    const nirField = page.getByLabel("N° de sécurité sociale");
    await nirField.fill("278057500412300");
    await nirField.press("Tab");
    const alerte = page.getByRole("alert").filter({ hasText: "À corriger pour enregistrer" });
    await expect(alerte).toContainText("La clé du numéro de sécurité sociale ne correspond pas");
    await expect(nirField).toHaveAttribute("aria-invalid", "true");
    await expect(nirField).toHaveAccessibleDescription(/La clé du numéro de sécurité sociale ne correspond pas/);
    await alerte.getByRole("button", { name: "N° de sécurité sociale" }).click();
    await expect(nirField).toBeFocused();
    await nirField.fill("");
    await nirField.press("Tab");
    await enregistre(page);
    await expect(alerte).toHaveCount(0);
  });

  test("of a dossier, though the field stands in another tab", async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme);
    const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
    await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=equipements&equipement=1` });
    const lpp = page.getByLabel("Ligne 2 code LPP");
    await lpp.fill("12");
    await page.getByRole("tab", { name: "Client et prescription" }).click();
    const alerte = page.getByRole("alert").filter({ hasText: "À corriger pour enregistrer" });
    await expect(alerte).toBeVisible();
    await alerte.getByRole("button", { name: "Équipement 1, ligne 2 : Code LPP" }).click();
    await expect(lpp).toBeFocused();
    await expect(lpp).toHaveAttribute("aria-invalid", "true");
    await expect(page).toHaveURL(/onglet=equipements/);
    await lpp.fill("2203240");
    await lpp.press("Tab");
    await enregistre(page);
    await expect(alerte).toHaveCount(0);
  });

  test("of a dossier whose name was emptied", async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme);
    const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
    await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
    const champ = page.locator("#champ-beneficiaire-nom");
    await champ.fill("");
    await champ.press("Tab");
    const alerte = page.getByRole("alert").filter({ hasText: "À corriger pour enregistrer" });
    await alerte.getByRole("button", { name: "Bénéficiaire : Nom" }).click();
    await expect(champ).toBeFocused();
    await expect(champ).toHaveAttribute("aria-invalid", "true");
    expect(await api.get(`/v1/dossiers/${id}`)).toMatchObject({ beneficiaire: { nom: "MONTFORT" } });
  });

  test("of the shop", async ({ page, systeme }) => {
    const { nom } = await magasinPret(systeme, { conventions: false });
    await connecter(page, systeme, nom, { path: "/reglages" });
    const finess = page.getByLabel("FINESS");
    await finess.fill("12");
    const email = page.getByLabel("Email");
    await email.fill("pas une adresse");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    const alerte = page.getByRole("alert").filter({ hasText: "FINESS" });
    await expect(finess).toHaveAttribute("aria-invalid", "true");
    await alerte.getByRole("link", { name: /^FINESS : / }).click();
    await expect(finess).toBeFocused();
    await expect(finess).toHaveValue("12");
  });

  test("of a mutuelle, also inside a line of its lists", async ({ page, systeme }) => {
    const { nom } = await magasinPret(systeme, { conventions: false });
    await connecter(page, systeme, nom, { path: "/mutuelles/nouvelle" });
    await page.getByLabel("Nom", { exact: true }).fill("Mutuelle des Phares");
    await page.getByLabel("Plateau").fill("12");
    await page.getByRole("button", { name: "Ajouter : Régimes" }).click();
    await page.getByLabel("Libellé").fill("Sans code");
    await page.getByLabel("Libellé").press("Enter");
    await page.getByRole("button", { name: "Créer la mutuelle" }).click();
    const alerte = page.getByRole("alert").filter({ hasText: "Plateau" });
    await alerte.getByRole("link", { name: /^Plateau : / }).click();
    await expect(page.getByLabel("Plateau")).toBeFocused();
    await expect(page.getByLabel("Plateau")).toHaveAttribute("aria-invalid", "true");
    await alerte.getByRole("link", { name: /^Régime 1, code : / }).click();
    await expect(page.getByLabel("Code", { exact: true })).toBeFocused();
    await expect(page.getByLabel("Code", { exact: true })).toHaveAttribute("aria-invalid", "true");
  });

  test("of a decision", async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme);
    const dossier = await dossierDe(api, QUI, "DEMO-STATUT-NOUVEAU");
    const { id } = await demander(api, dossier);
    await connecter(page, systeme, nom, { path: `/demandes/${id}` });
    await page.getByRole("button", { name: "Décider", exact: true }).click();
    const form = page.getByRole("dialog", { name: /^Décider de/ });
    await form.getByLabel("Issue").selectOption({ label: "Accordée" });
    await form.getByLabel("Montant global").fill("99999");
    await form.getByLabel("Motif").fill("Madame Martin, au téléphone ce matin");
    await form.getByRole("button", { name: "Enregistrer la décision" }).click();
    const alerte = form.getByRole("alert");
    await alerte.getByRole("link", { name: /^Montant global : / }).click();
    await expect(form.getByLabel("Montant global")).toBeFocused();
    await expect(form.getByLabel("Montant global")).toHaveAttribute("aria-invalid", "true");
    await expect(form.getByLabel("Motif")).toHaveValue("Madame Martin, au téléphone ce matin");
    await form.getByLabel("Montant global").fill("80");
    await form.getByRole("button", { name: "Enregistrer la décision" }).click();
    await expect(form).toHaveCount(0);
    expect(await api.get(`/v1/demandes/${id}`)).toMatchObject({ etat: "ACCORDEE", montant_global_centimes: 8_000 });
  });
});

test.describe("what somebody else changed meanwhile", () => {
  test("in another field of the same dossier is taken over without a word", async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme);
    const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
    await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
    const prenom = page.locator("#champ-beneficiaire-prenom");
    await expect(prenom).toHaveValue("Fabienne");
    await api.change<Record<string, object>>(`/v1/dossiers/${id}`, (dossier) => ({
      ...dossier,
      tiers_payant: { ...dossier.tiers_payant, numero_contrat: "C-77" },
    }));
    await prenom.fill("Fabiola");
    await prenom.press("Tab");
    await expect
      .poll(() => api.get(`/v1/dossiers/${id}`))
      .toMatchObject({ beneficiaire: { prenom: "Fabiola" }, tiers_payant: { numero_contrat: "C-77" } });
    await enregistre(page);
  });

  for (const choix of ["mine", "the other's"])
    test(`in the same field of a dossier is asked about: ${choix} is kept`, async ({ page, systeme }) => {
      const { nom, api } = await magasinPret(systeme);
      const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
      await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
      const prenom = page.locator("#champ-beneficiaire-prenom");
      await expect(prenom).toHaveValue("Fabienne");
      await api.change<Record<string, object>>(`/v1/dossiers/${id}`, (dossier) => ({
        ...dossier,
        beneficiaire: { ...dossier.beneficiaire, prenom: "Francine" },
      }));
      await prenom.fill("Fabiola");
      await prenom.press("Tab");
      const alerte = page.getByRole("alert").filter({ hasText: "Quelqu'un d'autre a modifié la même chose" });
      await expect(alerte).toContainText("Bénéficiaire : Prénom");
      expect(await api.get(`/v1/dossiers/${id}`)).toMatchObject({ beneficiaire: { prenom: "Francine" } });
      const [bouton, garde] =
        choix === "mine" ? (["Garder ma saisie : Fabiola", "Fabiola"] as const) : (["Prendre l'autre : Francine", "Francine"] as const);
      await alerte.getByRole("button", { name: bouton }).click();
      await expect(alerte).toHaveCount(0);
      await enregistre(page);
      await expect(prenom).toHaveValue(garde);
      expect(await api.get(`/v1/dossiers/${id}`)).toMatchObject({ beneficiaire: { prenom: garde } });
    });

  test("in the settings is told, nothing is overwritten, and each of the two choices works", async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme, { conventions: false });
    await connecter(page, systeme, nom, { path: "/reglages" });
    const champ = page.getByLabel("Nom du magasin");
    await expect(champ).toHaveValue("Optique des Essais");
    await api.change("/v1/magasin", (magasin) => ({ ...magasin, nom: "Optique du Port" }));
    await champ.fill("Optique du Phare");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    const alerte = page.getByRole("alert").filter({ hasText: "La fiche a changé entre-temps" });
    await expect(alerte).toContainText("Rien n'a été enregistré");
    expect(await api.get("/v1/magasin")).toMatchObject({ nom: "Optique du Port" });
    await alerte.getByRole("button", { name: /^Enregistrer ma saisie à la place/ }).click();
    await expect(alerte).toHaveCount(0);
    await expect.poll(() => api.get("/v1/magasin")).toMatchObject({ nom: "Optique du Phare" });

    await api.change("/v1/magasin", (magasin) => ({ ...magasin, nom: "Optique du Port" }));
    await champ.fill("Optique de la Gare");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    await alerte.getByRole("button", { name: /^Reprendre la fiche enregistrée/ }).click();
    await expect(champ).toHaveValue("Optique du Port");
    expect(await api.get("/v1/magasin")).toMatchObject({ nom: "Optique du Port" });
  });

  test("in a mutuelle is told, and the person decides", async ({ page, systeme }) => {
    const { nom, api } = await magasinPret(systeme, { conventions: false });
    const { id } = await api.post<{ id: string }>("/v1/mutuelles", { nom: "Mutuelle des Phares" });
    await connecter(page, systeme, nom, { path: `/mutuelles/${id}` });
    await expect(page.getByLabel("Nom", { exact: true })).toHaveValue("Mutuelle des Phares");
    await api.change(`/v1/mutuelles/${id}`, (mutuelle) => ({ ...mutuelle, telephone: "0298000000" }));
    await page.getByLabel("Localité").fill("Brest");
    await page.getByRole("button", { name: "Enregistrer" }).click();
    const alerte = page.getByRole("alert").filter({ hasText: "La fiche a changé entre-temps" });
    await alerte.getByRole("button", { name: /^Reprendre la fiche enregistrée/ }).click();
    await expect(alerte).toHaveCount(0);
    await expect(page.getByLabel("Tél.", { exact: true })).toHaveValue("0298000000");
    await expect(page.getByLabel("Localité")).toHaveValue("");
  });
});

test("a thing of another shop is said not to be there, like one that never was", async ({ page, systeme }) => {
  const voisin = await magasinPret(systeme);
  const dossier = await dossierDe(voisin.api, QUI, "DEMO-ACCORD");
  const { id: demande } = await demander(voisin.api, dossier);
  const { client_id } = await voisin.api.get<{ client_id: string }>(`/v1/dossiers/${dossier}`);
  const { mutuelles } = await voisin.api.get<{ mutuelles: { id: string }[] }>("/v1/mutuelles?limite=1");
  const { nom } = await magasinPret(systeme, { conventions: false });
  await connecter(page, systeme, nom);
  for (const path of [`/dossiers/${dossier}`, `/demandes/${demande}`, `/clients/${client_id}`, `/mutuelles/${mutuelles[0]?.id}`]) {
    await page.goto(systeme.url + path);
    await expect(page.getByRole("alert"), path).toContainText(/introuvable|n'existe pas|aucun/i);
    await expect(page.getByText("MONTFORT"), path).toHaveCount(0);
  }
});

test("a dossier that somebody erased while it was on the screen is said to be gone, and comes back by no save", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
  const prenom = page.locator("#champ-beneficiaire-prenom");
  await expect(prenom).toHaveValue("Fabienne");
  await api.ok("DELETE", `/v1/dossiers/${id}`);
  await prenom.fill("Fabiola");
  await prenom.press("Tab");
  await expect(page.getByRole("status").filter({ hasText: /^Non enregistré : .*(introuvable|n'existe|aucun)/i })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("alert")).toContainText(/introuvable|n'existe pas|aucun/i);
  expect((await api.get<{ dossiers: unknown[] }>("/v1/dossiers")).dossiers).toEqual([]);
});

test("a 429 says how long to wait, and what was typed is saved after it", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
  const prenom = page.locator("#champ-beneficiaire-prenom");
  await expect(prenom).toHaveValue("Fabienne");
  const trop = probleme(429, "Trop de requêtes", "Trop de requêtes en peu de temps : réessayez dans un instant.", { "Retry-After": "7" });
  await repondre(page, "PUT", /\/v1\/dossiers\//, trop);
  const refused = page.waitForResponse((response) => response.status() === 429);
  await prenom.fill("Fabiola");
  await prenom.press("Tab");
  await refused;
  const before = Date.now();
  await expect(page.getByRole("status").filter({ hasText: "Trop de requêtes en peu de temps" })).toContainText("7 s");
  await page.unrouteAll();
  await enregistre(page);
  expect(Date.now() - before, "milliseconds until it asked again").toBeGreaterThan(6_500);
  expect(await api.get(`/v1/dossiers/${id}`)).toMatchObject({ beneficiaire: { prenom: "Fabiola" } });
});

test("a failure of the server shows its words and the reference of the request, and « Réessayer » reads again", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  await connecter(page, systeme, nom);
  await repondre(page, "GET", /\/v1\/dossiers\/dos_\w+$/, probleme(500, "Erreur interne", "Une erreur inattendue est survenue."));
  await page.goto(`${systeme.url}/dossiers/${id}`);
  const alerte = page.getByRole("alert").filter({ hasText: "Erreur interne" });
  await expect(alerte).toContainText("Une erreur inattendue est survenue.");
  await expect(alerte).toContainText("Référence à donner au support : requete-0042");
  await page.unrouteAll();
  await alerte.getByRole("button", { name: "Réessayer" }).click();
  await expect(page.locator("#champ-beneficiaire-nom")).toHaveValue("MONTFORT");
});

test("a page of a proxy in the place of an answer ends in words with its reference, for a read and for a save", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDuManuel(api, "DEMO-ACCORD", false);
  const html = {
    status: 502,
    headers: { "Content-Type": "text/html", "apigw-requestid": "passerelle-77" },
    body: "<html><body><h1>502 Bad Gateway</h1>nginx</body></html>",
  };
  await connecter(page, systeme, nom, { path: `/dossiers/${id}` });
  const prenom = page.locator("#champ-beneficiaire-prenom");
  await expect(prenom).toHaveValue("Fabienne");
  await repondre(page, "PUT", /\/v1\/dossiers\//, html);
  await prenom.fill("Fabiola");
  await prenom.press("Tab");
  await expect(page.getByRole("status").filter({ hasText: "Le serveur a répondu « 502 » sans explication." })).toBeVisible();
  await expect(page.getByText("Référence à donner au support : passerelle-77")).toBeVisible();
  await expect(page.getByText("nginx")).toHaveCount(0);
  await page.unrouteAll();
  await enregistre(page);
  expect(await api.get(`/v1/dossiers/${id}`)).toMatchObject({ beneficiaire: { prenom: "Fabiola" } });

  await repondre(page, "GET", /\/v1\/mutuelles\/index/, html);
  await page.goto(`${systeme.url}/mutuelles`);
  await expect(page.getByRole("alert")).toContainText("Référence à donner au support : passerelle-77");
  await expect(page.getByText("nginx")).toHaveCount(0);
});

test("a PEC that the server refuses lists what is at fault, each a link to its field", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const id = await dossierDe(api, QUI, "DEMO-ACCORD");
  await connecter(page, systeme, nom, { path: `/dossiers/${id}?onglet=tiers-payant&equipement=1` });
  const erreurs = [{ champ: "/tiers_payant/numero_adherent", code: "manquant", message: "Le numéro d'adhérent manque." }];
  const detail = "La demande n'a pas été envoyée.";
  await repondre(page, "POST", /\/demandes$/, {
    ...probleme(422, "Demande incomplète", detail),
    body: JSON.stringify({
      type: "/problemes/demande-invalide",
      title: "Demande incomplète",
      status: 422,
      detail,
      instance: "r",
      erreurs,
    }),
  });
  await page.getByRole("button", { name: /^PEC \(1 crédit\)/ }).click();
  const alerte = page.getByRole("region", { name: "Demander" }).getByRole("alert");
  await expect(alerte).toContainText("Demande incomplète");
  await alerte.getByRole("button", { name: "Le numéro d'adhérent manque." }).click();
  await expect(page.locator("#champ-tiers_payant-numero_adherent")).toBeFocused();
});

test("whoever may only read can change nothing, and is told why", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDe(api, QUI, "DEMO-ACCORD");
  const { id: demande } = await demander(api, dossier);
  const { client_id } = await api.get<{ client_id: string }>(`/v1/dossiers/${dossier}`);
  const { mutuelles } = await api.get<{ mutuelles: { id: string }[] }>("/v1/mutuelles?limite=1");
  const writes: string[] = [];
  page.on("request", (request) => {
    const asks = request.method() === "GET" || /\/recherche(\?|$)|\/local\//.test(request.url()) || !request.url().includes("/v1/");
    if (!asks) writes.push(`${request.method()} ${request.url()}`);
  });
  await connecter(page, systeme, nom, { role: "Lecture" });
  const main = page.getByRole("main");

  /** Every field that shows something is read only, every button of these names is off with its reason. */
  const figee = async (path: string, boutons: (string | RegExp)[], raison: RegExp) => {
    await page.goto(systeme.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.locator('[role="status"][aria-label]')).toHaveCount(0);
    const editables = await main
      .locator('input:not([type="search"]):not([type="checkbox"]):not([readonly]), select, textarea:not([readonly])')
      .evaluateAll((fields) => fields.map((field) => field.id || field.outerHTML.slice(0, 120)));
    expect(editables, `editable on ${path}`).toEqual([]);
    const boxes = main.locator('input[type="checkbox"]:not([aria-disabled="true"]):not(:disabled)');
    await expect(boxes, `boxes on ${path}`).toHaveCount(0);
    for (const name of boutons) {
      const bouton = main.getByRole("button", { name }).first();
      await expect(bouton, `${name} on ${path}`).toHaveAttribute("aria-disabled", "true");
      await expect(bouton, `${name} on ${path}`).toHaveAccessibleName(raison);
      await bouton.click({ force: true });
    }
  };

  const seule = /lecture seule/i;
  await figee(`/dossiers/${dossier}?onglet=prescription`, [], seule);
  await figee(`/dossiers/${dossier}?onglet=equipements`, [/Ajouter une ligne/, /Ajouter un équipement/], seule);
  await page.keyboard.press("F4");
  await figee(`/dossiers/${dossier}?onglet=tiers-payant`, [/^PEC/, /^Cotation/, "Imprimer le consentement"], seule);
  await page.keyboard.press("F8");
  await page.keyboard.press("F9");
  await figee(`/demandes/${demande}`, [/Annuler la demande/, /Transférer vers le dossier/, /Actualiser la prise en charge/], seule);
  await figee(`/clients/${client_id}`, [/Nouveau dossier/, /Ajouter une mutuelle/], seule);
  await figee("/clients/nouveau", [/Nouveau dossier/], seule);
  await figee(`/mutuelles/${mutuelles[0]?.id}`, [], seule);
  await expect(main.getByText("Réservé au gérant du magasin.")).toBeVisible();
  await figee("/reglages", [], seule);
  await expect(main.getByText("Réservé au gérant du magasin.")).toBeVisible();
  await figee("/reglages?onglet=transmission", [], seule);
  await page.goto(`${systeme.url}/mutuelles`);
  for (const name of [/Télécharger/, /Importer/, /Nouvelle mutuelle/])
    await expect(main.getByRole("button", { name })).toHaveAccessibleName(/Réservé au gérant du magasin/);
  expect(writes).toEqual([]);
});
