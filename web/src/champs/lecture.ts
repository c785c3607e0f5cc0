/**
 * What an optician types, read as she means it: pure functions, from text to the value that the API takes.
 *
 * Amounts and dioptres never pass through a float: they are read digit by digit.
 */

/** A value, or the sentence that says what was expected. */
export type Lu<T> = { valeur: T } | { erreur: string };

const refus = (erreur: string): { erreur: string } => ({ erreur });

const ESPACES = /[\s\u00a0\u202f]/g;

/** « 1 234,56 », « 1234.5 », « 12 € » → centimes; empty → `null`. */
export function lireMontant(texte: string): Lu<number | null> {
  const nu = texte.replace(ESPACES, "").replace(/€$/, "");
  if (nu === "") return { valeur: null };
  const parts = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(nu);
  if (!parts)
    return refus(
      /^\d{8,}([.,]\d{0,2})?$/.test(nu) ? "Un montant est d'au plus 9 999 999,99 €." : "Un montant en euros, par exemple 214,00.",
    );
  return { valeur: Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0")) };
}

/** Centimes as they are typed: « 1234,56 ». */
export const ecrireMontant = (centimes: number | null): string =>
  centimes === null ? "" : `${Math.trunc(centimes / 100)},${String(centimes % 100).padStart(2, "0")}`;

const QUARTS = ["00", "25", "50", "75"];

/** The strongest power that the API takes, in dioptres. */
const PUISSANCE_MAX = 40;

/**
 * A sphere, cylinder or addition as the trade types it → « +2.00 », by quarters of a dioptre.
 *
 * With a separator it is read as written (« -1,5 » → « -1.50 »); three digits or more are hundredths (« 200 » → « +2.00 »), so are « 25 », « 50 »
 * and « 75 » alone, which no eye has as whole dioptres; anything shorter is whole dioptres (« 2 » → « +2.00 »).
 */
export function lireDioptrie(texte: string): Lu<string | null> {
  const nu = texte.replace(ESPACES, "").replace(",", ".").replace("−", "-");
  if (nu === "") return { valeur: null };
  if (/^(plan|pl)$/i.test(nu)) return { valeur: "+0.00" };
  const parts = /^([+-]?)(\d{1,4})(?:\.(\d{0,2}))?$/.exec(nu);
  if (!parts) return refus("Une puissance, par exemple +2.00 ou 200.");
  const [, signe = "", entier = "", decimales] = parts;
  const centiemes = decimales === undefined && (entier.length >= 3 || QUARTS.slice(1).includes(entier));
  const dioptres = centiemes ? entier.slice(0, -2) : entier;
  const reste = centiemes ? entier.slice(-2) : (decimales ?? "").padEnd(2, "0");
  if (!QUARTS.includes(reste)) return refus("Une puissance va de quart en quart : 0.00, 0.25, 0.50, 0.75.");
  const valeur = Number(dioptres);
  if (valeur > PUISSANCE_MAX || (valeur === PUISSANCE_MAX && reste !== "00")) return refus("Une puissance va de -40.00 à +40.00.");
  const nulle = valeur === 0 && reste === "00";
  return { valeur: `${signe === "-" && !nulle ? "-" : "+"}${valeur}.${reste}` };
}

/** One quarter of a dioptre more or less: the keys + and −. */
export function decalerDioptrie(valeur: string | null, quarts: 1 | -1): string {
  const parts = /^([+-])(\d+)\.(\d\d)$/.exec(valeur ?? "+0.00");
  const present = parts ? (parts[1] === "-" ? -1 : 1) * (Number(parts[2]) * 4 + QUARTS.indexOf(parts[3] ?? "00")) : 0;
  const next = Math.max(-4 * PUISSANCE_MAX, Math.min(4 * PUISSANCE_MAX, present + quarts));
  const grandeur = Math.abs(next);
  return `${next < 0 ? "-" : "+"}${Math.trunc(grandeur / 4)}.${QUARTS[grandeur % 4]}`;
}

/** A prism: like a power, without a sign (« 150 » → « 1.50 »). */
export function lirePrisme(texte: string): Lu<string | null> {
  const lu = /[+\-−]/.test(texte) ? refus("Un prisme s'écrit sans signe, par exemple 1.50.") : lireDioptrie(texte);
  return "erreur" in lu || lu.valeur === null ? lu : { valeur: lu.valeur.slice(1) };
}

/** « 32 », « 32,5 » → « 32.5 »: a distance or a height in millimetres, by tenths. */
export function lireMillimetres(texte: string): Lu<string | null> {
  const nu = texte.replace(ESPACES, "").replace(",", ".").replace(/mm$/i, "");
  if (nu === "") return { valeur: null };
  const parts = /^(\d{1,2})(?:\.(\d?))?$/.exec(nu);
  return parts ? { valeur: `${Number(parts[1])}.${parts[2] || "0"}` } : refus("Une longueur en millimètres, par exemple 32,5.");
}

/** A whole number between two bounds. */
export function lireEntier(texte: string, min: number, max: number): Lu<number | null> {
  const nu = texte.replace(ESPACES, "").replace(/°$/, "");
  if (nu === "") return { valeur: null };
  const valeur = /^\d{1,6}$/.test(nu) ? Number(nu) : Number.NaN;
  return valeur >= min && valeur <= max ? { valeur } : refus(`Un nombre entier de ${min} à ${max}.`);
}

/** « 10 », « 12,5 » → « 12.5 »: a discount in per cent. */
export function lirePourcent(texte: string): Lu<string | null> {
  const nu = texte.replace(ESPACES, "").replace(/%$/, "").replace(",", ".");
  if (nu === "") return { valeur: null };
  const parts = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(nu);
  if (!parts || Number(parts[1]) > 100 || (Number(parts[1]) === 100 && Number(parts[2] ?? "0") > 0))
    return refus("Un pourcentage de 0 à 100.");
  const decimales = (parts[2] ?? "").replace(/0+$/, "");
  return { valeur: decimales ? `${Number(parts[1])}.${decimales}` : String(Number(parts[1])) };
}

/**
 * « 14051978 », « 14/05/1978 », « 14-5-78 », « 1978-05-14 » → « 1978-05-14 ». With a year of two digits it is the day that is not to come
 * (`aujourdhui` in the same form decides), unless `futur`.
 */
export function lireDate(texte: string, aujourdhui: string, futur = false): Lu<string | null> {
  const nu = texte.trim();
  if (nu === "") return { valeur: null };
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(nu);
  const compact = /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(nu);
  const separe = /^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})$/.exec(nu);
  const parts = iso ? [iso[3], iso[2], iso[1]] : (compact ?? separe)?.slice(1);
  if (!parts) return refus("Une date, par exemple 14/05/1978.");
  const [jour, mois, an] = parts.map(Number) as [number, number, number];
  const deuxChiffres = (nombre: number) => String(nombre).padStart(2, "0");
  const dire = (annee: number) => `${annee}-${deuxChiffres(mois)}-${deuxChiffres(jour)}`;
  let annee = an;
  if (an < 100) {
    annee = Number(aujourdhui.slice(0, 2)) * 100 + an;
    if (!futur && dire(annee) > aujourdhui) annee -= 100;
  }
  const date = new Date(Date.UTC(annee, mois - 1, jour));
  if (date.getUTCMonth() !== mois - 1 || date.getUTCDate() !== jour || annee < 1850 || annee > 2200)
    return refus("Cette date n'existe pas.");
  return { valeur: dire(annee) };
}

/** « 278052A00412358 » → « 2 78 05 2A 004 123 58 »; a mask stays as it is. */
export function ecrireNir(nir: string | null): string {
  if (!nir || nir.includes("*")) return nir ?? "";
  const parts = /^(\d)(\d\d)(\d\d)(\d[\dAB])(\d{3})(\d{3})(\d\d)?$/i.exec(nir.replace(ESPACES, ""));
  return parts ? parts.slice(1).filter(Boolean).join(" ") : nir;
}

/** What was typed without its spaces; the server checks the key. A mask is given back as it came, which the API takes for « unchanged ». */
export const lireNir = (texte: string): string | null => (texte.includes("*") ? texte : texte.replace(ESPACES, "").toUpperCase() || null);
