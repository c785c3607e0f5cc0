/** The fields of a person, in a dossier and in a client's file: who she is, and who insures her where it is somebody else. */
import type { ReactNode } from "react";
import type { Client } from "@/api/types";
import { Choix, Entier, Jour, Nir, Texte } from "@/brouillon/ChampsLies";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { at } from "@/champs/pointeur";
import classes from "./dossier.module.css";
import { QUALITES } from "./libelles";

interface Props<T extends object> {
  store: Enregistreur<T>;
  etat: T;
  /** Where the person stands; who insures her stands at `/assure`. */
  p: string;
  /** What stands between both. */
  children?: ReactNode;
}

export function ChampsPersonne<T extends object>({ store, etat, p, children }: Props<T>) {
  const champ = `${p}/qualite`;
  const changerQualite = (choisie: string | null) => {
    const qualite = (choisie ?? "ASSURE") as Client["qualite"];
    store.modifier(champ, qualite);
    if (qualite === "ASSURE") store.modifier("/assure", null);
  };
  return (
    <>
      <div className={`${classes.champs} ${classes.personne}`}>
        <Texte p={`${p}/nom`} label="Nom" />
        <Texte p={`${p}/prenom`} label="Prénom" />
        <Jour p={`${p}/date_naissance`} label="Date de naissance" />
        <Nir p={`${p}/nir`} label="N° de sécurité sociale" />
        <Choix p={champ} label="Qualité" mots={QUALITES} onChoix={changerQualite} />
        <Entier p={`${p}/rang_gemellaire`} label="Rang gémellaire" min={1} max={9} />
      </div>
      {children}
      {at(etat, champ) !== "ASSURE" && (
        <>
          <h3>Assuré</h3>
          <div className={`${classes.champs} ${classes.assure}`}>
            <Texte p="/assure/nom" label="Nom de l'assuré" />
            <Texte p="/assure/prenom" label="Prénom de l'assuré" />
            <Jour p="/assure/date_naissance" label="Naissance de l'assuré" />
            <Nir p="/assure/nir" label="N° de sécurité sociale de l'assuré" />
          </div>
        </>
      )}
    </>
  );
}
