/** What the API refuses is said in words, at the field it is about and at the top; what nobody foresaw has a reference to be told. */
import { boutonPec, ouvrirPanneau, pecPossible } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test("a number that is wrong is said at its field and at the top, and the line at the top leads to the field", async ({
  page,
  systeme,
}) => {
  const { nom } = await magasinPret(systeme);
  await connecter(page, systeme, nom, { path: "/dossiers/nouveau" });
  await page.getByLabel("Nom", { exact: true }).fill("MONTFORT");
  const nir = page.getByLabel("N° de sécurité sociale", { exact: true });
  await nir.fill("278052A00412359");
  await page.getByLabel("Prénom", { exact: true }).focus();
  const top = page.getByRole("alert").filter({ hasText: "À corriger pour enregistrer" });
  await expect(top).toContainText("Bénéficiaire : N° de sécurité sociale");
  await expect(nir).toHaveAttribute("aria-invalid", "true");
  const described = (await nir.getAttribute("aria-describedby")) ?? "";
  const said = (
    await page
      .locator(
        described
          .split(" ")
          .map((id) => `[id="${id}"]`)
          .join(","),
      )
      .allTextContents()
  ).join(" ");
  expect(said.trim()).not.toBe("");
  await expect(top).toContainText(said.trim());
  await top.getByRole("button", { name: /N° de sécurité sociale/ }).click();
  await expect(nir).toBeFocused();
  await nir.fill("278052A00412358");
  await page.getByLabel("Prénom", { exact: true }).focus();
  await expect(top).toHaveCount(0);
  await expect(page.getByText(/^Enregistré/)).toBeVisible();
});

test("what is missing for a PEC is a list of links, each to its field", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES", false);
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const manque = page.getByRole("region", { name: "Ce qui manque" });
  await manque.getByRole("button", { name: /consentement/i }).click();
  await expect(page.getByLabel("Consentement signé")).toBeFocused();
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
});

test("a refusal at the sending lists every fault with its field", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const bouton = await pecPossible(page);
  await page.route("**/demandes", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({
          status: 422,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "/problemes/demande-incomplete",
            title: "Demande incomplète",
            status: 422,
            detail: "Deux choses manquent avant l'envoi.",
            instance: "req_essai",
            erreurs: [
              { champ: "/tiers_payant/numero_adherent", code: "CHAMP_REQUIS", message: "Cette mutuelle exige le numéro d'adhérent." },
              { champ: "/equipements/0/lignes/1/code_lpp", code: "CODE_LPP", message: "La ligne 2 n'a pas de code LPP." },
            ],
          }),
        })
      : route.continue(),
  );
  await bouton.click();
  const alerte = page.getByRole("alert").filter({ hasText: "Deux choses manquent" });
  await expect(alerte.getByRole("listitem")).toHaveCount(2);
  await alerte.getByRole("button", { name: /code LPP/ }).click();
  await expect(page.getByLabel("Ligne 2 code LPP")).toBeFocused();
});

test("a failure that nobody foresaw shows its reference and lets one try again", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const bouton = await pecPossible(page);
  await page.route("**/demandes", (route) =>
    route.request().method() === "POST"
      ? route.fulfill({ status: 502, headers: { "x-request-id": "req_01ESSAI" }, body: "<html>" })
      : route.continue(),
  );
  await bouton.click();
  const alerte = page.getByRole("alert").filter({ hasText: "req_01ESSAI" });
  await expect(alerte).toContainText("Référence à donner au support : req_01ESSAI");
  await expect(alerte).not.toContainText("<html>");
  await page.unroute("**/demandes");
  await alerte.getByRole("button", { name: "Réessayer" }).click();
  await expect(page.getByRole("region", { name: "État de la demande" })).toContainText(/PEC N°1 .*accordée/);
});
