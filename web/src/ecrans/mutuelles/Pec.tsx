/** The column « PEC »: word, icon and colour; green where the mutuelle takes electronic PEC of the kind that is asked about. */
import { IconCheck, IconMinus } from "@tabler/icons-react";
import type { Pec as TypePec } from "@/api/types";
import classes from "./Mutuelles.module.css";
import { PEC } from "./mots";

export function Pec({ pec, possible = pec !== "NON" }: { pec: TypePec; possible?: boolean }) {
  const { mot, sens } = PEC[pec];
  return (
    <span className={`${classes.pec} ${possible ? classes.oui : classes.non}`} title={sens}>
      {possible ? <IconCheck size={14} aria-hidden stroke={2.5} /> : <IconMinus size={14} aria-hidden stroke={2.5} />}
      {mot}
    </span>
  );
}
