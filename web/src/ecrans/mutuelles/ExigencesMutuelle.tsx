import type { Mutuelle, TypeEquipement } from "@/api/types";

/** What a mutuelle requires and allows, shown wherever one was chosen: electronic PEC or not, numbers, optional data that must be sent, warnings. */
export function ExigencesMutuelle(_: { mutuelle: Mutuelle; type: TypeEquipement }) {
  return null;
}
