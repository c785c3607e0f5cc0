/** What was typed once is not asked again: the shop's usual prescribers, the numbers of the client's last dossier. */

import type { Demande, Dossier, TiersPayant } from "@/api/types";
import { fige } from "@/ecrans/demande/suivi";

export interface Prescripteur {
  nom: string;
  prenom: string | null;
  rpps: string | null;
}

/** The prescribers of these dossiers, the most frequent first. */
export function prescripteursHabituels(dossiers: readonly Dossier[]): Prescripteur[] {
  const found = new Map<string, { prescripteur: Prescripteur; fois: number }>();
  for (const { prescription } of dossiers) {
    const { nom, prenom, rpps } = prescription?.prescripteur ?? {};
    if (!nom) continue;
    const key = `${nom}|${prenom ?? ""}`.toLocaleUpperCase("fr");
    const known = found.get(key);
    if (known) {
      known.fois += 1;
      known.prescripteur.rpps ??= rpps ?? null;
    } else found.set(key, { prescripteur: { nom, prenom: prenom ?? null, rpps: rpps ?? null }, fois: 1 });
  }
  return [...found.values()].sort((a, b) => b.fois - a.fois).map(({ prescripteur }) => prescripteur);
}

/** What stands on the card of the mutuelle. */
const NUMEROS = ["numero_adherent", "numero_contrat", "numero_groupe", "regime", "type", "relation"] as const;
type Numeros = Pick<TiersPayant, (typeof NUMEROS)[number]>;

const sansNumero = (tiers: Numeros): boolean => !tiers.numero_adherent && !tiers.numero_contrat && !tiers.numero_groupe;

/** The numbers that the newest other dossier of the client has for the mutuelle of this one, if this one has none yet. */
export function derniersNumeros(dossier: Dossier, autres: readonly Dossier[]): { numeros: Numeros; date: string } | null {
  const { mutuelle_id } = dossier.tiers_payant;
  if (!mutuelle_id || !sansNumero(dossier.tiers_payant)) return null;
  const dernier = autres
    .filter((autre) => autre.id !== dossier.id && autre.tiers_payant.mutuelle_id === mutuelle_id && !sansNumero(autre.tiers_payant))
    .sort((a, b) => b.date.localeCompare(a.date))[0];
  if (!dernier) return null;
  const { numero_adherent, numero_contrat, numero_groupe, regime, type, relation } = dernier.tiers_payant;
  return { numeros: { numero_adherent, numero_contrat, numero_groupe, regime, type, relation }, date: dernier.date };
}

/** The demande that freezes an equipment. */
export const demandeQuiFige = (demandes: readonly Demande[], equipement: number): Demande | undefined =>
  demandes.find((demande) => demande.equipement === equipement && fige(demande));
