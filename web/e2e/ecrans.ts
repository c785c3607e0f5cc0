/** Every screen of a shop that has worked for a while, by its address. */
import { expect, type Page } from "@playwright/test";
import type { Rempli } from "./donnees";
import type { Systeme } from "./systeme";

export interface Ecran {
  nom: string;
  chemin: string;
}

/** The parts of the client, so that two workers share them. */
export const PARTIES = ["travail", "dossiers", "demandes", "mutuelles", "magasin"] as const;
export type Partie = (typeof PARTIES)[number];

export function ecrans(r: Rempli): Record<Partie, Ecran[]> {
  const dossier = (nom: string, id: string, onglet: string) => ({
    nom: `dossier ${nom}, ${onglet}`,
    chemin: `/dossiers/${id}?onglet=${onglet}&equipement=1`,
  });
  return {
    travail: [
      { nom: "work list", chemin: "/" },
      { nom: "work list, nothing found", chemin: "/?etat=EXPIREE" },
      { nom: "clients", chemin: "/clients" },
      { nom: "client", chemin: `/clients/${r.client}` },
      { nom: "new client", chemin: "/clients/nouveau" },
    ],
    dossiers: [
      { nom: "new dossier", chemin: "/dossiers/nouveau" },
      dossier("never asked", r.vierge, "prescription"),
      dossier("never asked", r.vierge, "equipements"),
      dossier("never asked", r.vierge, "tiers-payant"),
      dossier("granted", r.accordee.dossier, "equipements"),
      dossier("granted", r.accordee.dossier, "tiers-payant"),
      dossier("refused", r.refusee.dossier, "tiers-payant"),
    ],
    demandes: [
      { nom: "demande granted", chemin: `/demandes/${r.accordee.demande}` },
      { nom: "demande granted with a reserve", chemin: `/demandes/${r.reserve.demande}` },
      { nom: "demande refused by the mutuelle", chemin: `/demandes/${r.refusee.demande}` },
      { nom: "demande refused by the platform", chemin: `/demandes/${r.rejetee.demande}` },
      { nom: "demande pending", chemin: `/demandes/${r.attente.demande}` },
      { nom: "demande without an answer", chemin: `/demandes/${r.sansReponse.demande}` },
      { nom: "demande to be looked at", chemin: `/demandes/${r.aVerifier.demande}` },
      { nom: "cotation", chemin: `/demandes/${r.cotation.demande}` },
      { nom: "demande cancelled", chemin: `/demandes/${r.annulee.demande}` },
    ],
    mutuelles: [
      { nom: "mutuelles", chemin: "/mutuelles" },
      { nom: "mutuelles, nothing found", chemin: "/mutuelles?q=zzzzzz" },
      { nom: "mutuelle", chemin: `/mutuelles/${r.mutuelle}` },
      { nom: "new mutuelle", chemin: "/mutuelles/nouvelle" },
      { nom: "import of mutuelles", chemin: "/mutuelles/import" },
    ],
    magasin: [
      { nom: "credits", chemin: "/credits" },
      { nom: "dashboard", chemin: "/tableau-de-bord" },
      { nom: "settings", chemin: "/reglages" },
      { nom: "settings, transmission", chemin: "/reglages?onglet=transmission" },
    ],
  };
}

/** Opens a screen and waits until nothing on it is loading. */
export async function ouvrir(page: Page, systeme: Systeme, chemin: string): Promise<void> {
  await page.goto(systeme.url + chemin);
  await pret(page);
}

export async function pret(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.locator('[role="status"][aria-label]')).toHaveCount(0);
}
