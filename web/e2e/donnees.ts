/** Invented people, dossiers and demandes: what a shop has after some weeks, long names and rare states included. */
import { type Api, test as base, dossierDuManuel, type Magasin, magasinPret } from "./systeme";

/** A social security number with its right key: sex, year, month, département, commune, order. */
export function nir(numero: string): string {
  const key = 97 - Number(BigInt(numero) % 97n);
  return numero + String(key).padStart(2, "0");
}

export interface Personne {
  nom: string;
  prenom: string;
  date_naissance: string;
  nir: string;
}

export const PERSONNES: readonly Personne[] = [
  { nom: "MONTFORT", prenom: "Fabienne", date_naissance: "1978-05-14", nir: nir("2780575004123") },
  { nom: "LE GOFF", prenom: "Yann", date_naissance: "1961-11-02", nir: nir("1611129019045") },
  { nom: "DE LA ROCHEFOUCAULD-MONTBÉLIARD", prenom: "Marie-Antoinette Élisabeth", date_naissance: "1949-03-28", nir: nir("2490325056012") },
  { nom: "BENALI", prenom: "Samira", date_naissance: "1990-08-19", nir: nir("2900869123077") },
  { nom: "PETIT", prenom: "Léo", date_naissance: "2012-01-30", nir: nir("1120133063011") },
  { nom: "NGUYEN", prenom: "Thierry", date_naissance: "1984-06-07", nir: nir("1840675113204") },
];

/** Writes a dossier for somebody, with her as a client of the shop. */
export async function dossierDe(api: Api, qui: Personne, numeroAdherent: string, signe = true): Promise<string> {
  const { id: client } = await api.post<{ id: string }>("/v1/clients", { ...qui, qualite: "ASSURE" });
  const id = await dossierDuManuel(api, numeroAdherent, false);
  await api.change<Record<string, unknown>>(`/v1/dossiers/${id}`, (dossier) => ({
    ...dossier,
    client_id: client,
    beneficiaire: { ...qui, rang_gemellaire: 1, qualite: "ASSURE" },
    prescription: {
      date: "2013-10-01",
      ri_delivre: false,
      ra_deuxieme_paire: false,
      prescripteur: { nom: "Besnainou", prenom: "Anne", rpps: null },
      od: { loin: { sphere: "+2.00", cylindre: "+1.00", axe: 90 }, ecart_loin: "32.0" },
      og: { loin: { sphere: "+1.75", cylindre: "+0.50", axe: 85 }, ecart_loin: "32.5" },
    },
  }));
  if (signe) await api.post(`/v1/dossiers/${id}/consentement`, { signe_le: await aujourdhui(api), canal: "PAPIER" });
  return id;
}

/** The system's day. */
export async function aujourdhui(api: Api): Promise<string> {
  const { maintenant } = await api.get<{ maintenant: string }>("/local/horloge");
  return maintenant.slice(0, 10);
}

export interface DemandeVue {
  id: string;
  etat: string;
  numero: number;
  credit: string;
  montant_global_centimes: number | null;
}

/** Asks for a demande and waits until it has left the state that ends by itself. */
export async function demander(api: Api, dossier: string, nature: "PEC" | "COTATION" = "PEC"): Promise<DemandeVue> {
  const { id } = await api.post<{ id: string }>(`/v1/dossiers/${dossier}/demandes`, { nature, equipement: 1 });
  return quand(api, id, (etat) => etat !== "EN_TRANSMISSION");
}

/** Waits until a demande is in a state. */
export async function quand(api: Api, id: string, atteint: (etat: string) => boolean): Promise<DemandeVue> {
  for (let essai = 0; essai < 200; essai += 1) {
    const demande = await api.get<DemandeVue>(`/v1/demandes/${id}`);
    if (atteint(demande.etat)) return demande;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`the demande ${id} does not move`);
}

export interface Rempli {
  /** Of each case, the dossier and its demande. */
  accordee: Paire;
  refusee: Paire;
  rejetee: Paire;
  attente: Paire;
  sansReponse: Paire;
  aVerifier: Paire;
  reserve: Paire;
  cotation: Paire;
  annulee: Paire;
  /** A dossier that nothing was asked for. */
  vierge: string;
  client: string;
  mutuelle: string;
}

interface Paire {
  dossier: string;
  demande: string;
}

/** Fills a shop with one demande in each state that can be reached without waiting. */
export async function remplir(api: Api): Promise<Rempli> {
  let rang = 0;
  const one = async (numero: string, nature: "PEC" | "COTATION" = "PEC"): Promise<Paire> => {
    const qui = PERSONNES[rang++ % PERSONNES.length] as Personne;
    const dossier = await dossierDe(api, qui, numero);
    const { id } = await demander(api, dossier, nature);
    return { dossier, demande: id };
  };
  const accordee = await one("DEMO-ACCORD-LIGNES");
  const refusee = await one("DEMO-INCONNU");
  const rejetee = await one("DEMO-REJET-PLATEFORME");
  const attente = await one("DEMO-ATTENTE-48");
  const sansReponse = await one("DEMO-COUPE");
  const aVerifier = await one("DEMO-STATUT-NOUVEAU");
  const reserve = await one("DEMO-RESERVE");
  const cotation = await one("DEMO-ACCORD", "COTATION");
  const annulee = await one("DEMO-ACCORD");
  await api.post(`/v1/demandes/${annulee.demande}/annulation`, { motif: "Le client a changé d'avis" });
  const vierge = await dossierDe(api, PERSONNES[2] as Personne, "DEMO-ACCORD-LIGNES", false);
  const { client_id } = await api.get<{ client_id: string }>(`/v1/dossiers/${accordee.dossier}`);
  const { mutuelles } = await api.get<{ mutuelles: { id: string }[] }>("/v1/mutuelles?q=90000001&limite=1");
  return {
    accordee,
    refusee,
    rejetee,
    attente,
    sansReponse,
    aVerifier,
    reserve,
    cotation,
    annulee,
    vierge,
    client: client_id,
    mutuelle: mutuelles[0]?.id ?? "",
  };
}

/** The demandes of a dossier, by the API. */
export async function demandesDe(api: Api, dossier: string): Promise<DemandeVue[]> {
  const { demandes } = await api.get<{ demandes: DemandeVue[] }>(`/v1/demandes?dossier_id=${dossier}&limite=100`);
  return demandes;
}

/** The kinds of the entries of the ledger, oldest first. */
export async function grandLivre(api: Api): Promise<string[]> {
  const { mouvements } = await api.get<{ mouvements: { type: string }[] }>("/v1/credits/mouvements?limite=100");
  return mouvements.map(({ type }) => type).reverse();
}

export interface Credits {
  disponibles: number;
  reserves: number;
  consommes: number;
}

export const credits = (api: Api): Promise<Credits> => api.get<Credits>("/v1/credits");

/** How a shop that asked for the same thing twice would be found out: one demande, one hold. */
export async function uneSeule(api: Api, dossier: string): Promise<DemandeVue> {
  const demandes = await demandesDe(api, dossier);
  if (demandes.length !== 1) throw new Error(`${demandes.length} demandes instead of one`);
  const holds = (await grandLivre(api)).filter((type) => type === "RESERVATION").length;
  if (holds !== 1) throw new Error(`${holds} holds instead of one`);
  return demandes[0] as DemandeVue;
}

/** A filled shop that the tests of a worker share: they look at it and change nothing. */
export const test = base.extend<Record<never, never>, { rempli: Rempli & Magasin }>({
  rempli: [
    async ({ systeme }, use) => {
      const magasin = await magasinPret(systeme);
      await use({ ...magasin, ...(await remplir(magasin.api)) });
    },
    { scope: "worker" },
  ],
});
