/** The three screens of the README, with invented people: `make images-ecran`. */
import { demander, dossierDe, PERSONNES, quand } from "./donnees";
import { pret } from "./ecrans";
import { cheminDuPanneau } from "./panneau";
import { connecter, expect, magasinPret, test } from "./systeme";

const DOCS = "../docs";
const HEURE_S = 3600;

test("the screens of the README", async ({ page, systemePropre }) => {
  test.setTimeout(180_000);
  const { nom, api } = await magasinPret(systemePropre);
  await api.change("/v1/magasin", (magasin) => ({ ...magasin, nom: "Optique de la Halle" }));
  const ask = async (rang: number, numero: string, nature: "PEC" | "COTATION" = "PEC") => {
    const qui = PERSONNES[rang % PERSONNES.length];
    if (!qui) throw new Error("nobody");
    const dossier = await dossierDe(api, qui, numero);
    return { dossier, ...(await demander(api, dossier, nature)) };
  };
  // Oldest first, hours apart, so that the list has ages.
  const longue = await ask(1, "DEMO-ATTENTE-LONGUE");
  await systemePropre.avancer(26 * HEURE_S);
  await ask(3, "DEMO-ACCORD");
  await systemePropre.avancer(21 * HEURE_S);
  await ask(4, "DEMO-REJET-PLATEFORME");
  await systemePropre.avancer(3 * HEURE_S);
  await quand(api, longue.id, (etat) => etat === "EN_ATTENTE");
  await ask(2, "DEMO-ATTENTE-72");
  await ask(5, "DEMO-INCONNU");
  await ask(3, "DEMO-ACCORD", "COTATION");
  await systemePropre.avancer(1800);
  await ask(1, "DEMO-RESERVE");
  await ask(4, "DEMO-COUPE");
  const accordee = await ask(0, "DEMO-ACCORD-LIGNES");
  await api.post(`/v1/demandes/${accordee.id}/transfert`);

  await connecter(page, systemePropre, nom);
  await pret(page);
  await expect(page.getByRole("table").first()).toBeVisible();
  const shoot = async (name: string) => {
    // What was just announced goes away by itself.
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await page.screenshot({ path: `${DOCS}/${name}.png`, animations: "disabled" });
  };
  await shoot("ecran-liste");
  await page.goto(`${systemePropre.url}/dossiers/${accordee.dossier}?onglet=equipements&equipement=1`);
  await pret(page);
  await shoot("ecran-dossier");
  await page.goto(systemePropre.url + cheminDuPanneau(accordee.dossier));
  await pret(page);
  const reponse = page.getByRole("region", { name: "État de la demande" });
  await expect(reponse).toContainText("accordée");
  await reponse.evaluate((element) => scrollTo(0, element.getBoundingClientRect().top + scrollY - 80));
  await shoot("ecran-demande");
});
