import { expect, test } from "vitest";
import { clientVide, estGardable, poserMutuelle, sansDossier } from "./modele";

test("a mutuelle takes the lowest free rank; another one in its place keeps the rank and not the numbers", () => {
  const deux = poserMutuelle(poserMutuelle(clientVide(), null, "mut_1", null), null, "mut_2", "f");
  expect(deux.mutuelles.map(({ rang, mutuelle_id }) => [rang, mutuelle_id])).toEqual([
    [1, "mut_1"],
    [2, "mut_2"],
  ]);
  const numeros = { ...deux, mutuelles: deux.mutuelles.map((mutuelle) => ({ ...mutuelle, numero_adherent: "N" })) };
  expect(poserMutuelle(numeros, 1, "mut_3", null).mutuelles[1]).toMatchObject({ rang: 2, mutuelle_id: "mut_3", numero_adherent: null });
  expect(poserMutuelle(numeros, 1, "mut_2", "g").mutuelles[1]).toMatchObject({ forfait_id: "g", numero_adherent: "N" });
});

test("a name that was searched may be kept in the tab, a social security number not", () => {
  expect(estGardable("Mont")).toBe(true);
  expect(estGardable("2 78 05 2A 004")).toBe(false);
});

test("what stops a client's dossier is said as it is: no name, something to correct, or a file that is not saved yet", () => {
  const vide = { etat: clientVide(), base: null, fautes: [], illisibles: [] };
  const nommee = { ...vide, etat: { ...clientVide(), nom: "MARTIN" } };
  expect(sansDossier(vide)).toBe("Saisissez d'abord le nom du client.");
  expect(sansDossier(nommee)).toBe("La fiche n'est pas encore enregistrée.");
  const nir = { champ: "/nir", code: "cle", message: "La clé est fausse." };
  expect(sansDossier({ ...nommee, fautes: [nir] })).toContain("Corrigez d'abord");
  expect(sansDossier({ ...nommee, fautes: [nir] })).toContain("N° de sécurité sociale");
  const date = { pointeur: "/date_naissance", texte: "hier", erreur: "Une date." };
  expect(sansDossier({ ...nommee, illisibles: [date] })).toContain("Date de naissance");
  expect(sansDossier({ ...nommee, base: { value: nommee.etat, etag: "1" } })).toBeNull();
});
