/**
 * A chart and its numbers: the drawing is for the eyes and loaded late, the table behind it says the same to everybody. Every bar carries its value, so
 * that no colour has to be told from another.
 */
import { lazy, Suspense, useId } from "react";
import { patiently } from "@/api/reseau";
import { Attente } from "@/composants/Attente";
import classes from "./Barres.module.css";

const Barres = lazy(() => patiently(() => import("./Barres")));

export interface Serie {
  nom: string;
  /** As the bars and the table say it. */
  dire: (valeur: number) => string;
}

/** One group of bars; a value that nobody knows has no bar. */
export interface Point {
  nom: string;
  valeurs: (number | null)[];
}

export interface FigureProps {
  titre: string;
  precision: string;
  /** What the names of the points are: « Mois », « Mutuelle ». */
  quoi: string;
  series: Serie[];
  points: Point[];
  /** Long names read better beside their bars, months under them. */
  sens: "couche" | "debout";
  /** How many points are drawn; the table has all of them. */
  dessines?: number;
}

export function Figure({ titre, precision, quoi, series, points, sens, dessines = points.length }: FigureProps) {
  const id = useId();
  return (
    <figure className={classes.figure} aria-labelledby={id}>
      <h2 className={classes.titre} id={id}>
        {titre}
      </h2>
      <p className={classes.precision}>
        {precision}
        {dessines < points.length && ` Dessin : les ${dessines} premières sur ${points.length}.`}
      </p>
      <div aria-hidden className={classes.dessin}>
        <Suspense fallback={<Attente />}>
          <Barres series={series} points={points.slice(0, dessines)} sens={sens} />
        </Suspense>
      </div>
      <details>
        <summary>Voir les chiffres</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than its frame is scrolled by the keyboard too */}
        <section className="defile" tabIndex={0} aria-label={`${titre} : les chiffres`}>
          <table className={classes.table} aria-labelledby={id}>
            <thead>
              <tr>
                <th scope="col">{quoi}</th>
                {series.map(({ nom }) => (
                  <th key={nom} scope="col" className={classes.droite}>
                    {nom}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {points.map(({ nom, valeurs }) => (
                <tr key={nom}>
                  <th scope="row">{nom}</th>
                  {series.map((serie, index) => (
                    <td key={serie.nom} className={classes.droite}>
                      {valeurs[index] === null || valeurs[index] === undefined ? "–" : serie.dire(valeurs[index])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}
