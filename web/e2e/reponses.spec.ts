/** What a mutuelle, a platform or nobody answers, as the optician sees it. */
import { credits, demandesDe, quand } from "./donnees";
import { boutonPec, etat, ouvrirPanneau, pecPossible, refus, solde } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test("a refusal by the platform says that the mutuelle never saw it, and gives the credit back", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-REJET-PLATEFORME");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  await (await pecPossible(page)).click();
  await expect(etat(page)).toContainText(/PEC N°1 .*refusée/);
  await expect(refus(page)).toContainText("Refusée par la plateforme : la mutuelle n'a rien reçu");
  await expect(refus(page)).toContainText("Message plateforme");
  await expect(refus(page)).toContainText("Que faire ?");
  await expect(refus(page)).toContainText("1 crédit rendu : cette demande ne vous coûte rien.");
  await expect(solde(page)).toContainText("100 crédits");
  expect(await credits(api)).toMatchObject({ disponibles: 100, reserves: 0, consommes: 0 });
});

test("a refusal by the mutuelle leads to the field that mends it", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-INCONNU");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  await (await pecPossible(page)).click();
  await expect(refus(page)).toContainText("Refusée par la mutuelle");
  await expect(refus(page)).toContainText("Adhérent de démonstration inconnu");
  await refus(page).getByRole("button", { name: "Aller au champ à corriger" }).click();
  await expect(page.getByLabel("N° adhérent", { exact: true })).toBeFocused();
});

test("an answer that was lost: nothing is sent again, and the verification finds the agreement", async ({ page, systemePropre }) => {
  const { nom, api } = await magasinPret(systemePropre);
  const dossier = await dossierDuManuel(api, "DEMO-COUPE");
  await connecter(page, systemePropre, nom);
  await ouvrirPanneau(page, systemePropre, dossier);
  await (await pecPossible(page)).click();
  await expect(etat(page)).toContainText(/PEC N°1 .*réponse inconnue/);
  await expect(etat(page)).toContainText("Réponse inconnue, nous vérifions : ne renvoyez pas.");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await expect(solde(page)).toContainText("1 réservé");
  await systemePropre.avancer(91);
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await expect(solde(page)).toContainText("99 crédits");
  await expect(solde(page)).not.toContainText("réservé");
  expect(await demandesDe(api, dossier)).toHaveLength(1);
});

test("a second PEC is refused in words, beside the one that lives", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const bouton = await pecPossible(page);
  // A colleague asks at another counter, and this screen does not know it yet.
  const { id } = await api.post<{ id: string }>(`/v1/dossiers/${dossier}/demandes`, { nature: "PEC", equipement: 1 });
  await quand(api, id, (e) => e === "ACCORDEE");
  await bouton.click();
  await expect(etat(page)).toContainText(/PEC N°1 .*accordée/);
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByText(/PEC N°1 compte encore pour cet équipement/).first()).toBeVisible();
  expect(await demandesDe(api, dossier)).toHaveLength(1);
});

test("without a credit the button says why, and the way to the credits is one link", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme, { credits: 0 });
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await connecter(page, systeme, nom);
  await ouvrirPanneau(page, systeme, dossier);
  const manque = page.getByRole("region", { name: "Ce qui manque" });
  await expect(manque).toContainText(/crédit/i);
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await boutonPec(page).click({ force: true });
  await manque.getByRole("link", { name: /crédit/i }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Crédits" })).toBeVisible();
  expect(await demandesDe(api, dossier)).toEqual([]);
});
