/** A second PEC for the same equipment: refused before it is asked, and refused by the server whoever asks at the same time. */
import { credits, demander, demandesDe, uneSeule } from "./donnees";
import { boutonPec, cheminDuPanneau, etat } from "./panneau";
import { connecter, dossierDuManuel, expect, magasinPret, test } from "./systeme";

test("while a PEC counts its button is off with the reason, in view and read aloud; a cotation stays possible", async ({
  page,
  systeme,
}) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await demander(api, dossier);
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  const raison = "La PEC n° 1 compte encore pour cet équipement : annulez-la avant d'en demander une autre.";
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await expect(boutonPec(page)).toHaveAccessibleName(`PEC (1 crédit) (${raison}) F8`);
  await expect(page.getByText(`PEC : ${raison}`)).toBeVisible();
  await boutonPec(page).click({ force: true });
  await boutonPec(page).press("Enter");
  await page.keyboard.press("F8");
  // What the keys of the screen can do is shown by the one that works.
  await page.keyboard.press("F9");
  await expect(page.getByRole("navigation", { name: "Autres demandes de cet équipement" })).toContainText("PEC N°1");
  const natures = (await demandesDe(api, dossier)).map(({ numero, credit }) => [numero, credit]);
  expect(natures).toEqual([
    [2, "AUCUN"],
    [1, "CONSOMME"],
  ]);
  expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 0, consommes: 1 });
});

test("a PEC that somebody else asked for in the meantime is not asked again: the screen leads to it", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ATTENTE-48");
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  const autre = await demander(api, dossier);
  const reponse = page.waitForResponse((answer) => answer.request().method() === "POST" && answer.url().endsWith("/demandes"));
  await boutonPec(page).click();
  expect((await reponse).status()).toBe(409);
  const alerte = page.getByRole("region", { name: "Demander" }).getByRole("alert");
  await expect(alerte).toContainText(/prise en charge/i);
  await expect(etat(page)).toContainText("PEC N°1");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "true");
  await alerte.getByRole("link", { name: "Voir la demande en cours" }).click();
  await expect(page).toHaveURL(`${systeme.url}/demandes/${autre.id}`);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("PEC N°1");
  expect(await uneSeule(api, dossier)).toMatchObject({ id: autre.id });
});

test("once the PEC is cancelled another one may be asked", async ({ page, systeme }) => {
  const { nom, api } = await magasinPret(systeme);
  const dossier = await dossierDuManuel(api, "DEMO-ACCORD-LIGNES");
  await demander(api, dossier);
  await connecter(page, systeme, nom, { path: cheminDuPanneau(dossier) });
  await page.getByRole("button", { name: "Annuler la demande" }).click();
  const dialogue = page.getByRole("dialog");
  await dialogue.getByLabel("Motif").fill("Le client a changé d'avis");
  await dialogue.getByRole("button", { name: "Confirmer l'annulation" }).click();
  await expect(etat(page)).toContainText("annulée");
  await expect(boutonPec(page)).toHaveAttribute("aria-disabled", "false");
  await boutonPec(page).click();
  await expect(etat(page)).toContainText(/PEC N°2 .* accordée/);
  expect((await demandesDe(api, dossier)).map(({ etat }) => etat).sort()).toEqual(["ACCORDEE", "ANNULEE"]);
  expect(await credits(api)).toMatchObject({ disponibles: 98, reserves: 0, consommes: 2 });
});
