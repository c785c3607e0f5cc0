/** Third tab, « Détail tiers payant »: the part of the sécurité sociale, the part of the mutuelle, how both are spread, and the demande. */
import type { Versioned } from "@/api/client";
import type { Dossier } from "@/api/types";
import type { Enregistreur } from "@/brouillon/enregistreur";
import type { Enregistrer } from "@/ecrans/demande/ordres";
import { PanneauDemande } from "@/ecrans/demande/PanneauDemande";
import { ChoixEquipement } from "./ChoixEquipement";
import classes from "./dossier.module.css";
import { PartRc } from "./PartRc";
import { PartRo } from "./PartRo";
import { Repartition } from "./Repartition";

interface Props {
  dossier: Dossier;
  /** As it was saved last. */
  base: Versioned<Dossier> | null;
  index: number;
  store: Enregistreur<Dossier>;
  lecture: boolean;
  fige: boolean;
  enregistrer: Enregistrer;
  onChamp: (pointeur: string) => void;
  onEquipement: (numero: number) => void;
}

export function OngletTiersPayant({ dossier, base, index, store, lecture, fige, enregistrer, onChamp, onEquipement }: Props) {
  const equipement = dossier.equipements[index];
  const saved = equipement && base?.value.equipements.some(({ numero }) => numero === equipement.numero);
  return (
    <>
      {dossier.equipements.length > 1 && <ChoixEquipement dossier={dossier} index={index} onEquipement={onEquipement} />}
      <div className={classes.deux}>
        <div>
          <PartRo dossier={dossier} index={index} />
          {equipement && <Repartition equipement={equipement} index={index} fige={fige} />}
        </div>
        <PartRc dossier={dossier} index={index} store={store} lecture={lecture} />
      </div>
      {base && equipement && saved ? (
        <PanneauDemande key={equipement.numero} dossier={base} equipement={equipement.numero} enregistrer={enregistrer} onChamp={onChamp} />
      ) : (
        <p>
          {base ? "Cet équipement s'enregistre…" : "La demande se fait dès que le dossier est enregistré : saisissez le nom du client."}
        </p>
      )}
    </>
  );
}
