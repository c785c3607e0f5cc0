import { sansFaute } from "./axe";
import { demander, dossierDe, PERSONNES, remplir } from "./donnees";
import { connecter, expect, magasinPret, test } from "./systeme";

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
    await page.goto(systeme.url + path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(page.getByRole("main").getByRole("status", { name: /Chargement|Lecture/ })).toHaveCount(0);
    await sansFaute(page, `empty ${path}`);
  }
});
