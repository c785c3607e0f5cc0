/** What a line says beyond its columns: the optician's optional data, and a Sécu that is typed by hand. */
import { TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { Choix, Entier, Montant, Texte } from "@/brouillon/ChampsLies";
import { useChamp } from "@/brouillon/contexte";
import classes from "./dossier.module.css";
import { CLASSES, SURFACES } from "./libelles";

/** The treatments that the manuals name. */
const TRAITEMENTS = ["ANTIREFLET", "TEINTE", "PHOTOCHROMIQUE", "DURCI", "ANTISALISSURE"];

export function DetailLigne({ p, numero, lentille }: { p: string; numero: number; lentille: boolean }) {
  return (
    <section className={classes.champs} aria-label={`Détail de la ligne ${numero}`}>
      <Choix size="xs" p={`${p}/classe`} label="Classe" mots={CLASSES} vide="—" />
      <Texte size="xs" p={`${p}/code_regroupement`} label="Code de regroupement" />
      {lentille ? (
        <Entier size="xs" p={`${p}/par_boite`} label="Lentilles par boîte" min={1} max={999} />
      ) : (
        <Choix size="xs" p={`${p}/surface`} label="Surface" mots={SURFACES} vide="—" />
      )}
      <Traitements p={`${p}/traitements`} />
      <Texte size="xs" p={`${p}/fabricant`} label="Fabricant" />
      <Texte size="xs" p={`${p}/marque`} label="Marque" />
      <Texte size="xs" p={`${p}/modele`} label="Modèle" />
      <Texte size="xs" p={`${p}/matiere`} label="Matière" />
      <Texte size="xs" p={`${p}/indice`} label="Indice" />
      <Texte size="xs" p={`${p}/fabrique_en`} label="Fabriqué en" />
      <Montant size="xs" p={`${p}/ro_manuel_centimes`} label="Sécu saisie à la main" placeholder="calculée" />
    </section>
  );
}

/** Several words, separated by commas. */
function Traitements({ p }: { p: string }) {
  const { id, valeur, onValeur, error, readOnly } = useChamp(p);
  const present = Array.isArray(valeur) ? valeur.join(", ") : "";
  const [texte, setTexte] = useState(present);
  useEffect(() => setTexte(present), [present]);
  const commit = () => {
    const lus = texte
      .split(/[,;]/)
      .map((mot) => mot.trim().toLocaleUpperCase("fr"))
      .filter(Boolean);
    if (lus.join(", ") !== present) onValeur(lus);
  };
  return (
    <>
      <TextInput
        id={id}
        size="xs"
        label="Traitements"
        placeholder="ANTIREFLET, DURCI"
        list={`${id}-mots`}
        value={texte}
        readOnly={readOnly}
        error={error}
        onChange={(event) => setTexte(event.currentTarget.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
      />
      <datalist id={`${id}-mots`}>
        {TRAITEMENTS.map((mot) => (
          <option key={mot} value={mot} />
        ))}
      </datalist>
    </>
  );
}
