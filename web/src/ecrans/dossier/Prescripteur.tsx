/** Who prescribed: typed, or one of those who usually do. */
import { Autocomplete } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import type { Dossier } from "@/api/types";
import { Texte } from "@/brouillon/ChampsLies";
import { useChamp } from "@/brouillon/contexte";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { withAt } from "@/champs/pointeur";
import { useDossiersRecents } from "./requetes";
import { type Prescripteur, prescripteursHabituels } from "./suggestions";

const RACINE = "/prescription/prescripteur";

export function ChoixPrescripteur({ store, lecture }: { store: Enregistreur<Dossier>; lecture: boolean }) {
  const { id, valeur, onValeur, error } = useChamp(`${RACINE}/nom`);
  const present = typeof valeur === "string" ? valeur : "";
  const [texte, setTexte] = useState(present);
  const { data: dossiers = [] } = useDossiersRecents();
  const habituels = useMemo(
    () => new Map(prescripteursHabituels(dossiers).map((p) => [[p.nom, p.prenom, p.rpps].filter(Boolean).join(" · "), p])),
    [dossiers],
  );

  useEffect(() => setTexte(present), [present]);

  const choisir = (prescripteur: Prescripteur) => {
    store.changer((etat) => withAt(etat, RACINE, prescripteur), RACINE);
    setTexte(prescripteur.nom);
  };
  const commit = () => {
    const next = texte.trim() || null;
    if (next === valeur) return;
    const connu = habituels.get(next ?? "");
    if (connu) choisir(connu);
    else onValeur(next);
  };

  return (
    <>
      <Autocomplete
        id={id}
        label="Prescripteur"
        placeholder="Nom"
        autoComplete="off"
        maxLength={60}
        readOnly={lecture}
        value={texte}
        data={[...habituels.keys()]}
        limit={8}
        error={error}
        onChange={setTexte}
        onBlur={commit}
        onKeyDown={(event) => event.key === "Enter" && commit()}
        onOptionSubmit={(choisi) => {
          const prescripteur = habituels.get(choisi);
          if (prescripteur) choisir(prescripteur);
        }}
      />
      <Texte p={`${RACINE}/prenom`} label="Prénom du prescripteur" />
      <Texte p={`${RACINE}/rpps`} label="RPPS" inputMode="numeric" maxLength={11} />
    </>
  );
}
