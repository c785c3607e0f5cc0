/** What a role may not do stays in view and says why; what the server lets it do can be done. */
import type { Page } from "@playwright/test";
import { test } from "./donnees";
import { ouvrir } from "./ecrans";
import { connecter, expect } from "./systeme";

/** The button is there, off, and says why. */
async function empeche(page: Page, nom: string | RegExp, pourquoi: string): Promise<void> {
  const bouton = page.getByRole("button", { name: nom }).first();
  await expect(bouton).toHaveAttribute("aria-disabled", "true");
  await expect(bouton).toHaveAccessibleName(new RegExp(pourquoi));
}

const LECTURE = "Votre compte est en lecture seule";

test("somebody who may only read sees what she may not do, and why", async ({ page, systeme, rempli }) => {
  await connecter(page, systeme, rempli.nom, { role: "Lecture" });
  await ouvrir(page, systeme, `/clients/${rempli.client}`);
  await empeche(page, /^Exporter/, "Réservé au gérant");
  await empeche(page, /^Effacer…/, LECTURE);
  await ouvrir(page, systeme, `/dossiers/${rempli.vierge}?onglet=equipements&equipement=1`);
  for (const nom of [/^Effacer…/, /^Copier la ligne 1/, /^Supprimer la ligne 1/]) await empeche(page, nom, LECTURE);
  await page.getByRole("tab", { name: "Tiers payant" }).click();
  for (const nom of [/^Choisir la mutuelle/, /^Retirer/]) await empeche(page, nom, LECTURE);
});

test("an optician erases, and a manager alone exports", async ({ page, systeme, rempli }) => {
  await connecter(page, systeme, rempli.nom, { role: "Opticien" });
  await ouvrir(page, systeme, `/clients/${rempli.client}`);
  await empeche(page, /^Exporter/, "Réservé au gérant");
  await page.getByRole("button", { name: "Effacer…" }).click();
  await expect(page.getByRole("dialog", { name: /^Effacer/ })).toBeVisible();
  await ouvrir(page, systeme, `/dossiers/${rempli.accordee.dossier}?onglet=equipements&equipement=1`);
  await empeche(page, /^Supprimer la ligne 1/, "une demande en cours");
  await page.getByRole("button", { name: "Effacer…" }).click();
  await expect(page.getByRole("dialog", { name: "Effacer ce dossier ?" })).toBeVisible();
});
