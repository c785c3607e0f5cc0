/** One eye, as the dossier of the trade's programs has it: a row for each distance, then the pupillary distances and the height. */
import { Dioptrie, Entier, Millimetres, Prisme, Texte } from "@/brouillon/ChampsLies";
import classes from "./dossier.module.css";
import { DISTANCES } from "./libelles";

const NOMS = { od: "OD", og: "OG" } as const;
const LONGS = { od: "Œil droit (OD)", og: "Œil gauche (OG)" } as const;

export function GrilleOeil({ oeil }: { oeil: "od" | "og" }) {
  const nom = NOMS[oeil];
  return (
    <table className={`${classes.grille} ${classes.nombre}`}>
      <caption>{LONGS[oeil]}</caption>
      <thead>
        <tr>
          <td />
          {["Sphère", "Cylindre", "Axe", "Add.", "Prisme", "Base"].map((mot) => (
            <th key={mot} scope="col">
              {mot}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {(["loin", "intermediaire", "pres"] as const).map((distance) => {
          const p = `/prescription/${oeil}/${distance}`;
          const mot = `${nom} ${DISTANCES[distance]}`;
          return (
            <tr key={distance}>
              <th scope="row">{mot}</th>
              <td>
                <Dioptrie size="xs" p={`${p}/sphere`} aria-label={`${mot} sphère`} />
              </td>
              <td>
                <Dioptrie size="xs" p={`${p}/cylindre`} aria-label={`${mot} cylindre`} />
              </td>
              <td>
                <Entier size="xs" p={`${p}/axe`} aria-label={`${mot} axe`} min={0} max={180} />
              </td>
              <td>
                <Dioptrie size="xs" p={`${p}/addition`} aria-label={`${mot} addition`} />
              </td>
              <td>
                <Prisme size="xs" p={`${p}/prisme`} aria-label={`${mot} prisme`} />
              </td>
              <td>
                <Texte size="xs" p={`${p}/base`} aria-label={`${mot} base`} />
              </td>
            </tr>
          );
        })}
        <tr>
          <th scope="row">{nom} Écarts</th>
          <td>
            <Millimetres size="xs" p={`/prescription/${oeil}/ecart_loin`} aria-label={`${nom} écart de loin en mm`} placeholder="loin" />
          </td>
          <td>
            <Millimetres size="xs" p={`/prescription/${oeil}/ecart_pres`} aria-label={`${nom} écart de près en mm`} placeholder="près" />
          </td>
          <th scope="row">Ht</th>
          <td>
            <Millimetres size="xs" p={`/prescription/${oeil}/hauteur`} aria-label={`${nom} hauteur en mm`} placeholder="mm" />
          </td>
        </tr>
      </tbody>
    </table>
  );
}
