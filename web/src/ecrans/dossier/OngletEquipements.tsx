/** Second tab: the equipments, each with what it is and the table of its lines. */
import type { ReactNode } from "react";
import type { Dossier } from "@/api/types";
import { Case, Choix, Entier, Prisme } from "@/brouillon/ChampsLies";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { ActionsEquipement, ChoixEquipement } from "./ChoixEquipement";
import classes from "./dossier.module.css";
import { Lignes } from "./Lignes";
import { RISQUES, TYPES, VISIONS } from "./libelles";

interface Props {
  dossier: Dossier;
  index: number;
  store: Enregistreur<Dossier>;
  lecture: boolean;
  figeant: ReactNode;
  fige: boolean;
  detail: number | null;
  onDetail: (ligne: number | null) => void;
  onEquipement: (numero: number) => void;
}

export function OngletEquipements(props: Props) {
  const { dossier, index, store, lecture, figeant, fige, onEquipement } = props;
  const equipement = dossier.equipements[index];
  return (
    <>
      <ChoixEquipement dossier={dossier} index={index} onEquipement={onEquipement}>
        <ActionsEquipement
          dossier={dossier}
          index={index}
          store={store}
          lecture={lecture}
          engage={fige && !lecture}
          onEquipement={onEquipement}
        />
      </ChoixEquipement>
      {equipement ? (
        <>
          {figeant}
          <section className={classes.bloc} aria-label={`Équipement n° ${index + 1}`}>
            <Entete index={index} dossier={dossier} store={store} />
          </section>
          <Lignes {...props} key={equipement.numero} equipement={equipement} />
        </>
      ) : (
        <p>Ce dossier n'a pas d'équipement.</p>
      )}
    </>
  );
}

function Entete({ index, dossier, store }: { index: number; dossier: Dossier; store: Enregistreur<Dossier> }) {
  const p = `/equipements/${index}`;
  const equipement = dossier.equipements[index];
  const enfant = equipement?.enfant_manuel ?? null;
  const changerType = (type: string | null) => {
    store.modifier(`${p}/type`, type);
    // Its field goes with the type.
    for (const [i] of equipement?.lignes.entries() ?? []) store.signaler(`${p}/lignes/${i}/par_boite`, null);
  };
  return (
    <div className={`${classes.champs} ${classes.serre} ${classes.entete}`}>
      <Choix size="xs" p={`${p}/type`} label="Type" mots={TYPES} onChoix={changerType} />
      <Choix size="xs" p={`${p}/vision`} label="Vision" mots={VISIONS} vide="—" />
      <Choix size="xs" p={`${p}/code_risque`} label="Code risque" mots={RISQUES} />
      <Entier
        size="xs"
        p={`${p}/taux_ro_manuel`}
        label="Taux (%)"
        min={0}
        max={100}
        placeholder={equipement?.taux_ro === null || equipement?.taux_ro === undefined ? "non connu" : `${equipement.taux_ro} (calculé)`}
      />
      <Choix
        size="xs"
        p={`${p}/enfant_manuel`}
        label="Enfant"
        mots={{ oui: "Oui", non: "Non" }}
        vide={enfant === null ? `${equipement?.enfant ? "Oui" : "Non"} (calculé)` : "Selon l'âge"}
        lire={(valeur) => (valeur === true ? "oui" : valeur === false ? "non" : "")}
        onChoix={(choisi) => store.modifier(`${p}/enfant_manuel`, choisi === null ? null : choisi === "oui")}
      />
      <Prisme size="xs" p={`${p}/prisme_od`} label="Prisme D" />
      <Prisme size="xs" p={`${p}/prisme_og`} label="Prisme G" />
      <div className={classes.cases} style={{ alignSelf: "end" }}>
        <Case p={`${p}/deuxieme_paire`} label="2e paire" />
      </div>
    </div>
  );
}
