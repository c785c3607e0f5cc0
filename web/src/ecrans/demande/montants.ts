/** The amounts of an answer, line by line. An amount that nobody knows is `null`, and so is every sum that it is part of. */
import type { Demande, Equipement } from "@/api/types";

export interface LigneAccordee {
  numero: number;
  designation: string;
  valeur: number | null;
  ro: number | null;
  rc: number | null;
  reste: number | null;
}

export interface Montants {
  lignes: LigneAccordee[];
  valeur: number | null;
  ro: number | null;
  rc: number | null;
  reste: number | null;
}

const sum = (values: readonly (number | null)[]): number | null =>
  values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);

const reste = (valeur: number | null, ro: number | null, rc: number | null): number | null =>
  valeur === null || ro === null || rc === null ? null : valeur - ro - rc;

/** What was granted, beside the same lines as they were sent; `equipement` is `null` where nobody knows them. */
export function montants(demande: Pick<Demande, "lignes">, equipement: Equipement | null): Montants {
  const lignes = demande.lignes.map(({ numero, rc_centimes }) => {
    const ligne = equipement?.lignes.find((candidate) => candidate.numero === numero);
    const valeur = ligne?.valeur_centimes ?? null;
    const ro = ligne?.ro_centimes ?? null;
    return {
      numero,
      designation: ligne?.designation ?? `Ligne ${numero}`,
      valeur,
      ro,
      rc: rc_centimes,
      reste: reste(valeur, ro, rc_centimes),
    };
  });
  return {
    lignes,
    valeur: sum(lignes.map((ligne) => ligne.valeur)),
    ro: sum(lignes.map((ligne) => ligne.ro)),
    rc: sum(lignes.map((ligne) => ligne.rc)),
    reste: sum(lignes.map((ligne) => ligne.reste)),
  };
}

/** Whether somebody gave an amount. */
export const aDesMontants = ({ montant_global_centimes, lignes }: Demande): boolean =>
  montant_global_centimes !== null || lignes.some(({ rc_centimes }) => rc_centimes !== null);
