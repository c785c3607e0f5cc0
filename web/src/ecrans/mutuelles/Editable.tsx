/** A short list inside a form: each line as text with « Éditer » and « Supprimer », or as fields while it is edited; « Ajouter… » under it. */
import { Button, Group, Text } from "@mantine/core";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { montrerIllisible } from "@/champs/Saisie";
import classes from "./Fiche.module.css";

interface Props<T> {
  titre: string;
  vide: string;
  items: readonly T[];
  neuf: T;
  onItems: (items: T[]) => void;
  nommer: (item: T) => string;
  montrer: (item: T) => ReactNode;
  champs: (item: T, index: number, poser: (item: T) => void) => ReactNode;
  /** Whether a fault was found in this line: it opens by itself. */
  fautif: (index: number) => boolean;
  /** A line that stands by itself cannot be changed: why. */
  fixe?: (item: T) => string | null;
  lectureSeule: boolean;
  max: number;
}

export function Editable<T>({ titre, vide, items, neuf, onItems, nommer, montrer, champs, fautif, fixe, lectureSeule, max }: Props<T>) {
  const [ouverte, setOuverte] = useState<number | null>(null);
  const bloc = useRef<HTMLElement>(null);
  const remplacer = (index: number, item: T) => onItems(items.map((autre, i) => (i === index ? item : autre)));

  /** What could not be read stays on the screen. */
  const libre = (sauf?: number): boolean =>
    ![...(bloc.current?.querySelectorAll<HTMLElement>("[data-ligne]") ?? [])].some(
      (ligne) => ligne.dataset.ligne !== String(sauf) && montrerIllisible(ligne),
    );

  useEffect(() => {
    if (ouverte !== null) bloc.current?.querySelector<HTMLElement>(`[data-ligne="${ouverte}"] input`)?.focus();
  }, [ouverte]);

  return (
    <section ref={bloc} className={classes.bloc} aria-label={titre}>
      <Text component="h2" fw={650} mb={6}>
        {titre}
      </Text>
      {items.length === 0 && (
        <Text size="sm" c="dimmed" mb={6}>
          {vide}
        </Text>
      )}
      <ul className={classes.lignes}>
        {items.map((item, index) => {
          const raison = fixe?.(item) ?? null;
          const edite = !lectureSeule && raison === null && (ouverte === index || fautif(index));
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place, as the API's pointers have it
            <li key={index} className={classes.ligne} data-ligne={index}>
              {edite ? (
                <fieldset
                  aria-label={nommer(item)}
                  className={classes.edition}
                  onKeyDown={(event) => {
                    if (event.key !== "Enter") return;
                    event.preventDefault();
                    if (libre()) setOuverte(null);
                  }}
                >
                  {champs(item, index, (next) => remplacer(index, next))}
                </fieldset>
              ) : (
                <span className={classes.texte}>
                  {montrer(item)}
                  {raison !== null && (
                    <Text span size="xs" c="dimmed" display="block">
                      {raison}
                    </Text>
                  )}
                </span>
              )}
              {!lectureSeule && raison === null && (
                <Group gap={4} wrap="nowrap">
                  <Button
                    size="compact-sm"
                    variant="default"
                    aria-label={`${edite ? "Terminer" : "Éditer"} ${nommer(item)}`}
                    onClick={() => libre() && setOuverte(edite ? null : index)}
                  >
                    {edite ? "OK" : "Éditer…"}
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    color="red"
                    aria-label={`Supprimer ${nommer(item)}`}
                    onClick={() => {
                      if (!libre(index)) return;
                      setOuverte(null);
                      onItems(items.filter((_, i) => i !== index));
                    }}
                  >
                    Supprimer
                  </Button>
                </Group>
              )}
            </li>
          );
        })}
      </ul>
      {!lectureSeule && items.length < max && (
        <Button
          size="compact-sm"
          variant="default"
          aria-label={`Ajouter : ${titre}`}
          onClick={() => {
            if (!libre()) return;
            onItems([...items, neuf]);
            setOuverte(items.length);
          }}
        >
          Ajouter…
        </Button>
      )}
    </section>
  );
}
