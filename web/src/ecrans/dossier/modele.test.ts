import { describe, expect, test } from "vitest";
import type { Client, Dossier } from "@/api/types";
import {
  ajouterEquipement,
  ajouterLigne,
  apparier,
  changerCategorie,
  choisirMutuelle,
  corpsDeCreation,
  corpsDeModification,
  dossierDuClient,
  dossierVide,
  dupliquerLigne,
  equipementVide,
  numeroEnregistre,
  remettreLigne,
  retirerLigne,
} from "./modele";

const JOUR = "2026-11-21";
const rattachement = (rang: number, mutuelle_id: string, numero_adherent: string) => ({
  rang,
  mutuelle_id,
  forfait_id: null,
  regime: null,
  numero_adherent,
  numero_contrat: null,
  numero_groupe: null,
  type: null,
  relation: null,
  fin_validite: null,
  maximum_annuel_centimes: null,
  deja_utilise_centimes: null,
});
const client = {
  id: "cli_1",
  version: 1,
  nom: "MONTFORT",
  prenom: "Fabienne",
  date_naissance: "1978-05-14",
  nir: "2 78 05 ** *** *** **",
  rang_gemellaire: 1,
  qualite: "ASSURE",
  assure: null,
  mutuelles: [rattachement(2, "mut_2", "B"), rattachement(1, "mut_1", "A")],
} as unknown as Client;

const lignes = (dossier: Dossier) => dossier.equipements[0]?.lignes ?? [];

describe("a new dossier", () => {
  test("cannot be sent before the name of the person is there", () => {
    const vide = dossierVide(JOUR);
    expect(corpsDeCreation(vide, vide)).toBeNull();
    expect(corpsDeCreation({ ...vide, beneficiaire: { ...vide.beneficiaire, nom: "X" } }, vide)).toMatchObject({ date: JOUR });
  });

  test("of a client takes the person and the mutuelle of rank 1 from her file, and leaves to the server what was not changed", () => {
    const depart = dossierDuClient(client, JOUR);
    expect(depart.tiers_payant).toMatchObject({ mutuelle_id: "mut_1", numero_adherent: "A", part_ro: true });
    expect(depart.tiers_payant).not.toHaveProperty("rang");
    const corps = corpsDeCreation(depart, depart);
    expect(corps).toMatchObject({ client_id: "cli_1" });
    expect([corps?.beneficiaire, corps?.assure, corps?.tiers_payant]).toEqual([undefined, undefined, undefined]);
    const change = { ...depart, tiers_payant: { ...depart.tiers_payant, numero_adherent: "C" } };
    expect(corpsDeCreation(change, depart)?.tiers_payant?.numero_adherent).toBe("C");
  });
});

test("another mutuelle, or none, keeps what the sécurité sociale pays and nothing of the first one's card", () => {
  const depart = dossierDuClient(client, JOUR);
  const carte = { ...depart.tiers_payant, part_ro: false, maximum_annuel_centimes: 10_000, deja_utilise_centimes: 5_000 };
  const dossier = { ...depart, tiers_payant: carte };
  const rien = { numero_adherent: null, maximum_annuel_centimes: null, deja_utilise_centimes: null, part_ro: false };
  expect(choisirMutuelle(dossier, "mut_2", "f").tiers_payant).toMatchObject({ ...rien, mutuelle_id: "mut_2", forfait_id: "f" });
  expect(choisirMutuelle(dossier, null, null).tiers_payant).toMatchObject({ ...rien, mutuelle_id: null, forfait_id: null });
  expect(choisirMutuelle(dossier, "mut_1", "f").tiers_payant).toEqual({ ...carte, forfait_id: "f" });
});

describe("equipments", () => {
  test("a new one is sent without a number, and takes the one that the server gives", () => {
    const saisi = ajouterEquipement(dossierVide(JOUR), "LEN");
    expect(corpsDeModification(saisi).equipements?.map(({ numero }) => numero)).toEqual([1, undefined]);
    const recu = { ...saisi, equipements: [equipementVide(1), equipementVide(4, "LEN")] };
    const plusTard = ajouterEquipement(saisi);
    expect(apparier(plusTard, saisi, recu).equipements.map(({ numero }) => numero)).toEqual([1, 4, -2]);
  });
});

describe("lines", () => {
  test("come as the trade sells: right lens, left lens, frame, then the rest", () => {
    let dossier = dossierVide(JOUR);
    for (let i = 0; i < 4; i += 1) dossier = ajouterLigne(dossier, 0);
    expect(lignes(dossier).map(({ numero, categorie, cote }) => [numero, categorie, cote])).toEqual([
      [1, "VER", "OD"],
      [2, "VER", "OG"],
      [3, "MON", null],
      [4, "ACC", null],
    ]);
  });

  test("are copied to the other eye, and a removed one comes back", () => {
    const un = ajouterLigne(dossierVide(JOUR), 0);
    const [ligne] = lignes(un);
    if (!ligne) throw new Error("no line");
    const verre = {
      ...un,
      equipements: [{ ...equipementVide(1), lignes: [{ ...ligne, designation: "Orma OD", prix_unitaire_centimes: 25_000 }] }],
    };
    const deux = dupliquerLigne(verre, 0, 0);
    expect(lignes(deux)[1]).toMatchObject({ numero: 2, cote: "OG", designation: "Orma OG", prix_unitaire_centimes: 25_000 });
    const [premiere] = lignes(deux);
    if (!premiere) throw new Error("no line");
    expect(lignes(remettreLigne(retirerLigne(deux, 0, 0), 1, premiere)).map(({ numero }) => numero)).toEqual([1, 2]);
  });

  test("a commercial offer is hidden and loses its LPP code (manual, « offre commerciale »)", () => {
    const [ligne] = lignes(ajouterLigne(dossierVide(JOUR), 0));
    if (!ligne) throw new Error("no line");
    const offre = changerCategorie({ ...ligne, code_lpp: "2203240" }, "OFFRE");
    expect(offre).toMatchObject({ occulte: true, code_lpp: null });
    expect(changerCategorie(offre, "MON").occulte).toBe(false);
  });
});

test("what is printed is the equipment of the screen, whatever others added or removed meanwhile", () => {
  const avec = (...numeros: number[]): Dossier => ({ ...dossierVide(JOUR), equipements: numeros.map((numero) => equipementVide(numero)) });
  expect(numeroEnregistre(avec(1, 2), 1, avec(1, 2, 3))).toBe(2);
  expect(numeroEnregistre(avec(1, 2), 1, avec(2))).toBe(2);
  expect(numeroEnregistre(avec(1, 2), 1, avec(1))).toBeNull();
  expect(numeroEnregistre(avec(1, 2, -1), 2, avec(2, 3, 4))).toBe(4);
  expect(numeroEnregistre(avec(), 0, avec())).toBeNull();
});
