/** First tab: for whom, insured by whom, prescribed by whom, and what: the grid of both eyes as the trade has it. */
import type { Dossier } from "@/api/types";
import { Case, Jour } from "@/brouillon/ChampsLies";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { parCellules } from "@/brouillon/parCellules";
import classes from "./dossier.module.css";
import { GrilleOeil } from "./GrilleOeil";
import { Personnes } from "./Personnes";
import { ChoixPrescripteur } from "./Prescripteur";

interface Props {
  dossier: Dossier;
  store: Enregistreur<Dossier>;
  lecture: boolean;
}

export function OngletPrescription({ dossier, store, lecture }: Props) {
  return (
    <>
      <Personnes dossier={dossier} store={store} lecture={lecture} />
      <section className={classes.bloc} aria-labelledby="titre-prescription">
        <h2 id="titre-prescription">Prescription</h2>
        <div className={classes.champs}>
          <Jour p="/date" label="Date du dossier" />
          <Jour p="/prescription/date" label="Date de la prescription" />
          <ChoixPrescripteur store={store} lecture={lecture} />
        </div>
        <div className={classes.cases}>
          <Case p="/prescription/ri_delivre" label="RI délivré (renouvellement à l'identique)" />
          <Case p="/prescription/ra_deuxieme_paire" label="RA, 2e paire délivrée (avec adaptation)" />
        </div>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the fields inside, not a control */}
        <div className={classes.yeux} onKeyDown={parCellules}>
          <GrilleOeil oeil="od" />
          <GrilleOeil oeil="og" />
        </div>
      </section>
    </>
  );
}
