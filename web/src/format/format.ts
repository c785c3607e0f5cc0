/** Amounts, dates and lengths as a French optician reads them. */

const EURO = new Intl.NumberFormat("fr-FR", { style: "currency", currency: "EUR" });
const NOMBRE = new Intl.NumberFormat("fr-FR");
const JOUR = new Intl.DateTimeFormat("fr-FR", { day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Europe/Paris" });
const HEURE = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Paris" });
const SECONDE = new Intl.DateTimeFormat("fr-FR", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Europe/Paris" });

/** What stands for an amount that nobody knows: never 0. */
export const INCONNU = "non connu";

/** `123456` → « 1 234,56 € »; an unknown amount says so. */
export const montant = (centimes: number | null): string => (centimes === null ? INCONNU : EURO.format(centimes / 100));

/** `1234` → « 1 234 ». */
export const nombre = (n: number): string => NOMBRE.format(n);

/** `2026-11-21` → « 21/11/2026 ». */
export function jour(date: string | null): string {
  if (!date) return "";
  const [annee, mois, jourDuMois] = date.split("-");
  return `${jourDuMois}/${mois}/${annee}`;
}

/** An instant as a day in Paris: « 21/11/2026 ». */
const jourDe = (instant: string): string => JOUR.format(new Date(instant));

/** An instant: « 21/11/2026 à 17:30 ». */
export const instant = (le: string): string => `${jourDe(le)} à ${HEURE.format(new Date(le))}`;

/** An instant as the line of a demande has it: « 26/11/2013 17:30:59 ». */
export const horodatage = (le: string): string => `${jourDe(le)} ${SECONDE.format(new Date(le))}`;

/** The calendar day in Paris of an instant, as the API writes it: `2026-11-21`. */
export const dateParis = (le: Date): string => new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Paris" }).format(le);

/** A length of time in the two largest units that matter: « 3 min », « 2 h 05 », « 4 j ». */
export function duree(secondes: number): string {
  const total = Math.max(0, Math.round(secondes));
  if (total < 60) return `${total} s`;
  const minutes = Math.floor(total / 60);
  if (minutes < 60) return `${minutes} min`;
  const heures = Math.floor(minutes / 60);
  if (heures < 48) return `${heures} h ${String(minutes % 60).padStart(2, "0")}`;
  return `${Math.floor(heures / 24)} j`;
}

/** « 1 crédit », « 3 crédits »: French has a plural from 2 on. */
export const pluriel = (n: number, un: string, plusieurs = `${un}s`): string => `${nombre(n)} ${Math.abs(n) < 2 ? un : plusieurs}`;

/** « de Marie », « d'Amélie », « d'Hélène »: the h of a first name is mute. */
export const deNom = (nom: string): string =>
  /^([aeiouhœæ]|y[^aeiou])/i.test(nom.normalize("NFD").replace(/\p{M}/gu, "")) ? `d'${nom}` : `de ${nom}`;

/** First name and name, whichever is there. */
export const personne = (qui: { nom: string | null; prenom: string | null } | null): string =>
  [qui?.prenom, qui?.nom].filter(Boolean).join(" ");
