/**
 * Search of a mutuelle as a counter assistant types it: part of the name, of the plateau or of the identifiant, without accents or capitals, with a
 * typing mistake forgiven. The same rules as `GET /v1/mutuelles?q=`, so that both give the same list.
 *
 * Names repeat their words (« mutuelle », « générale »…): each different word is compared once for a key, however many names have it.
 */
import type { EntreeMutuelle, Pec } from "@/api/types";

/** How well something matches; smaller is better. */
const ACCORD = {
  nom: 0,
  debutDuNom: 1,
  debutDeMot: 2,
  dansUnMot: 3,
  debutDeNumero: 4,
  dansUnNumero: 5,
  motsColles: 6,
  faute: 7,
  fauteAuDebut: 8,
} as const;

/** No match. */
const AUCUN = 99;
/** What is longer is not searched: nobody types that. */
const REQUETE_MAX = 100;
/** Letters up to which a word may carry mistakes; longer ones must be spelt right. */
const FAUTE_LETTRES_MAX = 40;
/** From this length on a mistake is also forgiven in a word that is still being typed. */
const DEBUT_LETTRES_MIN = 5;

interface Mot {
  texte: string;
  masque: number;
}

interface Fiche {
  mutuelle: EntreeMutuelle;
  nom: string;
  sansEspaces: string;
  mots: number[];
  plateau: string;
  identifiant: string;
}

/** What is searched, made once from a list. */
export interface Index {
  /** In the order in which an empty search gives them: by name, those that left the conventions last. */
  fiches: Fiche[];
  mots: Mot[];
}

/** For comparison and search: lower case, without accents, every run of other signs one space. */
export const plier = (texte: string): string =>
  texte
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/œ/g, "oe")
    .replace(/æ/g, "ae")
    .replace(/ß/g, "ss")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** A set of letters in 32 bits; different letters may share one. */
function masquer(texte: string): number {
  let masque = 0;
  for (let i = 0; i < texte.length; i++) masque |= 1 << (texte.charCodeAt(i) & 31);
  return masque;
}

function bits(n: number): number {
  let count = 0;
  for (let rest = n; rest !== 0; rest &= rest - 1) count++;
  return count;
}

/** Makes the index of a list. */
export function indexer(mutuelles: readonly EntreeMutuelle[]): Index {
  const mots: Mot[] = [];
  const connus = new Map<string, number>();
  const numero = (texte: string): number => {
    const connu = connus.get(texte);
    if (connu !== undefined) return connu;
    connus.set(texte, mots.length);
    return mots.push({ texte, masque: masquer(texte) }) - 1;
  };
  const fiches = mutuelles.map((mutuelle) => {
    const nom = plier(mutuelle.nom);
    return {
      mutuelle,
      nom,
      sansEspaces: nom.replaceAll(" ", ""),
      mots: nom.split(" ").map(numero),
      plateau: mutuelle.plateau ?? "",
      identifiant: mutuelle.identifiant ?? "",
    };
  });
  fiches.sort((a, b) => Number(a.mutuelle.retiree) - Number(b.mutuelle.retiree) || (a.nom < b.nom ? -1 : Number(a.nom > b.nom)));
  return { fiches, mots };
}

const indexes = new WeakMap<readonly EntreeMutuelle[], Index>();

/** The index of a list, made once for each list that was loaded. */
export function indexDe(mutuelles: readonly EntreeMutuelle[]): Index {
  const connu = indexes.get(mutuelles);
  if (connu) return connu;
  const index = indexer(mutuelles);
  indexes.set(mutuelles, index);
  return index;
}

/** Mistakes forgiven in a word of so many letters. */
function pardonnees(lettres: number): number {
  if (lettres < 3 || lettres > FAUTE_LETTRES_MAX) return 0;
  return lettres < 8 ? 1 : 2;
}

const rangee = () => new Uint8Array(FAUTE_LETTRES_MAX + 4);
let avant = rangee();
let dessus = rangee();
let ligne = rangee();

/**
 * How a mistyped word matches: insertions, deletions, substitutions and swaps of neighbours (optimal string alignment) up to the whole of `mot`, or up
 * to its nearest beginning.
 */
function fautes(tape: string, mot: string, max: number): number {
  const colonnes = Math.min(mot.length, tape.length + max + 1);
  for (let j = 0; j <= colonnes; j++) dessus[j] = j;
  for (let i = 0; i < tape.length; i++) {
    ligne[0] = i + 1;
    let moindre = i + 1;
    const lettre = tape.charCodeAt(i);
    for (let j = 0; j < colonnes; j++) {
      const autre = mot.charCodeAt(j);
      let cout = Math.min((dessus[j] ?? 0) + Number(lettre !== autre), (dessus[j + 1] ?? 0) + 1, (ligne[j] ?? 0) + 1);
      if (i > 0 && j > 0 && lettre === mot.charCodeAt(j - 1) && tape.charCodeAt(i - 1) === autre)
        cout = Math.min(cout, (avant[j - 1] ?? 0) + 1);
      ligne[j + 1] = cout;
      if (cout < moindre) moindre = cout;
    }
    if (moindre > max) return AUCUN;
    [avant, dessus, ligne] = [dessus, ligne, avant];
  }
  if (colonnes === mot.length && (dessus[colonnes] ?? AUCUN) <= max) return ACCORD.faute;
  if (tape.length < DEBUT_LETTRES_MIN) return AUCUN;
  for (let j = 0; j <= colonnes; j++) if ((dessus[j] ?? AUCUN) <= max) return ACCORD.fauteAuDebut;
  return AUCUN;
}

/** How one word of the query matches each known word. */
function comparer(mots: readonly Mot[], tape: string): Uint8Array {
  const masque = masquer(tape);
  const max = pardonnees(tape.length);
  const accords = new Uint8Array(mots.length).fill(AUCUN);
  mots.forEach((mot, i) => {
    const place = mot.texte.indexOf(tape);
    if (place >= 0) {
      accords[i] = place === 0 ? ACCORD.debutDeMot : ACCORD.dansUnMot;
      return;
    }
    const tropLong = mot.texte.length > tape.length + max && tape.length < DEBUT_LETTRES_MIN;
    if (max === 0 || tropLong || tape.length > mot.texte.length + max) return;
    // Each mistake brings at most one letter that the other word does not have.
    if (bits(masque & ~mot.masque) > max) return;
    accords[i] = fautes(tape, mot.texte, max);
  });
  return accords;
}

function accordDuNumero(fiche: Fiche, tape: string): number {
  if (fiche.plateau.startsWith(tape) || fiche.identifiant.startsWith(tape)) return ACCORD.debutDeNumero;
  return fiche.plateau.includes(tape) || fiche.identifiant.includes(tape) ? ACCORD.dansUnNumero : AUCUN;
}

/** Everything that matches, best first; an empty query gives the whole list by name. */
export function chercher({ fiches, mots }: Index, q: string, pec: Pec | null = null): EntreeMutuelle[] {
  const requete = plier(q.slice(0, REQUETE_MAX));
  const retenue = (fiche: Fiche): boolean => pec === null || fiche.mutuelle.pec === pec;
  if (requete === "") return fiches.filter(retenue).map((fiche) => fiche.mutuelle);

  const colles = requete.replaceAll(" ", "");
  const tapes = [...new Set(requete.split(" "))].map((mot) => ({ mot, chiffres: /\d/.test(mot), accords: comparer(mots, mot) }));

  /** The worst match and the sum of all; `null` when a word is missing. */
  const noter = (fiche: Fiche): [number, number] | null => {
    if (fiche.nom === requete) return [ACCORD.nom, 0];
    if (fiche.nom.startsWith(requete)) return [ACCORD.debutDuNom, 0];
    let pire = 0;
    let somme = 0;
    for (const { mot, chiffres, accords } of tapes) {
      let accord: number = AUCUN;
      for (const numero of fiche.mots) {
        const present = accords[numero] ?? AUCUN;
        if (present < accord) accord = present;
      }
      if (chiffres) accord = Math.min(accord, accordDuNumero(fiche, mot));
      // « mgen » for « M.G.E.N. », « mutu elle » for « mutuelle ».
      if (accord === AUCUN) return colles.length >= 3 && fiche.sansEspaces.includes(colles) ? [ACCORD.motsColles, 0] : null;
      if (accord > pire) pire = accord;
      somme += accord;
    }
    return [pire, somme];
  };

  const trouvees: { fiche: Fiche; cle: number }[] = [];
  fiches.forEach((fiche, rang) => {
    const note = retenue(fiche) ? noter(fiche) : null;
    // One number to sort by: in the list or retirée, worst match, sum of the matches, order of names.
    if (note) trouvees.push({ fiche, cle: ((Number(fiche.mutuelle.retiree) * 16 + note[0]) * 1_024 + note[1]) * 65_536 + rang });
  });
  return trouvees.sort((a, b) => a.cle - b.cle).map(({ fiche }) => fiche.mutuelle);
}
