/** The figures of the dashboard: totals, order, words. Pure functions. */
import type { Statistiques } from "@/api/types";
import { duree } from "@/format/format";

export type ParMutuelle = Statistiques["mutuelles"][number];

/** The columns that the table can be sorted by. */
export const COLONNES = ["nom", "demandes", "accordees", "refusees", "acceptation", "median", "p90", "montant"] as const;
export type Colonne = (typeof COLONNES)[number];

/** Hundredths of a per cent: `6666` → « 66,7 % ». */
export const pourcent = (centiemes: number): string =>
  new Intl.NumberFormat("fr-FR", { style: "percent", maximumFractionDigits: 1 }).format(centiemes / 10_000);

/** A time to answer in words; what takes less than a second does not take none. */
export const delai = (secondes: number): string => (secondes < 1 ? "moins d'1 s" : duree(secondes));

const value = (ligne: ParMutuelle, colonne: Colonne): number | string | null => {
  switch (colonne) {
    case "nom":
      return ligne.nom;
    case "demandes":
      return ligne.demandes;
    case "accordees":
      return ligne.accordees;
    case "refusees":
      return ligne.refusees;
    case "acceptation":
      return ligne.acceptation_centiemes;
    case "median":
      return ligne.delai_median_secondes;
    case "p90":
      return ligne.delai_p90_secondes;
    case "montant":
      return ligne.montant_accorde_centimes;
  }
};

/** Sorted by a column; what is not known comes last, whichever way. */
export function trier(lignes: readonly ParMutuelle[], colonne: Colonne, descendant: boolean): ParMutuelle[] {
  return [...lignes].sort((a, b) => {
    const [x, y] = [value(a, colonne), value(b, colonne)];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    const order = typeof x === "string" || typeof y === "string" ? String(x).localeCompare(String(y), "fr") : x - y;
    return (descendant ? -order : order) || a.nom.localeCompare(b.nom, "fr");
  });
}

export interface Total {
  demandes: number;
  accordees: number;
  refusees: number;
  acceptation_centiemes: number | null;
  montant_accorde_centimes: number;
}

/** All mutuelles together; a median of medians would mean nothing and is left out. */
export function total(lignes: readonly ParMutuelle[]): Total {
  const sum = (of: (ligne: ParMutuelle) => number) => lignes.reduce((all, ligne) => all + of(ligne), 0);
  const accordees = sum((l) => l.accordees);
  const refusees = sum((l) => l.refusees);
  return {
    demandes: sum((l) => l.demandes),
    accordees,
    refusees,
    acceptation_centiemes: accordees + refusees === 0 ? null : Math.round((accordees * 10_000) / (accordees + refusees)),
    montant_accorde_centimes: sum((l) => l.montant_accorde_centimes),
  };
}

export interface Motif {
  code: string;
  nombre: number;
  mutuelles: { nom: string; nombre: number }[];
}

/** The reasons of refusal over all mutuelles, most frequent first. */
export function motifs(lignes: readonly ParMutuelle[]): Motif[] {
  const found = new Map<string, Motif>();
  for (const { nom, refus } of lignes)
    for (const { code, nombre } of refus) {
      const motif = found.get(code) ?? { code, nombre: 0, mutuelles: [] };
      motif.nombre += nombre;
      motif.mutuelles.push({ nom, nombre });
      found.set(code, motif);
    }
  for (const motif of found.values()) motif.mutuelles.sort((a, b) => b.nombre - a.nombre);
  return [...found.values()].sort((a, b) => b.nombre - a.nombre || a.code.localeCompare(b.code));
}

/** A code as it is shown. */
export const codeEnMots = (code: string): string => (code === "SANS_CODE" ? "Sans code" : code);
