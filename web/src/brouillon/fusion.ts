/**
 * What was typed, compared and brought together: mine, the other's, and what both started from.
 *
 * Fields that the server computes are never mine. Lists whose items carry a `numero` are met item by item, every other list is one value.
 */

const CALCULES: ReadonlySet<string> = new Set([
  "id",
  "version",
  "taux_ro",
  "enfant",
  "valeur_centimes",
  "ro_centimes",
  "rc_centimes",
  "consentement",
  "totaux",
]);

type Objet = Record<string, unknown>;
type Numerote = Objet & { numero: number };

const isObjet = (value: unknown): value is Objet => typeof value === "object" && value !== null && !Array.isArray(value);
const isNumerotee = (value: unknown): value is Numerote[] =>
  Array.isArray(value) && value.every((item) => isObjet(item) && typeof item.numero === "number");

/** Whether two values say the same; what the server computes does not count, and what is absent is `null`. */
export function memeSaisie(a: unknown, b: unknown): boolean {
  if (a === b || (a ?? null) === (b ?? null)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, index) => memeSaisie(item, b[index]));
  if (!isObjet(a) || !isObjet(b)) return false;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => CALCULES.has(key) || memeSaisie(a[key], b[key]));
}

/** A field that both changed, each in another way. */
export interface Conflit {
  pointeur: string;
  mien: unknown;
  autre: unknown;
}

/** A masked number says nothing: whoever typed one in clear knows more. */
const isMasque = (value: unknown): boolean => typeof value === "string" && value.includes("**");

function fusionnerListe(base: Numerote[], mien: Numerote[], autre: Numerote[], pointeur: string, conflits: Conflit[]): Numerote[] {
  const find = (list: Numerote[], numero: number) => list.find((item) => item.numero === numero);
  const next: Numerote[] = [];
  for (const theirs of autre) {
    const before = find(base, theirs.numero);
    const mine = find(mien, theirs.numero);
    // I removed what they left alone.
    if (!mine && before && memeSaisie(before, theirs)) continue;
    const both = mine && (before || memeSaisie(mine, theirs));
    next.push(both ? (noeud(before, mine, theirs, `${pointeur}/${next.length}`, conflits) as Numerote) : theirs);
  }
  for (const mine of mien) {
    const before = find(base, mine.numero);
    const theirs = find(autre, mine.numero);
    if (before && (theirs || memeSaisie(before, mine))) continue;
    if (theirs && memeSaisie(mine, theirs)) continue;
    // Each added an item under the same number: they are two items.
    const numero = theirs ? Math.max(...[...autre, ...mien].map((item) => item.numero)) + 1 : mine.numero;
    next.push({ ...mine, numero });
  }
  return next;
}

function noeud(base: unknown, mien: unknown, autre: unknown, pointeur: string, conflits: Conflit[]): unknown {
  if (isObjet(mien) && isObjet(autre)) {
    const before = isObjet(base) ? base : {};
    const next: Objet = {};
    for (const key of new Set([...Object.keys(autre), ...Object.keys(mien)]))
      next[key] = CALCULES.has(key) ? autre[key] : noeud(before[key], mien[key], autre[key], `${pointeur}/${key}`, conflits);
    return next;
  }
  if (isNumerotee(mien) && isNumerotee(autre)) return fusionnerListe(isNumerotee(base) ? base : [], mien, autre, pointeur, conflits);
  if (memeSaisie(base, mien)) return autre;
  if (memeSaisie(base, autre) || memeSaisie(mien, autre) || isMasque(autre)) return mien;
  conflits.push({ pointeur, mien, autre });
  return mien;
}

/** Where what stood at an address of `avant` stands in `apres`, item by item of the lists on the way; `null` where its item is gone. */
function suivi(pointeur: string, avant: unknown, apres: unknown): string | null {
  let from = avant;
  let to = apres;
  let chemin = "";
  for (const part of pointeur.split("/").slice(1)) {
    const item: unknown = (from as Objet | null | undefined)?.[part];
    let place = part;
    if (Array.isArray(from) && Array.isArray(to)) {
      const { numero } = isObjet(item) ? item : {};
      const found = to.findIndex((other) => other === item || (numero !== undefined && isObjet(other) && other.numero === numero));
      // Items that have no number and were changed: the same place of a list that is as long as before.
      if (found < 0 && (numero !== undefined || from.length !== to.length)) return null;
      if (found >= 0) place = String(found);
    }
    from = item;
    to = (to as Objet | null | undefined)?.[place];
    chemin += `/${place}`;
  }
  return chemin;
}

/** What is told of some fields, told of where these fields are after a change. */
export const suivre = <U extends { pointeur: string }>(dits: readonly U[], avant: unknown, apres: unknown): U[] =>
  dits.flatMap((dit) => {
    const pointeur = suivi(dit.pointeur, avant, apres);
    return pointeur === null ? [] : [{ ...dit, pointeur }];
  });

/** What I changed on top of what the other has; where both changed the same field mine stands for now, and it is told. */
export function fusionner<T>(base: T, mien: T, autre: T): { valeur: T; conflits: Conflit[] } {
  const conflits: Conflit[] = [];
  return { valeur: noeud(base, mien, autre, "", conflits) as T, conflits };
}
