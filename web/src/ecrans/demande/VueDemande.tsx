/** One demande as it stands: its line, the running timer, the answer, what can be done, the timeline. */
import type { ReactNode } from "react";
import type { Versioned } from "@/api/client";
import type { Demande, Dossier } from "@/api/types";
import { Actions } from "./Actions";
import { Chronologie } from "./Chronologie";
import { LigneVivante } from "./Course";
import classes from "./Demande.module.css";
import { equipementDe } from "./envoye";
import type { Enregistrer } from "./ordres";
import { Origine, Reponse } from "./Reponse";

interface Props {
  demande: Demande;
  /** Its dossier, for what was sent; absent where it is gone. */
  dossier: Versioned<Dossier> | undefined;
  /** Saves what is typed in the dossier that is on the screen. */
  enregistrer?: Enregistrer;
  /** Goes to a field of the dossier that is on the screen; without it the links lead there. */
  onChamp?: (pointeur: string) => void;
  /** Another demande came of this one. */
  onNouvelle: (demande: Demande) => void;
}

/** The line and the timer; under them what belongs there, e.g. the older demandes. */
export function TeteDemande({ demande, children }: { demande: Demande; children?: ReactNode }) {
  return (
    <section className={classes.bloc} aria-label="État de la demande">
      <LigneVivante demande={demande} />
      <Origine demande={demande} />
      {children}
    </section>
  );
}

/** All the rest. */
export function SuiteDemande({ demande, dossier, enregistrer, onChamp, onNouvelle }: Props) {
  const equipement = dossier && equipementDe(demande, dossier.value);
  return (
    <div className={classes.vue}>
      <Reponse demande={demande} equipement={equipement} onChamp={onChamp} />
      <Actions key={demande.id} {...{ demande, dossier, enregistrer, onChamp, onNouvelle }} />
      <Chronologie demande={demande} dossier={dossier} enregistrer={enregistrer} />
    </div>
  );
}

/** A demande on a page of its own. */
export function VueDemande(props: Props) {
  return (
    <div className={classes.vue}>
      <TeteDemande demande={props.demande} />
      <SuiteDemande {...props} />
    </div>
  );
}
