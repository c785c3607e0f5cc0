/** An answer that got lost: nobody knows whether the mutuelle has the demande, nothing is sent again, and the answer is found by asking. */
import type { Page } from "@playwright/test";
import { credits, demandesDe, grandLivre, quand, uneSeule } from "./donnees";
import { boutonPec, cheminDuPanneau, etat, refus, solde } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret, type Systeme, test } from "./systeme";

const INCONNUE = "Réponse inconnue, nous vérifions : ne renvoyez pas.";

/** Whoever comes back to the screen, as after she has served somebody. */
const revenir = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));

/** Asks for a PEC whose answer gets lost: the screen says that nobody knows, and the button is off. */
async function perdre(page: Page, systeme: Systeme, numero: string) {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, numero);
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  await boutonPec(page).click();
  await expect(etat(page).getByRole("status")).toContainText(INCONNUE);
  await expect(etat(page).getByRole("timer")).toHaveText(/^\d+ s$/);
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 1, consommes: 0 });
  const { id } = await uneSeule(api, dossier);
  return { api, dossier, id };
}

test("an answer cut half-way is unknown, then found: one demande, one hold, one debit", async ({ page, systemePropre }) => {
  const { api, dossier, id } = await perdre(page, systemePropre, "DEMO-COUPE");
  await boutonPec(page).click({ force: true });
  await page.keyboard.press("F8");
  await uneSeule(api, dossier);

  // The screen follows it by itself until the question of the ninetieth second is answered.
  await systemePropre.avancer(88);
  await expect(etat(page).getByRole("status")).toContainText("accordée");
  await expect(etat(page).getByText(INCONNUE)).toHaveCount(0);
  await expect(page.getByRole("region", { name: "Réponse de la mutuelle" })).toContainText("Montants accordés");
  await expect(solde(page)).toHaveText("99 crédits");
  expect(await uneSeule(api, dossier)).toMatchObject({ id, etat: "ACCORDEE", credit: "CONSOMME" });
  expect(await grandLivre(api)).toEqual(["RECHARGE", "RESERVATION", "CONSOMMATION"]);
});

test("an unknown outcome survives a power cut, and its answer is found by the same demande", async ({ page, systemePropre }) => {
  const { api, dossier, id } = await perdre(page, systemePropre, "DEMO-COUPE");
  await systemePropre.kill();
  await systemePropre.start();
  await page.reload();
  await expect(etat(page).getByRole("status")).toContainText(INCONNUE);
  await systemePropre.avancer(95);
  await quand(api, id, (now) => now === "ACCORDEE");
  await revenir(page);
  await expect(etat(page).getByRole("status")).toContainText("accordée");
  expect(await uneSeule(api, dossier)).toMatchObject({ id, credit: "CONSOMME" });
});

test("a demande that never arrived is said to be so only once that is proven; its credit comes back and it may be asked again", async ({
  page,
  systemePropre,
}) => {
  const { api, dossier, id } = await perdre(page, systemePropre, "DEMO-PERDU");
  // Said once, it is no proof yet.
  await systemePropre.avancer(95);
  await expect(async () =>
    expect((await api.get<Evenements>(`/v1/demandes/${id}`)).evenements.map(({ quoi }) => quoi)).toContain("INCONNUE"),
  ).toPass();
  await revenir(page);
  await expect(page.getByRole("region", { name: "Chronologie" })).toContainText("Inconnue de la plateforme");
  await expect(etat(page).getByRole("status")).toContainText(INCONNUE);
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");

  await systemePropre.avancer(15 * 60);
  await quand(api, id, (now) => now === "NON_TRANSMISE");
  await revenir(page);
  await expect(refus(page).getByRole("heading")).toHaveText("La demande n'est pas arrivée : vous pouvez la refaire");
  await expect(refus(page)).toContainText("1 crédit rendu : cette demande ne vous coûte rien.");
  expect(await grandLivre(api)).toEqual(["RECHARGE", "RESERVATION", "RESTITUTION"]);
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  expect(await demandesDe(api, dossier)).toHaveLength(1);
});

interface Evenements {
  evenements: { quoi: string }[];
}
