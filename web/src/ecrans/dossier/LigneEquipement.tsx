/** One line of an equipment: the columns of the trade, and under them what its LPP code means. */
import { ActionIcon, Group } from "@mantine/core";
import { IconChevronDown, IconChevronUp, IconCopy, IconTrash } from "@tabler/icons-react";
import { Probleme } from "@/api/problemes";
import type { Ligne } from "@/api/types";
import { Case, Choix, Entier, Montant, Pourcent, Texte } from "@/brouillon/ChampsLies";
import { ActionIcone } from "@/composants/Action";
import { montant } from "@/format/format";
import classes from "./dossier.module.css";
import { CATEGORIES, CODES, COTES } from "./libelles";
import { useLpp } from "./requetes";

interface Props {
  ligne: Ligne;
  place: number;
  p: string;
  date: string;
  ouverte: boolean;
  /** Why the line can be neither copied nor removed. */
  empeche: string | null;
  onCategorie: (categorie: Ligne["categorie"]) => void;
  onDetail: () => void;
  onDupliquer: () => void;
  onRetirer: () => void;
}

const COLONNES_AVANT_LPP = 1;

export function LigneEquipement({ ligne, place, p, date, ouverte, empeche, onCategorie, onDetail, onDupliquer, onRetirer }: Props) {
  const n = place + 1;
  const offre = ligne.categorie === "OFFRE";
  const { data: lpp, error } = useLpp(ligne.code_lpp, date);
  // A Sécu that is known, as the mutuelle told it or typed by hand, needs no tariff.
  const inconnu = error instanceof Probleme && error.status === 404 && ligne.ro_centimes === null;
  const argent = (centimes: number | null) => (
    <td className={`${classes.num} ${centimes === null ? classes.inconnu : ""}`}>{montant(centimes)}</td>
  );
  return (
    <>
      <tr className={`${classes.ligne} ${ligne.occulte ? classes.occultee : ""}`} data-ligne={place}>
        <td style={{ minWidth: "4.4rem" }}>
          <Texte size="xs" p={`${p}/reference`} aria-label={`Ligne ${n} réf.`} />
        </td>
        <td style={{ minWidth: "10rem", width: "40%" }}>
          <Texte size="xs" p={`${p}/designation`} aria-label={`Ligne ${n} désignation`} maxLength={200} />
        </td>
        <td style={{ minWidth: "2.7rem" }}>
          <Choix size="xs" p={`${p}/cote`} aria-label={`Ligne ${n} côté`} mots={COTES} vide="—" />
        </td>
        <td className={classes.nombre} style={{ minWidth: "2.6rem" }}>
          <Entier size="xs" p={`${p}/quantite`} aria-label={`Ligne ${n} quantité`} min={1} max={999} />
        </td>
        <td className={classes.nombre} style={{ minWidth: "2.9rem" }}>
          <Pourcent size="xs" p={`${p}/remise_pourcent`} aria-label={`Ligne ${n} remise en %`} />
        </td>
        <td className={classes.nombre} style={{ minWidth: "4.3rem" }}>
          <Montant size="xs" p={`${p}/prix_unitaire_centimes`} aria-label={`Ligne ${n} prix`} />
        </td>
        {argent(ligne.valeur_centimes)}
        <td style={{ minWidth: "3.6rem" }}>
          <Choix
            size="xs"
            title={CATEGORIES[ligne.categorie]}
            p={`${p}/categorie`}
            aria-label={`Ligne ${n} catégorie`}
            mots={CODES}
            onChoix={(choisie) => onCategorie((choisie ?? "ACC") as Ligne["categorie"])}
          />
        </td>
        <td style={{ minWidth: "4.6rem" }}>
          {offre ? (
            <span className={classes.inconnu}>sans code</span>
          ) : (
            <Texte size="xs" p={`${p}/code_lpp`} aria-label={`Ligne ${n} code LPP`} maxLength={7} inputMode="numeric" />
          )}
        </td>
        {argent(ligne.ro_centimes)}
        {argent(ligne.rc_centimes)}
        <td>
          <Group justify="center">
            <Case
              p={`${p}/occulte`}
              aria-label={`Ligne ${n} occultée`}
              verrou={offre ? "Une offre commerciale est toujours occultée." : undefined}
            />
          </Group>
        </td>
        <td className={classes.actions}>
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              size="md"
              aria-label={`Détail de la ligne ${n}`}
              title="Détail (F2)"
              aria-expanded={ouverte}
              onClick={onDetail}
            >
              {ouverte ? <IconChevronUp size={16} aria-hidden /> : <IconChevronDown size={16} aria-hidden />}
            </ActionIcon>
            <ActionIcone
              variant="subtle"
              size="md"
              empeche={empeche}
              label={ligne.cote === "OD" ? `Copier la ligne ${n} pour OG` : `Copier la ligne ${n}`}
              title={ligne.cote === "OD" ? "Copier pour OG (Ctrl+D)" : "Copier (Ctrl+D)"}
              onClick={onDupliquer}
            >
              <IconCopy size={16} aria-hidden />
            </ActionIcone>
            <ActionIcone
              variant="subtle"
              size="md"
              color="red"
              empeche={empeche}
              label={`Supprimer la ligne ${n}`}
              title="Supprimer (Ctrl+Suppr)"
              onClick={onRetirer}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcone>
          </Group>
        </td>
      </tr>
      {(lpp || inconnu) && (
        <tr className={classes.precision}>
          <td colSpan={COLONNES_AVANT_LPP} />
          <td colSpan={12}>
            {lpp
              ? `LPP ${ligne.code_lpp} : ${lpp.libelle} · tarif ${montant(lpp.tarif_centimes)}`
              : "Tarif non connu pour ce code LPP à la date du dossier."}
          </td>
        </tr>
      )}
    </>
  );
}
