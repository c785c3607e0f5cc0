/** What is missing or wrong, each a link to where it is mended. */
import { Anchor } from "@mantine/core";
import { Link } from "wouter";
import type { ErreurChamp } from "@/api/problemes";
import classes from "./Demande.module.css";
import { cheminDuChamp, cible } from "./suivi";

interface Props {
  erreurs: readonly ErreurChamp[];
  dossier: string;
  equipement: number;
  /** Goes to a field of the dossier that is on the screen. */
  onChamp?: (pointeur: string) => void;
}

export function Fautes({ erreurs, dossier, equipement, onChamp }: Props) {
  return (
    <ul className={classes.manques}>
      {erreurs.map(({ champ, code, message }) => (
        <li key={`${champ}${code}${message}`}>
          <LienChamp champ={champ} dossier={dossier} equipement={equipement} onChamp={onChamp}>
            {ligneDe(champ)}
            {message}
          </LienChamp>
        </li>
      ))}
    </ul>
  );
}

/** The same fault of several lines is told apart by their numbers on the screen. */
function ligneDe(champ: string): string {
  const index = /^\/equipements\/\d+\/lignes\/(\d+)/.exec(champ)?.[1];
  return index === undefined ? "" : `Ligne ${Number(index) + 1} : `;
}

/** A link to the field of a fault, on this screen or on another. */
export function LienChamp({
  champ,
  dossier,
  equipement,
  onChamp,
  children,
}: Omit<Props, "erreurs"> & { champ: string; children: React.ReactNode }) {
  const lieu = cible(champ);
  if (lieu.ou === "dossier" && onChamp) {
    return (
      <Anchor component="button" type="button" ta="left" c="inherit" underline="always" onClick={() => onChamp(lieu.pointeur)}>
        {children}
      </Anchor>
    );
  }
  return (
    <Anchor
      component={Link}
      c="inherit"
      underline="always"
      href={lieu.ou === "page" ? lieu.chemin : cheminDuChamp(dossier, equipement, lieu.pointeur)}
    >
      {children}
    </Anchor>
  );
}
