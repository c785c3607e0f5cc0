/** The period of the figures: what the address says of it, in whole days of Paris. Pure functions. */
import { lireDate } from "@/champs/lecture";

export type Choix = "mois" | "3mois" | "12mois" | "dates";

export interface Periode {
  choix: Choix;
  du: string;
  au: string;
}

export const CHOIX: Record<Choix, string> = { mois: "Ce mois", "3mois": "3 mois", "12mois": "12 mois", dates: "Autres dates" };

const MOIS: Record<Exclude<Choix, "dates">, number> = { mois: 1, "3mois": 3, "12mois": 12 };

/** The first day of the month that is `n` months before the one of this day. */
export function debutDeMois(jour: string, n: number): string {
  const index = Number(jour.slice(0, 4)) * 12 + Number(jour.slice(5, 7)) - 1 - n;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, "0")}-01`;
}

const validDate = (texte: string | null, aujourdhui: string): string | null => {
  if (!texte || !/^\d{4}-\d{2}-\d{2}$/.test(texte)) return null;
  const lu = lireDate(texte, aujourdhui);
  return "valeur" in lu ? lu.valeur : null;
};

/** The period that the address names; without one, this month and the two before. */
export function readPeriode(params: URLSearchParams, aujourdhui: string): Periode {
  const said = params.get("periode") ?? "3mois";
  const choix: Choix = Object.hasOwn(CHOIX, said) ? (said as Choix) : "3mois";
  if (choix !== "dates") return { choix, du: debutDeMois(aujourdhui, MOIS[choix] - 1), au: aujourdhui };
  const au = validDate(params.get("au"), aujourdhui) ?? aujourdhui;
  return { choix, du: validDate(params.get("du"), aujourdhui) ?? debutDeMois(au, 0), au };
}

/** The months from one day to another, `AAAA-MM`, without a gap. */
export function moisEntre(du: string, au: string): string[] {
  const months: string[] = [];
  for (let mois = debutDeMois(du, 0); mois <= au; mois = debutDeMois(mois, -1)) months.push(mois.slice(0, 7));
  return months;
}

/** `2026-11` → « nov. 26 ». */
export const nomDuMois = (mois: string): string =>
  new Intl.DateTimeFormat("fr-FR", { month: "short", year: "2-digit", timeZone: "UTC" }).format(new Date(`${mois}-01T12:00:00Z`));
