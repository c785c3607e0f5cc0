/** The fields of the trade, each bound to the place of the form that its pointer `p` names. */
import "@mantine/core/styles/InlineInput.css";
import { Checkbox, NativeSelect, TextInput, type TextInputProps } from "@mantine/core";
import {
  ChampDate,
  ChampDioptrie,
  ChampEntier,
  ChampMillimetres,
  ChampMontant,
  ChampNir,
  ChampPourcent,
  ChampPrisme,
  ChampTexte,
} from "@/champs/champs";
import { useChamp } from "./contexte";

interface Lie extends Omit<TextInputProps, "value" | "onChange" | "defaultValue" | "min" | "max"> {
  p: string;
}

const texte = (valeur: unknown): string | null => (typeof valeur === "string" ? valeur : null);
const entier = (valeur: unknown): number | null => (typeof valeur === "number" ? valeur : null);

function useTexte({ p, ...rest }: Lie) {
  const champ = useChamp(p);
  return { maxLength: 60, ...rest, ...champ, valeur: texte(champ.valeur) };
}

function useEntier({ p, ...rest }: Lie) {
  const champ = useChamp(p);
  return { ...rest, ...champ, valeur: entier(champ.valeur) };
}

export const Texte = (props: Lie) => <ChampTexte {...useTexte(props)} />;
export const Nir = (props: Lie) => <ChampNir {...useTexte(props)} />;
export const Jour = ({ futur = false, ...props }: Lie & { futur?: boolean }) => <ChampDate futur={futur} {...useTexte(props)} />;
export const Dioptrie = (props: Lie) => <ChampDioptrie {...useTexte(props)} />;
export const Prisme = (props: Lie) => <ChampPrisme {...useTexte(props)} />;
export const Millimetres = (props: Lie) => <ChampMillimetres {...useTexte(props)} />;
export const Pourcent = (props: Lie) => <ChampPourcent {...useTexte(props)} />;
export const Montant = (props: Lie) => <ChampMontant {...useEntier(props)} />;
export const Entier = ({ min, max, ...props }: Lie & { min: number; max: number }) => (
  <ChampEntier min={min} max={max} {...useEntier(props)} />
);

interface CaseProps {
  p: string;
  label?: string;
  "aria-label"?: string;
  description?: string;
  /** Why it cannot be changed, beyond the form's own reasons. */
  verrou?: string | undefined;
}

/** A tick. One that may not be changed keeps its place in the order of the keys, and says so. */
export function Case({ p, verrou, ...rest }: CaseProps) {
  const { id, valeur, onValeur, error, readOnly } = useChamp(p);
  const locked = readOnly || verrou !== undefined;
  return (
    <Checkbox
      {...rest}
      id={id}
      title={verrou}
      checked={valeur === true}
      error={error}
      aria-disabled={locked || undefined}
      onChange={(event) => !locked && onValeur(event.currentTarget.checked)}
    />
  );
}

interface ChoixProps {
  p: string;
  label?: string;
  "aria-label"?: string;
  size?: string;
  title?: string;
  /** Value → word; the first where `vide` is absent stands for nothing chosen. */
  mots: Readonly<Record<string, string>>;
  /** What « nothing » is called; without it a value must be chosen. */
  vide?: string;
  className?: string;
  w?: number | string;
  /** What choosing does, where it is more than setting the field. */
  onChoix?: (valeur: string | null) => void;
  /** How the field's value is one of the words, where it is not a text. */
  lire?: (valeur: unknown) => string;
}

/** One of a few words. */
export function Choix({ p, mots, vide, onChoix, lire = (valeur) => texte(valeur) ?? "", ...rest }: ChoixProps) {
  const { id, valeur, onValeur, error, readOnly } = useChamp(p);
  const present = lire(valeur);
  if (readOnly) return <TextInput {...rest} id={id} readOnly value={mots[present] ?? vide ?? ""} error={error} />;
  const data = Object.entries(mots).map(([value, label]) => ({ value, label }));
  return (
    <NativeSelect
      {...rest}
      id={id}
      error={error}
      value={present}
      data={vide === undefined ? data : [{ value: "", label: vide }, ...data]}
      onChange={(event) => (onChoix ?? onValeur)(event.currentTarget.value || null)}
    />
  );
}
