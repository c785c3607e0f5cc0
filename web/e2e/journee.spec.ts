/** The main job of `make demo`, in a real browser, by the keyboard alone. */
import { Clavier } from "./clavier";
import { credits, grandLivre } from "./donnees";
import { expect, magasinPret, test } from "./systeme";

const HEURE_S = 3600;

async function entrer(clavier: Clavier, magasin: string): Promise<void> {
  await clavier.remplir("Nom du magasin", magasin);
  await clavier.choisir("Rôle", "Gérant");
  await clavier.presser("button", "Se connecter");
}

/** Sends the PEC of the dossier on the screen, once nothing is missing. */
async function demanderPec(clavier: Clavier): Promise<void> {
  await clavier.actif("button", /^PEC \(1 crédit\)/);
  await clavier.touche("F8");
}

async function numeroAdherent(clavier: Clavier, numero: string): Promise<void> {
  await clavier.touche("Alt+3");
  await clavier.arrive("tab", "Détail tiers payant");
  await clavier.remplir("N° adhérent", numero);
  await clavier.lire(/^Enregistré/);
}

test("the whole main job by the keyboard alone, from the conventions to the ledger", async ({ page, systemePropre }) => {
  test.setTimeout(300_000);
  const { nom, api } = await magasinPret(systemePropre, { conventions: false });
  const clavier = await Clavier.de(page);

  await test.step("sign in", async () => {
    await clavier.ouvrir(systemePropre.url);
    await clavier.presser("button", "Se connecter");
    await entrer(clavier, nom);
    await clavier.titre("Liste de travail");
  });

  await test.step("download the conventions", async () => {
    await clavier.presser("link", "Mutuelles");
    await clavier.presser("button", "Télécharger");
    await clavier.lire(/Conventions téléchargées/);
    await clavier.contient("link", /crédits/, "100 crédits");
  });

  await test.step("the dossier of the manual: the person and the prescription", async () => {
    await clavier.touche("n");
    await clavier.titre("Nouveau dossier");
    await clavier.remplir("Nom", "MONTFORT");
    await clavier.remplir("Prénom", "Fabienne");
    await clavier.remplir("Date de naissance", "14051978");
    await clavier.remplir("N° de sécurité sociale", "278052A00412358");
    await clavier.remplir("Date du dossier", "26112013");
    await clavier.remplir("Date de la prescription", "01/10/2013");
    await clavier.remplir("Prescripteur", "Besnainou", { role: "combobox" });
    await clavier.remplir("Prénom du prescripteur", "Anne");
    for (const oeil of ["OD", "OG"]) {
      await clavier.remplir(`${oeil} Loin sphère`, "200");
      await clavier.remplir(`${oeil} Loin cylindre`, "100");
      await clavier.remplir(`${oeil} Loin axe`, "90");
      await clavier.remplir(`${oeil} écart de loin en mm`, "32");
    }
    await clavier.valeur("OD Loin sphère", "+2.00");
    await clavier.valeur("OG Loin cylindre", "+1.00");
    await clavier.valeur("OG écart de loin en mm", "32.0");
    await clavier.lire(/^Enregistré/);
    await clavier.titre("Dossier de Fabienne MONTFORT");
  });

  await test.step("two lenses and a frame", async () => {
    await clavier.touche("Alt+2");
    await clavier.touche("F4");
    await clavier.remplir("Ligne 1 réf.", "1545116", { arriere: true });
    await clavier.remplir("Ligne 1 désignation", "ESSILOR Advans Orma Optifog UV Org 60");
    await clavier.choisir("Ligne 1 côté", "OD");
    await clavier.remplir("Ligne 1 prix", "250");
    await clavier.choisir("Ligne 1 catégorie", "VER");
    await clavier.remplir("Ligne 1 code LPP", "2203240");
    await clavier.touche("Control+d");
    await clavier.valeur("Ligne 2 côté", "OG");
    await clavier.valeur("Ligne 2 prix", "250,00");
    await clavier.touche("F4");
    await clavier.remplir("Ligne 3 réf.", "9", { arriere: true });
    await clavier.remplir("Ligne 3 désignation", "DOLCE GABBANA 339 720 51*19");
    await clavier.remplir("Ligne 3 prix", "214");
    await clavier.choisir("Ligne 3 catégorie", "MON");
    await clavier.remplir("Ligne 3 code LPP", "2223342");
    await clavier.rangee("Lignes de l'équipement n° 1", 0, /250,00.*1,37.*non connu/);
    await clavier.rangee("Lignes de l'équipement n° 1", 2, /214,00.*1,70.*non connu/);
    await clavier.faits("Totaux du dossier", ["714,00", "4,44"]);
  });

  await test.step("the mutuelle by a piece of its name, and the number of the card", async () => {
    await clavier.touche("Alt+3");
    await clavier.touche("F3");
    await clavier.aller("combobox", "Nom, plateau ou identifiant");
    await clavier.taper("demo optique");
    await clavier.contient("dialog", "Choix de la mutuelle", "90000001");
    await clavier.contient("dialog", "Choix de la mutuelle", "Variable");
    await clavier.touche("Enter");
    await clavier.valeur("Mutuelle", /Démo Optique/);
    await clavier.arrive("textbox", "N° adhérent");
    await clavier.remplir("N° adhérent", "DEMO-ACCORD-LIGNES");
    await clavier.remplir("N° de contrat", "C-1");
    await clavier.lire(/^Enregistré/);
  });

  await test.step("without the signed consent nothing can be sent", async () => {
    await clavier.contient("region", "Ce qui manque", /consentement/i);
    await clavier.inactif("button", /^PEC \(1 crédit\)/);
    await clavier.presser("button", /^PEC \(1 crédit\)/, { tabs: 60 });
    await clavier.touche("F8");
    await clavier.contient("link", /crédits/, "100 crédits");
    expect((await api.get<{ demandes: unknown[] }>("/v1/demandes")).demandes).toEqual([]);
  });

  await test.step("the consent printed and signed", async () => {
    const pdf = await clavier.imprimer(/consentement\.pdf/, () => clavier.presser("button", "Imprimer le consentement", { tabs: 60 }));
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    await clavier.cocher("Consentement signé");
    await clavier.lire(/Signé le .* vous pouvez demander/);
    await clavier.lire("Rien ne manque.");
  });

  await test.step("a cotation, which is free", async () => {
    await clavier.actif("button", /^Cotation \(gratuite\)/);
    await clavier.touche("F9");
    await clavier.contient("region", "État de la demande", /Cotation N°1 .*accordée/);
    await clavier.contient("link", /crédits/, "100 crédits");
  });

  await test.step("the PEC, granted with 100.00 a line, for one credit", async () => {
    await demanderPec(clavier);
    await clavier.contient("region", "État de la demande", /PEC N°2 .*accordée/);
    for (const ligne of [0, 1, 2]) await clavier.rangee("Montants accordés", ligne, /100,00/);
    await clavier.contient("link", /crédits/, "99 crédits");
    expect(await credits(api)).toMatchObject({ disponibles: 99, reserves: 0, consommes: 1 });
  });

  await test.step("no second PEC while the first one lives", async () => {
    await clavier.inactif("button", /^PEC \(1 crédit\)/);
    await clavier.lire(/La PEC n° 2 compte encore pour cet équipement/);
  });

  await test.step("cancelled", async () => {
    await clavier.presser("button", "Annuler la demande", { tabs: 90 });
    await clavier.remplir("Motif", "Le client a changé d'avis");
    await clavier.presser("button", "Confirmer l'annulation");
    await clavier.contient("region", "État de la demande", /PEC N°2 .*annulée/);
  });

  await test.step("refused by the mutuelle, with what to do", async () => {
    await numeroAdherent(clavier, "DEMO-INCONNU");
    await demanderPec(clavier);
    await clavier.contient("region", "État de la demande", /PEC N°3 .*refusée/);
    await clavier.contient("region", "Refus", /Refusée par la mutuelle/);
    await clavier.contient("region", "Refus", /Message mutuelle.*Adhérent de démonstration inconnu/);
    await clavier.contient("region", "Refus", /Que faire \?/);
    await clavier.contient("link", /crédits/, "98 crédits");
  });

  await test.step("refused by the platform: the credit comes back", async () => {
    await numeroAdherent(clavier, "DEMO-REJET-PLATEFORME");
    await demanderPec(clavier);
    await clavier.contient("region", "État de la demande", /PEC N°4 .*refusée/);
    await clavier.contient("region", "Refus", /Refusée par la plateforme : la mutuelle n'a rien reçu/);
    await clavier.contient("region", "Refus", /1 crédit rendu/);
    await clavier.contient("link", /crédits/, "98 crédits");
  });

  await test.step("pending for 48 hours", async () => {
    await numeroAdherent(clavier, "DEMO-ATTENTE-48");
    await demanderPec(clavier);
    await clavier.contient("region", "État de la demande", /PEC N°5 .*en attente/);
    await clavier.contient("region", "Attente", /48 h/);
    await clavier.contient("region", "Attente", /Prochaine vérification automatique/);
    await clavier.contient("link", /crédits/, "97 crédits");
  });

  await test.step("two days later: she signs in again and finds the agreement", async () => {
    await systemePropre.avancer(48 * HEURE_S + 1);
    await clavier.recharger();
    await clavier.presser("button", "Se reconnecter");
    await entrer(clavier, nom);
    await clavier.contient("region", "État de la demande", /PEC N°5 .*accordée/);
  });

  await test.step("transferred, and the answer printed", async () => {
    await clavier.presser("button", "Transférer vers le dossier", { tabs: 90 });
    await clavier.lire("Montants transférés vers le dossier.");
    const { montant_global_centimes } = await api.get<{ montant_global_centimes: number }>(`/v1/demandes/${clavier.parametre("demande")}`);
    const euros = `${Math.trunc(montant_global_centimes / 100)},${String(montant_global_centimes % 100).padStart(2, "0")}`;
    await clavier.faits("Totaux du dossier", ["714,00", "4,44", euros]);
    const pdf = await clavier.imprimer(/reponse\.pdf/, () => clavier.presser("button", "Imprimer la réponse", { tabs: 90 }));
    expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
  });

  await test.step("the work list and the ledger say the same", async () => {
    await clavier.presser("link", "Crédits", { tabs: 90 });
    await clavier.titre("Crédits");
    expect(await grandLivre(api)).toEqual([
      "RECHARGE",
      "RESERVATION",
      "CONSOMMATION",
      "RESERVATION",
      "CONSOMMATION",
      "RESERVATION",
      "RESTITUTION",
      "RESERVATION",
      "CONSOMMATION",
    ]);
    expect(await credits(api)).toMatchObject({ disponibles: 97, reserves: 0, consommes: 3 });
  });

  clavier.sansSouris();
});
