/** The line of a demande and, while nobody has answered, the time that passes against the promise of ninety seconds. */
import { useEffect, useState } from "react";
import { maintenant } from "@/api/horloge";
import type { Demande } from "@/api/types";
import { Etat } from "@/composants/Etat";
import { horodatage } from "@/format/format";
import classes from "./Demande.module.css";
import { messageDe, nomDemande } from "./mots";
import { course, PROMESSE_S } from "./suivi";

/** The line that opticians know: « PEC N°373 - 26/11/2013 17:30:59 | refusée | message ». */
export function Ligne({ demande }: { demande: Demande }) {
  const message = messageDe(demande);
  const barre = <span className={classes.separe}>|</span>;
  return (
    <p className={classes.ligne}>
      <span>
        {nomDemande(demande)} - {horodatage(demande.creee_le)}
      </span>{" "}
      {barre} <Etat etat={demande.etat} />{" "}
      {message && (
        <span className={classes.message}>
          {barre} {message}
        </span>
      )}
    </p>
  );
}

/** Now, by the server's clock, every second while `active`. */
function useSeconde(active: boolean): number {
  const [now, setNow] = useState(maintenant);
  useEffect(() => {
    if (!active) return;
    setNow(maintenant());
    const timer = setInterval(() => setNow(maintenant()), 1_000);
    return () => clearInterval(timer);
  }, [active]);
  return now;
}

/** The line, and the course while it runs. A new state or sentence is announced; the seconds are not. */
export function LigneVivante({ demande }: { demande: Demande }) {
  const now = useSeconde(demande.etat === "EN_TRANSMISSION" || demande.etat === "SANS_REPONSE");
  const running = course(demande, now);
  const late = running !== null && (demande.etat === "SANS_REPONSE" || running.secondes >= 60);
  return (
    <>
      <div role="status">
        <Ligne demande={demande} />
        {running && <p>{running.phrase}</p>}
      </div>
      {running && (
        <div className={classes.course}>
          <span role="timer" aria-live="off" aria-label="Temps écoulé" className={classes.secondes}>
            {running.secondes < 600 ? `${running.secondes} s` : `${Math.floor(running.secondes / 60)} min`}
          </span>
          <span className={late ? `${classes.jauge} ${classes.inconnue}` : classes.jauge} aria-hidden>
            <span style={{ width: `${Math.min(100, (running.secondes / PROMESSE_S) * 100)}%` }} />
          </span>
          <span className={classes.quand}>promesse : {PROMESSE_S} s</span>
        </div>
      )}
    </>
  );
}
