/** The work list without its screen: filters, the order, and what each demande says of itself. Pure functions. */
import { enRetard, type Groupe, groupe } from "@/api/travail";
import type { Demande, EtatDemande, Nature } from "@/api/types";
import { ETATS, NATURES } from "@/composants/etats";
import { duree, instant, montant, nombre, personne } from "@/format/format";

export interface Filtres {
  etat: EtatDemande | null;
  nature: Nature | null;
  mutuelle: string | null;
  /** Part of a name, a number, a reference. */
  texte: string;
  tri: "recentes" | "anciennes";
}

/** What the address says; what it says wrongly filters nothing. */
export function readFiltres(params: URLSearchParams, texte: string): Filtres {
  const etat = params.get("etat") ?? "";
  const nature = params.get("nature") ?? "";
  return {
    etat: Object.hasOwn(ETATS, etat) ? (etat as EtatDemande) : null,
    nature: Object.hasOwn(NATURES, nature) ? (nature as Nature) : null,
    mutuelle: params.get("mutuelle"),
    texte,
    tri: params.get("tri") === "anciennes" ? "anciennes" : "recentes",
  };
}

/** Whether anything is filtered out. */
export const filtered = ({ etat, nature, mutuelle, texte }: Filtres): boolean =>
  etat !== null || nature !== null || mutuelle !== null || texte.trim() !== "";

/** How many a group has, in words: « 1 terminée », « 2 terminées ». */
export function compte(groupe: Groupe, n: number): string {
  const mots: Record<Groupe, string> = { A_TRAITER: "à traiter", EN_COURS: "en cours", TERMINEES: n < 2 ? "terminée" : "terminées" };
  return `${nombre(n)} ${mots[groupe]}`;
}

/** Without accents, case and repeated spaces. */
const fold = (texte: string): string =>
  texte
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[\s\u00a0\u202f]+/g, " ")
    .trim();

function says(demande: Demande, words: readonly string[]): boolean {
  const { numero, mutuelle_nom, numero_pec, reference_dossier, reference } = demande;
  const all = [personne(demande.beneficiaire), mutuelle_nom, numero_pec, reference_dossier, reference, `n°${numero} ${numero}`].join(" ");
  const folded = fold(all);
  return words.every((word) => folded.includes(word));
}

/** The demandes that pass, in the order asked for. */
export function select(all: readonly Demande[], { etat, nature, mutuelle, texte, tri }: Filtres): Demande[] {
  const words = fold(texte.replace(/n°\s+/gi, "n°")).split(" ").filter(Boolean);
  const kept = all.filter(
    (demande) =>
      (etat === null || demande.etat === etat) &&
      (nature === null || demande.nature === nature) &&
      (mutuelle === null || demande.mutuelle_id === mutuelle) &&
      says(demande, words),
  );
  return kept.sort((a, b) => (tri === "recentes" ? b.numero - a.numero : a.numero - b.numero));
}

/** The demandes by group; `all` decides the group, also what the filters hide. */
export function byGroupe(kept: readonly Demande[], all: readonly Demande[], maintenant: number): Record<Groupe, Demande[]> {
  const groups: Record<Groupe, Demande[]> = { A_TRAITER: [], EN_COURS: [], TERMINEES: [] };
  for (const demande of kept) groups[groupe(demande, all, maintenant)].push(demande);
  return groups;
}

/** The mutuelles of these demandes, by name: the name of the newest demande counts. */
export function mutuelles(all: readonly Demande[]): { id: string; nom: string }[] {
  const noms = new Map<string, string>();
  for (const { mutuelle_id, mutuelle_nom } of all) if (!noms.has(mutuelle_id)) noms.set(mutuelle_id, mutuelle_nom);
  return [...noms].map(([id, nom]) => ({ id, nom })).sort((a, b) => a.nom.localeCompare(b.nom, "fr"));
}

/** The first sentence of a text, its double signs kept on the line of their word. */
export const firstSentence = (texte: string): string =>
  (/^.*?[.!?](?=\s|$)/su.exec(texte)?.[0] ?? texte).replace(/ (?=[:;!?»])|(?<=«) /g, "\u00a0");

/** What to do about it, in one sentence; empty where there is nothing to do. */
export function queFaire(demande: Demande, maintenant: number): string {
  if (demande.effacee_le) return "Effacée : il n'y a plus rien à faire.";
  const late = enRetard(demande, maintenant);
  if (demande.etat === "EN_ATTENTE" && late) return "Délai dépassé : actualisez ; si rien ne vient, appelez la mutuelle.";
  if (demande.etat === "EN_TRANSMISSION")
    return late ? "L'envoi dure plus que prévu : actualisez, ne renvoyez pas." : "Rien à faire : réponse sous 90 secondes.";
  if (demande.etat === "ANNULATION_EN_COURS") return "Rien à faire : la mutuelle n'a pas encore confirmé l'annulation.";
  return firstSentence(demande.que_faire ?? "");
}

/** What was answered, word for word: the platform's message or the mutuelle's. */
export const message = (demande: Demande): string | null => demande.message_plateforme ?? demande.message_mutuelle;

/** What is granted: an agreement that is cancelled or over grants nothing any more. */
export function accorde({ etat, montant_global_centimes }: Demande): string {
  if (etat !== "ACCORDEE" && etat !== "ACCORDEE_SOUS_RESERVE") return "—";
  return montant_global_centimes === null ? "" : montant(montant_global_centimes);
}

/** When the concentrator is asked again: « dans 12 min » today, the day and hour beyond. */
export function prochaine(demande: Demande, maintenant: number): string {
  if (demande.prochaine_actualisation === null) return "";
  const secondes = (Date.parse(demande.prochaine_actualisation) - maintenant) / 1000;
  if (secondes <= 0) return "imminente";
  return secondes < 24 * 3_600 ? `dans ${duree(secondes)}` : instant(demande.prochaine_actualisation);
}

/** Where the CSV of these filters is; the API filters by state and nature only. */
export function exportPath({ etat, nature }: Filtres): string {
  const query = new URLSearchParams({ ...(etat ? { etat } : {}), ...(nature ? { nature } : {}) }).toString();
  return `/v1/demandes/export${query ? `?${query}` : ""}`;
}
