import { sansFaute } from "./axe";
import { test } from "./donnees";
import { ecrans, ouvrir, PARTIES } from "./ecrans";
import { connecter, expect, magasinPret } from "./systeme";

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
