/** A state: colour, icon and word; never a colour alone. */
import type { EtatDemande } from "@/api/types";
import classes from "./Etat.module.css";
import { ETATS } from "./etats";

export function Etat({ etat }: { etat: EtatDemande }) {
  const { mot, couleur, Icone } = ETATS[etat];
  return (
    <span className={`${classes.etat} ${classes[couleur]}`}>
      <Icone size={16} aria-hidden stroke={2.2} />
      {mot}
    </span>
  );
}
