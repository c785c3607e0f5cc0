import type { Forfait, Mutuelle, TypeEquipement } from "@/api/types";

/** The window where the mutuelle of a client is chosen (manual, « Choix de la mutuelle »), and one of its forfaits. */
export function ChoixMutuelle(_: {
  opened: boolean;
  /** What the dossier asks for: says which mutuelles take electronic PEC of this kind. */
  type: TypeEquipement;
  onClose: () => void;
  onChoix: (mutuelle: Mutuelle, forfait: Forfait | null) => void;
}) {
  return null;
}
