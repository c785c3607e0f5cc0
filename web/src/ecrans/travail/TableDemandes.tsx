/** One group of the work list as a dense table. A row opens its demande; the keyboard goes from row to row by J and K or by the arrows. */
import { Checkbox } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconClockExclamation } from "@tabler/icons-react";
import type { KeyboardEvent, MouseEvent } from "react";
import { Link, useLocation } from "wouter";
import { enRetard } from "@/api/travail";
import type { Demande } from "@/api/types";
import { Etat } from "@/composants/Etat";
import { NATURES } from "@/composants/etats";
import table from "@/composants/Table.module.css";
import { duree, instant, personne } from "@/format/format";
import { accorde, type Filtres, message, prochaine, queFaire } from "./liste";
import classes from "./Travail.module.css";

interface Props {
  demandes: readonly Demande[];
  /** Whether their outcome is still open: then the next check is shown, else what was granted. */
  ouvertes: boolean;
  /** The id of the heading that names the table. */
  titre: string;
  maintenant: number;
  tri: Filtres["tri"];
  onTri: () => void;
  coches: ReadonlySet<string>;
  onCoche: (ids: readonly string[], coche: boolean) => void;
}

/** Whether the server lets this person ask the concentrator about it now. */
export const mayRefresh = (demande: Demande): boolean => demande.actions.includes("ACTUALISER");

const rowLinks = () => [...document.querySelectorAll<HTMLAnchorElement>("a[data-demande]")];

/** Moves the focus to the next or the previous demande of the whole list; to the first when it is nowhere in it. */
export function moveFocus(step: 1 | -1): void {
  const links = rowLinks();
  const row = document.activeElement?.closest("tr");
  const here = links.findIndex((link) => link.closest("tr") === row);
  const next = here < 0 ? links[0] : links[here + step];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

/** The demande whose row has the focus. */
export const focused = (): string | null =>
  document.activeElement?.closest("tr")?.querySelector<HTMLElement>("a[data-demande]")?.dataset.demande ?? null;

function arrows(event: KeyboardEvent) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  event.preventDefault();
  moveFocus(event.key === "ArrowDown" ? 1 : -1);
}

export function TableDemandes({ demandes, ouvertes, titre, maintenant, tri, onTri, coches, onCoche }: Props) {
  const refreshable = demandes.filter(mayRefresh).map(({ id }) => id);
  const all = refreshable.length > 0 && refreshable.every((id) => coches.has(id));
  const some = refreshable.some((id) => coches.has(id));
  const Fleche = tri === "recentes" ? IconArrowUp : IconArrowDown;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the screen is scrolled by the keyboard too
    <section className={`defile ${table.cadre}`} tabIndex={0} aria-labelledby={titre}>
      <table className={classes.table} aria-labelledby={titre}>
        <thead>
          <tr>
            <th className={classes.coche} scope="col">
              {refreshable.length > 0 ? (
                <Checkbox
                  size="sm"
                  aria-label="Cocher toutes les demandes de ce tableau qui peuvent être actualisées"
                  checked={all}
                  indeterminate={some && !all}
                  onChange={() => onCoche(refreshable, !all)}
                />
              ) : (
                <span className="invisible">Cocher</span>
              )}
            </th>
            <th className={classes.colDemande} scope="col">
              Demande et état
            </th>
            <th scope="col">Client et mutuelle</th>
            <th className={classes.colDepuis} scope="col" aria-sort={tri === "recentes" ? "ascending" : "descending"}>
              <button type="button" className={classes.tri} onClick={onTri}>
                Depuis <Fleche size={14} aria-hidden />
              </button>
            </th>
            <th className={classes.colFaire} scope="col">
              Que faire ?
            </th>
            {ouvertes ? (
              <th className={classes.colFin} scope="col">
                Prochaine vérification
              </th>
            ) : (
              <th className={`${classes.colFin} ${classes.droite}`} scope="col">
                Accordé
              </th>
            )}
          </tr>
        </thead>
        <tbody onKeyDown={arrows}>
          {demandes.map((demande) => (
            <Rangee
              key={demande.id}
              demande={demande}
              ouverte={ouvertes}
              maintenant={maintenant}
              coche={coches.has(demande.id)}
              onCoche={onCoche}
            />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface RangeeProps {
  demande: Demande;
  ouverte: boolean;
  maintenant: number;
  coche: boolean;
  onCoche: Props["onCoche"];
}

function Rangee({ demande, ouverte, maintenant, coche, onCoche }: RangeeProps) {
  const [, navigate] = useLocation();
  const nom = `${NATURES[demande.nature]} n° ${demande.numero}`;
  const client = personne(demande.beneficiaire);
  const mot = message(demande);
  const chemin = `/demandes/${demande.id}`;

  const open = (event: MouseEvent<HTMLTableRowElement>) => {
    // The link and the box act by themselves, and whoever marks a text does not want to leave.
    const inner = event.target instanceof Element && event.target.closest("a, input, label, button");
    if (!inner && !getSelection()?.toString()) navigate(chemin);
  };

  return (
    <tr onClick={open}>
      <td className={classes.coche}>
        {mayRefresh(demande) && (
          <Checkbox
            size="sm"
            aria-label={`Cocher ${nom}`}
            checked={coche}
            onChange={(event) => onCoche([demande.id], event.currentTarget.checked)}
          />
        )}
      </td>
      <th scope="row">
        <Link href={chemin} className={classes.lien} data-demande={demande.id}>
          {nom}
        </Link>
        <span className={classes.etat}>
          <Etat etat={demande.etat} />
        </span>
        {enRetard(demande, maintenant) && (
          <span className={classes.retard}>
            <IconClockExclamation size={15} aria-hidden /> délai dépassé
          </span>
        )}
      </th>
      <td>
        {client || <span className={classes.doux}>{demande.effacee_le ? "client effacé" : "client non connu"}</span>}
        <span className={classes.mutuelle}>{demande.mutuelle_nom}</span>
      </td>
      <td>
        <time dateTime={demande.creee_le} title={instant(demande.creee_le)}>
          {duree((maintenant - Date.parse(demande.creee_le)) / 1000)}
        </time>
      </td>
      <td>
        {queFaire(demande, maintenant)}
        {mot && (
          <span className={classes.mot} title={mot}>
            « {mot} »
          </span>
        )}
      </td>
      {ouverte ? <td>{prochaine(demande, maintenant)}</td> : <td className={classes.droite}>{accorde(demande)}</td>}
    </tr>
  );
}
