/** The pre-flight: « Ce qui manque » with a link to each field, the warnings apart, and what would be sent. */
import { Title } from "@mantine/core";
import type { ErreurChamp } from "@/api/problemes";
import type { Apercu, Nature, Verification as Resultat } from "@/api/types";
import { jour, montant, personne, pluriel } from "@/format/format";
import classes from "./Demande.module.css";
import { Fautes } from "./Fautes";

interface Props {
  pec: Resultat | undefined;
  cotation: Resultat | undefined;
  dossier: string;
  equipement: number;
  /** A PEC counts for this equipment: only another cotation could be asked, if anybody wants one. */
  vivante: boolean;
  onChamp: (pointeur: string) => void;
}

const same = (a: ErreurChamp) => (b: ErreurChamp) => a.champ === b.champ && a.code === b.code && a.message === b.message;

/** What only the other list does not have. */
export const seulement = (list: readonly ErreurChamp[], other: readonly ErreurChamp[]): ErreurChamp[] =>
  list.filter((erreur) => !other.some(same(erreur)));

export function Verification({ pec, cotation, dossier, equipement, vivante, onChamp }: Props) {
  if (!pec || !cotation) return null;
  // A live PEC is nothing that is missing: the button says it.
  const sansPecEnCours = (erreurs: readonly ErreurChamp[]) => erreurs.filter(({ code }) => code !== "PEC_EN_COURS");
  const pourPec = vivante ? [] : sansPecEnCours(pec.erreurs);
  const pourCotation = sansPecEnCours(cotation.erreurs);
  const lien = { dossier, equipement, onChamp };
  const communes = pourPec.filter((erreur) => pourCotation.some(same(erreur)));
  const groupes = [
    { titre: null, erreurs: communes },
    { titre: "Pour une PEC seulement", erreurs: seulement(pourPec, pourCotation) },
    { titre: "Pour une cotation seulement", erreurs: seulement(pourCotation, pourPec) },
  ];
  const avertissements = [...pec.avertissements, ...seulement(cotation.avertissements, pec.avertissements)];
  const apercu = pec.apercu ?? cotation.apercu;
  const manques = groupes.map(
    ({ titre, erreurs }) =>
      erreurs.length > 0 && (
        <div key={titre}>
          {titre && <p style={{ fontWeight: 600 }}>{titre}</p>}
          <Fautes erreurs={erreurs} {...lien} />
        </div>
      ),
  );
  return (
    <section className={classes.bloc} aria-label="Ce qui manque">
      <Title order={2} size="h5">
        Ce qui manque
      </Title>
      <div role="status">
        {pourPec.length + pourCotation.length === 0 ? (
          <p className={classes.pret}>Rien ne manque.</p>
        ) : vivante ? (
          <details className={classes.depli}>
            <summary>Pour une autre cotation</summary>
            {manques}
          </details>
        ) : (
          manques
        )}
      </div>
      {avertissements.length > 0 && (
        <>
          <Title order={3} size="h6" mt="xs">
            À vérifier, sans bloquer l'envoi
          </Title>
          <Fautes erreurs={avertissements} {...lien} />
        </>
      )}
      {apercu && (
        <details className={`${classes.depli} ${classes.envoi}`}>
          <summary>Ce qui sera envoyé</summary>
          <CeQuiSeraEnvoye apercu={apercu} />
        </details>
      )}
    </section>
  );
}

const RISQUES: Record<Apercu["equipement"]["code_risque"], string> = {
  MALADIE: "Maladie",
  ACCIDENT_TRAVAIL: "Accident du travail",
  MATERNITE: "Maternité",
  ACCIDENT_DROIT_COMMUN: "Accident de droit commun",
};

const identite = (qui: { nir?: string | null; nom: string; prenom?: string | null; date_naissance?: string | null }): string =>
  [
    personne({ nom: qui.nom, prenom: qui.prenom ?? null }),
    qui.date_naissance && `né(e) le ${jour(qui.date_naissance)}`,
    qui.nir && `n° ${qui.nir}`,
  ]
    .filter(Boolean)
    .join(", ");

function CeQuiSeraEnvoye({ apercu }: { apercu: Apercu }) {
  const { routage, opticien, assure, beneficiaire, prescription, equipement } = apercu;
  const prescripteur = prescription.prescripteur;
  const faits: [string, string | null | undefined | false][] = [
    ["Plateau", routage.plateau],
    ["Identifiant", routage.identifiant],
    [
      "Opticien",
      [`FINESS ${opticien.finess}`, opticien.prenom, opticien.nom, opticien.telephone, opticien.email].filter(Boolean).join(", "),
    ],
    ["Assuré", identite(assure)],
    ["Bénéficiaire", identite(beneficiaire)],
    ["Rang gémellaire", beneficiaire.rang_gemellaire ? String(beneficiaire.rang_gemellaire) : null],
    ["N° adhérent", apercu.numero_adherent],
    ["N° de contrat", apercu.numero_contrat],
    ["N° de groupe", apercu.numero_groupe],
    ["Prescription", prescription.date ? `du ${jour(prescription.date)}` : null],
    ["Renouvellement", prescription.renouvellement?.join(", ")],
    ["Prescripteur", prescripteur ? personne({ nom: prescripteur.nom ?? null, prenom: prescripteur.prenom ?? null }) : null],
    ["Code risque", RISQUES[equipement.code_risque]],
    ["Taux", equipement.taux_ro ? `${equipement.taux_ro} %` : null],
    ["Enfant", equipement.enfant && "oui"],
    ["Prisme D", equipement.prisme_od],
    ["Prisme G", equipement.prisme_og],
  ];
  return (
    <>
      <dl>
        {faits.map(
          ([nom, valeur]) =>
            valeur && (
              <div key={nom} style={{ display: "contents" }}>
                <dt>{nom}</dt>
                <dd>{valeur}</dd>
              </div>
            ),
        )}
      </dl>
      <ul className={classes.manques}>
        {equipement.lignes.map((ligne) => (
          <li key={ligne.numero}>
            {[
              ligne.designation,
              ligne.reference && `réf. ${ligne.reference}`,
              ligne.code_lpp && `LPP ${ligne.code_lpp}`,
              `${ligne.quantite} × ${montant(ligne.prix_unitaire_centimes)}`,
              ligne.remise_pourcent && `remise ${ligne.remise_pourcent} %`,
              `valeur ${montant(ligne.valeur_centimes)}`,
              ligne.ro_centimes !== null && ligne.ro_centimes !== undefined && `Sécu ${montant(ligne.ro_centimes)}`,
              ligne.surface && `surface ${ligne.surface}`,
              ligne.traitements?.length && ligne.traitements.join(", "),
              ligne.par_boite && `${ligne.par_boite} par boîte`,
            ]
              .filter(Boolean)
              .join(" · ")}
          </li>
        ))}
      </ul>
      <p className={classes.quand}>Les corrections (sphère, cylindre, axe) ne sont jamais envoyées ; les lignes occultées non plus.</p>
    </>
  );
}

/** Why a demande of this nature cannot be asked, by its pre-flight alone. */
export function manque(nature: Nature, resultat: Resultat | undefined): string | null {
  if (!resultat) return "La vérification avant envoi est en cours.";
  if (resultat.pret) return null;
  return `${pluriel(resultat.erreurs.length, "point manque", "points manquent")} pour ${nature === "PEC" ? "une PEC" : "une cotation"} : voyez « Ce qui manque ».`;
}
