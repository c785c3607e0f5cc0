/** The panel of a demande in a dossier, as the scenarios need it. */
import { expect, type Locator, type Page } from "@playwright/test";
import { pret } from "./ecrans";
import type { Systeme } from "./systeme";

export const cheminDuPanneau = (dossier: string): string => `/dossiers/${dossier}?onglet=tiers-payant&equipement=1`;

export async function ouvrirPanneau(page: Page, systeme: Systeme, dossier: string): Promise<void> {
  await page.goto(systeme.url + cheminDuPanneau(dossier));
  await pret(page);
}

/** The button PEC, whatever its price. */
export const boutonPec = (page: Page): Locator => page.getByRole("button", { name: /^PEC/ });

/** The button PEC, once it may be used. */
export async function pecPossible(page: Page): Promise<Locator> {
  const bouton = boutonPec(page);
  await expect(bouton).toBeVisible();
  await expect(bouton).not.toHaveAttribute("aria-disabled", "true");
  return bouton;
}

/** Where the demande says how it stands. */
export const etat = (page: Page): Locator => page.getByRole("region", { name: "État de la demande" });
export const refus = (page: Page): Locator => page.getByRole("region", { name: "Refus" });
export const solde = (page: Page): Locator => page.getByRole("banner").getByRole("link", { name: /crédit/ });
