/** One button for each equipment of the dossier, the shown one pressed. */
import { Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { Dossier } from "@/api/types";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { Action } from "@/composants/Action";
import { RESERVE_OPTICIEN } from "@/session/contexte";
import classes from "./dossier.module.css";
import { TYPES, VISIONS } from "./libelles";
import { ajouterEquipement, EQUIPEMENTS_MAX, retirerEquipement } from "./modele";

interface Props {
  dossier: Dossier;
  index: number;
  onEquipement: (numero: number) => void;
}

const mot = ({ type, vision }: Dossier["equipements"][number]): string =>
  vision ? `${TYPES[type]}, ${VISIONS[vision].toLocaleLowerCase("fr")}` : TYPES[type];

export function ChoixEquipement({ dossier, index, onEquipement, children }: Props & { children?: React.ReactNode }) {
  return (
    <fieldset className={classes.equipements} style={{ border: 0, padding: 0, margin: 0, marginBlock: "0.6rem" }}>
      <legend className="invisible">Équipement</legend>
      {dossier.equipements.map((equipement, i) => (
        <Button
          key={equipement.numero}
          size="compact-sm"
          variant={i === index ? "filled" : "default"}
          aria-pressed={i === index}
          onClick={() => onEquipement(equipement.numero)}
        >
          Équipement n° {i + 1} · {mot(equipement)}
        </Button>
      ))}
      {children}
    </fieldset>
  );
}

interface ActionsProps extends Props {
  store: Enregistreur<Dossier>;
  lecture: boolean;
  /** Why the shown equipment cannot be removed. */
  engage: boolean;
}

/** Adding and removing equipments. */
export function ActionsEquipement({ dossier, index, store, lecture, engage, onEquipement }: ActionsProps) {
  const reserve = lecture ? RESERVE_OPTICIEN : null;
  const plein = dossier.equipements.length >= EQUIPEMENTS_MAX ? `Un dossier a au plus ${EQUIPEMENTS_MAX} équipements.` : null;
  const ajouter = () => {
    store.changer((etat) => ajouterEquipement(etat, etat.equipements[index]?.type));
    const nouveau = store.instantane().etat.equipements.at(-1);
    if (nouveau) onEquipement(nouveau.numero);
  };
  const retirer = () => {
    store.changer((etat) => retirerEquipement(etat, index));
    const voisin = store.instantane().etat.equipements[Math.max(0, index - 1)];
    if (voisin) onEquipement(voisin.numero);
  };
  const vide = dossier.equipements[index]?.lignes.length === 0;
  return (
    <>
      <Action
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={16} aria-hidden />}
        empeche={reserve ?? plein}
        onClick={ajouter}
      >
        Ajouter un équipement
      </Action>
      {dossier.equipements.length > 0 && (
        <Action
          size="compact-sm"
          variant="subtle"
          color="red"
          leftSection={<IconTrash size={16} aria-hidden />}
          empeche={reserve ?? (engage ? "Cet équipement a une demande en cours." : vide ? null : "Supprimez d'abord ses lignes.")}
          onClick={retirer}
        >
          Supprimer l'équipement
        </Action>
      )}
    </>
  );
}
