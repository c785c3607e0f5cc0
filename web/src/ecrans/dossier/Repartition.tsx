/** How both parts are spread over the lines, and which lines the mutuelle does not see (« Occulté »). */
import { Group } from "@mantine/core";
import type { Equipement } from "@/api/types";
import { Case } from "@/brouillon/ChampsLies";
import { montant } from "@/format/format";
import classes from "./dossier.module.css";

export function Repartition({ equipement, index, fige }: { equipement: Equipement; index: number; fige: boolean }) {
  if (equipement.lignes.length === 0) return null;
  const argent = (centimes: number | null) => (
    <td className={`${classes.num} ${centimes === null ? classes.inconnu : ""}`}>{montant(centimes)}</td>
  );
  return (
    <div className={classes.bloc}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard */}
      <section className="defile" tabIndex={0} aria-label="Répartition sur les lignes">
        <table className={classes.grille}>
          <caption className="invisible">Répartition sur les lignes de l'équipement n° {index + 1}</caption>
          <thead>
            <tr>
              <th scope="col">Désignation</th>
              <th scope="col" className={classes.num}>
                Valeur
              </th>
              <th scope="col" className={classes.num}>
                Rbt RO
              </th>
              <th scope="col" className={classes.num}>
                Rbt RC
              </th>
              <th scope="col">Occulté</th>
            </tr>
          </thead>
          <tbody>
            {equipement.lignes.map((ligne, place) => (
              <tr key={ligne.numero} className={`${classes.ligne} ${ligne.occulte ? classes.occultee : ""}`}>
                <td>{ligne.designation || `Ligne ${place + 1}`}</td>
                {argent(ligne.valeur_centimes)}
                {argent(ligne.ro_centimes)}
                {argent(ligne.rc_centimes)}
                <td>
                  <Group justify="center">
                    <Case
                      p={`/equipements/${index}/lignes/${place}/occulte`}
                      aria-label={`Ligne ${place + 1} occultée`}
                      verrou={
                        ligne.categorie === "OFFRE"
                          ? "Une offre commerciale est toujours occultée."
                          : fige
                            ? "Cet équipement ne change plus."
                            : undefined
                      }
                    />
                  </Group>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}
