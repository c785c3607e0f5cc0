/** The rules of a client's file that is being typed. */
import type { Client, MutuelleClient } from "@/api/types";
import type { Vue } from "@/brouillon/enregistreur";
import { motDuChamp } from "@/ecrans/dossier/libelles";

/** Most mutuelles of a client that the API takes. */
export const MUTUELLES_MAX = 5;

export const clientVide = (): Client =>
  ({
    id: "",
    version: 0,
    nom: "",
    prenom: null,
    date_naissance: null,
    nir: null,
    rang_gemellaire: 1,
    qualite: "ASSURE",
    assure: null,
    mutuelles: [],
  }) as Client;

/** Why no dossier can be begun for this client yet, or `null`. */
export function sansDossier({
  etat,
  base,
  fautes,
  illisibles,
}: Pick<Vue<Client>, "etat" | "base" | "fautes" | "illisibles">): string | null {
  const faute = illisibles[0]?.pointeur ?? fautes[0]?.champ;
  if (faute !== undefined) return `Corrigez d'abord ce qui empêche d'enregistrer la fiche (${motDuChamp(faute)}).`;
  if (base) return null;
  return etat.nom ? "La fiche n'est pas encore enregistrée." : "Saisissez d'abord le nom du client.";
}

/** The lowest rank that no mutuelle has. */
function rangLibre(mutuelles: readonly MutuelleClient[]): number {
  let rang = 1;
  while (mutuelles.some((mutuelle) => mutuelle.rang === rang)) rang += 1;
  return rang;
}

/** One more mutuelle, or another one in the place of `index`: the numbers of another card are not hers. */
export function poserMutuelle(client: Client, index: number | null, mutuelle_id: string, forfait_id: string | null): Client {
  const avant = index === null ? undefined : client.mutuelles[index];
  if (index !== null && avant?.mutuelle_id === mutuelle_id)
    return { ...client, mutuelles: client.mutuelles.map((mutuelle, i) => (i === index ? { ...mutuelle, forfait_id } : mutuelle)) };
  const nouvelle: MutuelleClient = {
    rang: avant?.rang ?? rangLibre(client.mutuelles),
    mutuelle_id,
    forfait_id,
    regime: null,
    numero_adherent: null,
    numero_contrat: null,
    numero_groupe: null,
    type: null,
    relation: null,
    fin_validite: null,
    maximum_annuel_centimes: null,
    deja_utilise_centimes: null,
  };
  const mutuelles =
    index === null ? [...client.mutuelles, nouvelle] : client.mutuelles.map((mutuelle, i) => (i === index ? nouvelle : mutuelle));
  return { ...client, mutuelles };
}

/** Whether a search text may be kept in the tab: a name may, a social security number not. */
export const estGardable = (texte: string): boolean => texte.replace(/\D/g, "").length < 5;
