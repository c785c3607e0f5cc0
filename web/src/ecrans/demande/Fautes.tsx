/** What is missing or wrong, each a link to where it is mended. */
import { Anchor } from "@mantine/core";
import { Fragment, type ReactNode } from "react";
import { Link } from "wouter";
import type { ErreurChamp } from "@/api/problemes";
import classes from "./Demande.module.css";
import { cheminDuChamp, cible, numeroDeLigne, parMessage } from "./suivi";

interface Props {
  erreurs: readonly ErreurChamp[];
  dossier: string;
  equipement: number;
  /** Goes to a field of the dossier that is on the screen. */
  onChamp?: (pointeur: string) => void;
}

export function Fautes({ erreurs, ...lien }: Props) {
  return (
    <ul className={classes.manques}>
      {parMessage(erreurs).map(({ message, champs }) => (
        <li key={message}>
          {champs.length === 1 ? (
            <LienChamp champ={champs[0] ?? ""} {...lien}>
              {numeroDeLigne(champs[0] ?? "", " : ")}
              {message}
            </LienChamp>
          ) : (
            <>
              {message}{" "}
              {champs.map((champ, index) => (
                <Fragment key={champ}>
                  {index > 0 && ", "}
                  <LienChamp champ={champ} {...lien}>
                    {numeroDeLigne(champ, "") || `champ ${index + 1}`}
                  </LienChamp>
                </Fragment>
              ))}
            </>
          )}
        </li>
      ))}
    </ul>
  );
}

/** A link to the field of a fault, on this screen or on another. */
export function LienChamp({
  champ,
  dossier,
  equipement,
  onChamp,
  children,
}: Omit<Props, "erreurs"> & { champ: string; children: ReactNode }) {
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
