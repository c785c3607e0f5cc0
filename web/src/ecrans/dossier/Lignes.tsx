/** The table of the lines of an equipment, with the keys of the trade: F4 adds, F2 opens the details, Ctrl+Suppr removes. */
import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Fragment, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Dossier, Equipement, Ligne } from "@/api/types";
import { allerAuChamp } from "@/brouillon/allerAuChamp";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { parCellules } from "@/brouillon/parCellules";
import { useRaccourcis } from "@/cadre/raccourcis";
import { fieldId, withAt } from "@/champs/pointeur";
import { validerSaisie } from "@/champs/valider";
import { Action } from "@/composants/Action";
import { RESERVE_OPTICIEN } from "@/session/contexte";
import { DetailLigne } from "./DetailLigne";
import classes from "./dossier.module.css";
import { LigneEquipement } from "./LigneEquipement";
import { ajouterLigne, changerCategorie, dupliquerLigne, LIGNES_MAX, remettreLigne, retirerLigne } from "./modele";

interface Props {
  dossier: Dossier;
  equipement: Equipement;
  index: number;
  store: Enregistreur<Dossier>;
  lecture: boolean;
  fige: boolean;
  detail: number | null;
  onDetail: (ligne: number | null) => void;
}

const COLONNES = ["Réf.", "Désignation", "Côté", "Qté", "%", "Prix", "Valeur", "Catég.", "Code LPP", "Sécu", "Compl.", "Occulté"];
const NOMBRES = new Set(["Valeur", "Sécu", "Compl."]);

/** Whether the caret stands in a text that goes on: there Ctrl+Suppr erases the next word, as everywhere. */
function devantUnMot(champ: Element | null): boolean {
  if (!(champ instanceof HTMLInputElement) || champ.type !== "text") return false;
  return champ.selectionStart === champ.selectionEnd && champ.selectionStart !== champ.value.length;
}

export function Lignes({ dossier, equipement, index, store, lecture, fige, detail, onDetail }: Props) {
  const [retiree, setRetiree] = useState<Ligne | null>(null);
  const table = useRef<HTMLTableElement>(null);
  /** Where Ctrl+Suppr has erased a word it goes on erasing until the field is left: what is pressed once too often removes no line. */
  const efface = useRef<Element | null>(null);
  const pointeur = `/equipements/${index}/lignes`;
  const { lignes } = equipement;

  /** Does this to the line that has the focus. */
  const surLigne = (action: (place: number) => void): boolean => {
    const row = document.activeElement?.closest<HTMLElement>("[data-ligne]");
    if (!row || !table.current?.contains(row)) return false;
    action(Number(row.dataset.ligne));
    return true;
  };
  const ajouter = () => {
    if (fige) return;
    validerSaisie();
    store.changer((etat) => ajouterLigne(etat, index));
    allerAuChamp([`${pointeur}/${lignes.length}/designation`]);
  };
  const retirer = (place: number) => {
    if (fige) return;
    // What is being typed there belongs to this line, and to no other once it is gone.
    validerSaisie();
    const ligne = store.instantane().etat.equipements[index]?.lignes[place];
    if (!ligne) return;
    flushSync(() => store.changer((etat) => retirerLigne(etat, index, place)));
    setRetiree(ligne);
    allerAuChamp([`${pointeur}/${Math.min(place, lignes.length - 2)}/designation`, pointeur]);
  };
  const dupliquer = (place: number) => {
    validerSaisie();
    store.changer((etat) => dupliquerLigne(etat, index, place));
    allerAuChamp([`${pointeur}/${lignes.length}/reference`]);
  };
  const basculer = (place: number) => {
    const ligne = lignes[place];
    if (!ligne) return;
    validerSaisie();
    const ouverte = detail === ligne.numero;
    onDetail(ouverte ? null : ligne.numero);
    allerAuChamp([`${pointeur}/${place}/${ouverte ? "designation" : "classe"}`]);
  };

  useRaccourcis([
    { touche: "F4", quoi: "Ajouter une ligne", action: ajouter },
    { touche: "F2", quoi: "Ouvrir ou fermer le détail de la ligne", action: () => void surLigne(basculer) },
    { touche: "Ctrl+D", quoi: "Copier la ligne pour l'autre œil", action: () => void (fige || surLigne(dupliquer)) },
    {
      touche: "Ctrl+Delete",
      quoi: "Supprimer la ligne",
      action: () => {
        const champ = document.activeElement;
        if (champ !== efface.current && !devantUnMot(champ)) return surLigne(retirer);
        efface.current = champ;
        return false;
      },
    },
  ]);

  const empeche = lecture ? RESERVE_OPTICIEN : fige ? "Cet équipement a une demande en cours." : null;
  return (
    <div className={classes.bloc}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className={`defile ${classes.lignes}`} tabIndex={0} aria-label="Lignes de l'équipement">
        <table
          className={classes.grille}
          ref={table}
          onKeyDown={parCellules}
          onBlur={() => {
            efface.current = null;
          }}
        >
          <caption className="invisible">Lignes de l'équipement n° {index + 1}</caption>
          <thead>
            <tr>
              {COLONNES.map((mot) => (
                <th key={mot} scope="col" className={NOMBRES.has(mot) ? classes.num : undefined}>
                  {mot}
                </th>
              ))}
              <th scope="col" className={classes.actions}>
                <span className="invisible">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {lignes.map((ligne, place) => (
              <Fragment key={ligne.numero}>
                <LigneEquipement
                  ligne={ligne}
                  place={place}
                  p={`${pointeur}/${place}`}
                  date={dossier.date}
                  ouverte={detail === ligne.numero}
                  empeche={empeche}
                  onCategorie={(categorie) =>
                    store.changer(
                      (etat) => withAt(etat, `${pointeur}/${place}`, changerCategorie(ligne, categorie)),
                      `${pointeur}/${place}/categorie`,
                    )
                  }
                  onDetail={() => basculer(place)}
                  onDupliquer={() => dupliquer(place)}
                  onRetirer={() => retirer(place)}
                />
                {detail === ligne.numero && (
                  <tr className={classes.details} data-ligne={place}>
                    <td colSpan={COLONNES.length + 1}>
                      <DetailLigne p={`${pointeur}/${place}`} numero={place + 1} lentille={equipement.type === "LEN"} />
                    </td>
                  </tr>
                )}
              </Fragment>
            ))}
          </tbody>
        </table>
      </section>
      <div className={classes.barre}>
        <Action
          id={fieldId(pointeur)}
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          empeche={empeche ?? (lignes.length >= LIGNES_MAX ? `Un équipement a au plus ${LIGNES_MAX} lignes.` : null)}
          onClick={ajouter}
        >
          F4 Ajouter une ligne
        </Action>
        <span role="status">
          {retiree && (
            <>
              Ligne « {retiree.designation || `n° ${retiree.numero}`} » supprimée.{" "}
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => {
                  store.changer((etat) => remettreLigne(etat, equipement.numero, retiree));
                  setRetiree(null);
                }}
              >
                Annuler la suppression
              </Button>
            </>
          )}
        </span>
      </div>
    </div>
  );
}
