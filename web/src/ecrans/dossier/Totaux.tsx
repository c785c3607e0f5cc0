/** Total, Sécu, Compl., reste à charge: what the server computed from what is saved. */
import type { Dossier } from "@/api/types";
import { montant } from "@/format/format";
import classes from "./dossier.module.css";

export function Totaux({ totaux, attente }: { totaux: Dossier["totaux"]; attente: boolean }) {
  const lignes: [string, number | null][] = [
    ["Total", totaux.total_centimes],
    ["Sécu", totaux.ro_centimes],
    ["Compl.", totaux.rc_centimes],
    ["Reste à charge", totaux.reste_a_charge_centimes],
  ];
  return (
    <dl className={attente ? `${classes.totaux} ${classes.attente}` : classes.totaux} aria-label="Totaux du dossier" aria-busy={attente}>
      {lignes.map(([mot, centimes]) => (
        <div key={mot}>
          <dt>{mot}</dt>
          <dd className={centimes === null ? classes.inconnu : undefined}>{montant(centimes)}</dd>
        </div>
      ))}
    </dl>
  );
}
