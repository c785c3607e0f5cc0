/** The ledger in words. Pure functions. */
import type { Mouvement } from "@/api/types";

/** What a movement does to the credits that can be spent; those that are used had been set aside before. */
export function effet({ type, quantite }: Mouvement): number {
  switch (type) {
    case "RECHARGE":
    case "RESTITUTION":
    case "CORRECTION":
      return quantite;
    case "RESERVATION":
      return -quantite;
    case "CONSOMMATION":
      return 0;
  }
}

/** What it is, before the demande that it is about. */
export function libelle({ type, demande_id }: Mouvement): string {
  const about = demande_id !== null;
  switch (type) {
    case "RECHARGE":
      return "Recharge";
    case "RESERVATION":
      return about ? "Réservé pour" : "Réservé";
    case "CONSOMMATION":
      return about ? "Consommé par" : "Consommé";
    case "RESTITUTION":
      return about ? "Rendu : rien n'a été facturé pour" : "Rendu";
    case "CORRECTION":
      return about ? "Correction pour" : "Correction";
  }
}

/** « +100 », « −1 », « 0 »: with the true minus sign, which lines up with the plus. */
export function signe(n: number): string {
  const grandeur = new Intl.NumberFormat("fr-FR").format(Math.abs(n));
  if (n === 0) return "0";
  return n > 0 ? `+${grandeur}` : `−${grandeur}`;
}

const COMPTE_MAX = 16;

/** Who did it: the programme by itself, the person who reads, or another account, whose id is cut. */
export function auteur(par: string, moi: string): string {
  if (par === "optopec") return "automatique";
  if (par === moi) return "vous";
  return par.length > COMPTE_MAX ? `${par.slice(0, 8)}…` : par;
}
