/** What a download or an import did, or would do, in words. */
import type { Rapport } from "@/api/types";
import { nombre } from "@/format/format";
import { enumerer } from "./mots";

const compte = (n: number, participe: string, nom = ""): string =>
  `${n === 0 ? "aucune" : nombre(n)}${nom} ${participe}${n > 1 ? "s" : ""}`;

/** « 3 mutuelles ajoutées, 1 modifiée, aucune retirée, 54 inchangées et aucune ligne rejetée ». */
export function rapportEnMots({ ajoutees, modifiees, retirees, inchangees, rejetees_total }: Rapport): string {
  return enumerer([
    compte(ajoutees, "ajoutée", ajoutees > 1 ? " mutuelles" : " mutuelle"),
    compte(modifiees, "modifiée"),
    compte(retirees, "retirée"),
    ...(inchangees > 0 ? [compte(inchangees, "inchangée")] : []),
    compte(rejetees_total, "rejetée", rejetees_total > 1 ? " lignes" : " ligne"),
  ]);
}

/** Whether it changes the list at all. */
export const change = ({ ajoutees, modifiees, retirees }: Rapport): boolean => ajoutees + modifiees + retirees > 0;
