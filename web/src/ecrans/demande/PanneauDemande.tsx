import type { Versioned } from "@/api/client";
import type { Dossier } from "@/api/types";

/**
 * « Détail de demande de prise en charge et cotation »: consent, what is missing, the buttons PEC and Cotation, and the demandes of one equipment.
 * The dossier is saved before anything is asked: `enregistrer` writes what is still only typed and gives the saved dossier, or `null` if it could not.
 */
export function PanneauDemande(_: {
  dossier: Versioned<Dossier>;
  equipement: number;
  enregistrer: () => Promise<Versioned<Dossier> | null>;
  /** Goes to the field of a JSON pointer into the dossier, in whatever tab it stands. */
  onChamp: (pointeur: string) => void;
}) {
  return null;
}
