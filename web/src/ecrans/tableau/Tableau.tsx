/**
 * « Tableau de bord »: per mutuelle, over a period, how often it grants, how fast it answers, why it refuses, and what it granted. The period and the
 * order stand in the address.
 */
import "@mantine/core/styles/SegmentedControl.css";
import "@mantine/core/styles/FloatingIndicator.css";
import { Button, SegmentedControl } from "@mantine/core";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "wouter";
import { maintenant } from "@/api/horloge";
import { useTravail } from "@/api/travail";
import { ChampDate } from "@/champs/champs";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import table from "@/composants/Table.module.css";
import { dateParis, jour, montant, nombre, pluriel } from "@/format/format";
import { COLONNES, type Colonne, codeEnMots, delai, motifs, type ParMutuelle, pourcent, total, trier } from "./chiffres";
import { Figure, type Point } from "./Figure";
import { CHOIX, readPeriode } from "./periode";
import classes from "./Tableau.module.css";
import { useStatistiques } from "./useStatistiques";

/** More bars than these are no picture any more; the table behind has all. */
const BARRES = 10;

const TITRES: Record<Colonne, string> = {
  nom: "Mutuelle",
  demandes: "Demandes",
  accordees: "Accordées",
  refusees: "Refusées",
  acceptation: "Taux d'acceptation",
  median: "Délai de réponse médian",
  p90: "9 réponses sur 10 en",
  montant: "Montants accordés",
};

type Change = (changes: Record<string, string | null>) => void;

export default function Tableau() {
  const [params, setParams] = useSearchParams();
  const periode = readPeriode(params, dateParis(new Date(maintenant())));
  const { data, error, refetch, isPlaceholderData } = useStatistiques(periode.du, periode.au);

  const change: Change = (changes) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        for (const [name, value] of Object.entries(changes))
          if (value === null) next.delete(name);
          else next.set(name, value);
        return next;
      },
      { replace: true },
    );

  return (
    <Page titre="Tableau de bord">
      <div className={classes.periode}>
        <SegmentedControl
          aria-label="Période"
          size="sm"
          value={periode.choix}
          data={Object.entries(CHOIX).map(([value, label]) => ({ value, label }))}
          onChange={(choix) =>
            change(choix === "dates" ? { periode: choix, du: periode.du, au: periode.au } : { periode: choix, du: null, au: null })
          }
        />
        {periode.choix === "dates" && (
          <>
            <ChampDate label="Du" size="xs" className={classes.dates} valeur={periode.du} onValeur={(du) => change({ du })} />
            <ChampDate label="Au" size="xs" className={classes.dates} valeur={periode.au} onValeur={(au) => change({ au })} />
          </>
        )}
      </div>
      <p className={classes.resume} role="status">
        Demandes faites du {jour(periode.du)} au {jour(periode.au)}
        {data && !isPlaceholderData && ` : ${pluriel(total(data.mutuelles).demandes, "demande")}.`}
      </p>
      <Erreur error={error} onRetry={() => void refetch()} />
      {!data && !error && <Attente quoi="Lecture des statistiques" />}
      {data &&
        !error &&
        (data.mutuelles.length === 0 ? (
          <div className={`${table.cadre} ${table.vide}`}>
            Aucune demande sur cette période.{" "}
            {periode.choix !== "12mois" && (
              <Button size="compact-sm" variant="default" ml="xs" onClick={() => change({ periode: "12mois", du: null, au: null })}>
                Voir les 12 derniers mois
              </Button>
            )}
          </div>
        ) : (
          <Chiffres lignes={data.mutuelles} params={params} change={change} />
        ))}
    </Page>
  );
}

function Chiffres({ lignes, params, change }: { lignes: ParMutuelle[]; params: URLSearchParams; change: Change }) {
  const said = params.get("tri");
  const colonne = COLONNES.find((name) => name === said) ?? "demandes";
  // Names begin at A, numbers at the largest.
  const descendant = params.has("sens") ? params.get("sens") === "desc" : colonne !== "nom";
  const sorted = useMemo(() => trier(lignes, colonne, descendant), [lignes, colonne, descendant]);

  const sort = (next: Colonne) =>
    change({ tri: next, sens: next === colonne ? (descendant ? "asc" : "desc") : next === "nom" ? "asc" : "desc" });

  return (
    <>
      <h2 className={table.titre} id="par-mutuelle">
        Par mutuelle
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the screen is scrolled by the keyboard too */}
      <section className={`defile ${table.cadre}`} tabIndex={0} aria-labelledby="par-mutuelle">
        <table className={`${table.table} ${classes.large}`} aria-labelledby="par-mutuelle">
          <thead>
            <tr>
              {COLONNES.map((name) => (
                <EnTete key={name} colonne={name} present={colonne} descendant={descendant} onTri={() => sort(name)} />
              ))}
            </tr>
          </thead>
          <tbody>
            {sorted.map((ligne) => (
              <Ligne key={ligne.mutuelle_id} ligne={ligne} />
            ))}
          </tbody>
          <Pied lignes={lignes} />
        </table>
      </section>
      <Motifs lignes={lignes} />
      <Dessins lignes={sorted} />
    </>
  );
}

function EnTete(props: { colonne: Colonne; present: Colonne; descendant: boolean; onTri: () => void }) {
  const { colonne, present, descendant, onTri } = props;
  const here = colonne === present;
  const Fleche = descendant ? IconArrowDown : IconArrowUp;
  return (
    <th
      scope="col"
      className={colonne === "nom" ? undefined : table.droite}
      aria-sort={here ? (descendant ? "descending" : "ascending") : "none"}
    >
      <button type="button" className={classes.tri} onClick={onTri}>
        {TITRES[colonne]} {here && <Fleche size={14} aria-hidden />}
      </button>
    </th>
  );
}

const known = (value: number | null, dire: (n: number) => string): string => (value === null ? "–" : dire(value));

function Ligne({ ligne }: { ligne: ParMutuelle }) {
  return (
    <tr>
      <th scope="row">
        <Link href={`/mutuelles/${ligne.mutuelle_id}`} className={table.lien}>
          {ligne.nom}
        </Link>
      </th>
      <td className={table.droite}>{nombre(ligne.demandes)}</td>
      <td className={table.droite}>{nombre(ligne.accordees)}</td>
      <td className={table.droite}>{nombre(ligne.refusees)}</td>
      <td className={table.droite}>{known(ligne.acceptation_centiemes, pourcent)}</td>
      <td className={table.droite}>{known(ligne.delai_median_secondes, delai)}</td>
      <td className={table.droite}>{known(ligne.delai_p90_secondes, delai)}</td>
      <td className={table.droite}>{montant(ligne.montant_accorde_centimes)}</td>
    </tr>
  );
}

function Pied({ lignes }: { lignes: ParMutuelle[] }) {
  const all = total(lignes);
  return (
    <tfoot>
      <tr>
        <th scope="row">Ensemble</th>
        <td className={table.droite}>{nombre(all.demandes)}</td>
        <td className={table.droite}>{nombre(all.accordees)}</td>
        <td className={table.droite}>{nombre(all.refusees)}</td>
        <td className={table.droite}>{known(all.acceptation_centiemes, pourcent)}</td>
        <td className={table.droite} />
        <td className={table.droite} />
        <td className={table.droite}>{montant(all.montant_accorde_centimes)}</td>
      </tr>
    </tfoot>
  );
}

/** The reasons of refusal; the words of a code are those of the newest refusal that still has them. */
function Motifs({ lignes }: { lignes: ParMutuelle[] }) {
  const demandes = useTravail().data;
  const words = useMemo(() => {
    const found = new Map<string, string>();
    for (const { code_rejet, message_mutuelle, message_plateforme } of demandes ?? []) {
      const message = message_plateforme ?? message_mutuelle;
      if (code_rejet && message && !found.has(code_rejet)) found.set(code_rejet, message);
    }
    return found;
  }, [demandes]);
  const all = motifs(lignes);
  if (all.length === 0) return null;
  return (
    <div className={classes.bloc}>
      <h2 className={table.titre} id="motifs">
        Motifs de refus
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the screen is scrolled by the keyboard too */}
      <section className={`defile ${table.cadre}`} tabIndex={0} aria-labelledby="motifs">
        <table className={table.table} aria-labelledby="motifs">
          <thead>
            <tr>
              <th scope="col">Code</th>
              <th scope="col">Message</th>
              <th scope="col">Mutuelles</th>
              <th scope="col" className={table.droite}>
                Refus
              </th>
            </tr>
          </thead>
          <tbody>
            {all.map(({ code, nombre: n, mutuelles }) => (
              <tr key={code}>
                <th scope="row" className={classes.code}>
                  {codeEnMots(code)}
                </th>
                <td>{words.get(code) ?? ""}</td>
                <td>{mutuelles.map((mutuelle) => `${mutuelle.nom} (${nombre(mutuelle.nombre)})`).join(", ")}</td>
                <td className={table.droite}>{nombre(n)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Dessins({ lignes }: { lignes: ParMutuelle[] }) {
  const points = (valeurs: (ligne: ParMutuelle) => (number | null)[], of = lignes): Point[] =>
    of.map((ligne) => ({ nom: ligne.nom, valeurs: valeurs(ligne) }));
  const decidees = lignes.filter((ligne) => ligne.acceptation_centiemes !== null);
  const repondues = lignes.filter((ligne) => ligne.delai_median_secondes !== null);
  const accordees = lignes.filter((ligne) => ligne.montant_accorde_centimes > 0);
  const refus = motifs(lignes).map(({ code, nombre: n }) => ({ nom: codeEnMots(code), valeurs: [n] }));
  return (
    <div className={classes.figures}>
      {decidees.length > 0 && (
        <Figure
          titre="Taux d'acceptation"
          precision="Part des accordées parmi celles qui ont été décidées."
          quoi="Mutuelle"
          series={[{ nom: "Taux d'acceptation", dire: pourcent }]}
          points={points((ligne) => [ligne.acceptation_centiemes], decidees)}
          dessines={Math.min(BARRES, decidees.length)}
          sens="couche"
        />
      )}
      {accordees.length > 0 && (
        <Figure
          titre="Montants accordés"
          precision="Somme de ce que les PEC ont accordé ; une cotation n'engage pas et ne compte pas."
          quoi="Mutuelle"
          series={[{ nom: "Montants accordés", dire: montant }]}
          points={points((ligne) => [ligne.montant_accorde_centimes], accordees)}
          dessines={Math.min(BARRES, accordees.length)}
          sens="couche"
        />
      )}
      {repondues.length > 0 && (
        <Figure
          titre="Délai de réponse"
          precision="De l'envoi à la première réponse : une réponse sur deux, et neuf sur dix, arrivent dans ce délai."
          quoi="Mutuelle"
          series={[
            { nom: "Médian", dire: delai },
            { nom: "9 sur 10", dire: delai },
          ]}
          points={points((ligne) => [ligne.delai_median_secondes, ligne.delai_p90_secondes], repondues)}
          dessines={Math.min(BARRES, repondues.length)}
          sens="couche"
        />
      )}
      {refus.length > 0 && (
        <Figure
          titre="Refus par motif"
          precision="Toutes mutuelles ensemble ; les messages sont dans le tableau « Motifs de refus »."
          quoi="Code"
          series={[{ nom: "Refus", dire: nombre }]}
          points={refus}
          dessines={Math.min(BARRES, refus.length)}
          sens="couche"
        />
      )}
    </div>
  );
}
