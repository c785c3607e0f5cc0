/** « Détail de la part sécurité sociale » : whether a caisse reimburses, at which rate, how much, and to whom. */
import { TextInput } from "@mantine/core";
import type { Dossier } from "@/api/types";
import { Case, Entier } from "@/brouillon/ChampsLies";
import { montant } from "@/format/format";
import classes from "./dossier.module.css";
import { part } from "./modele";

export function PartRo({ dossier, index }: { dossier: Dossier; index: number }) {
  const equipement = dossier.equipements[index];
  const { part_ro } = dossier.tiers_payant;
  const taux = equipement?.taux_ro ?? null;
  return (
    <section className={classes.bloc} aria-labelledby="titre-ro">
      <h2 id="titre-ro">Détail de la part sécurité sociale</h2>
      <div className={`${classes.champs} ${classes.quatre}`}>
        <div className={classes.cases} style={{ alignSelf: "end" }}>
          <Case p="/tiers_payant/part_ro" label="Part RO" />
        </div>
        <Entier
          p={`/equipements/${index}/taux_ro_manuel`}
          label="Taux (%)"
          size="xs"
          min={0}
          max={100}
          placeholder={taux === null ? "non connu" : `${taux} (calculé)`}
        />
        <TextInput
          readOnly
          size="xs"
          label="Montant"
          value={part_ro ? montant(equipement ? part(equipement, "ro_centimes") : null) : montant(0)}
        />
        <div className={classes.cases} style={{ alignSelf: "end" }}>
          <Case p="/tiers_payant/tiers_payant_ro" label="Tiers payant" />
        </div>
      </div>
    </section>
  );
}
