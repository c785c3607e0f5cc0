/** The focus into the input of a pointer, once it is on the screen. */
import { fieldId } from "@/champs/pointeur";

/** Focuses the first of these fields that is there; tries again while the screen still opens. */
export function allerAuChamp(pointeurs: readonly string[], essais = 20): void {
  const found = pointeurs.map((pointeur) => document.getElementById(fieldId(pointeur))).find((element) => element !== null);
  if (found) {
    const ferme = found.closest("details:not([open])");
    ferme?.setAttribute("open", "");
    found.focus();
    found.scrollIntoView({ block: "center" });
    if (found instanceof HTMLInputElement && found.type === "text") found.select();
  } else if (essais > 0) setTimeout(() => allerAuChamp(pointeurs, essais - 1), 50);
}
