/**
 * One text input for all that is typed in the trade's own way: it keeps the text while it is typed, reads it when the field is left or Enter is
 * pressed, shows what it understood, and says what it expected where it did not understand. A value that changes from outside shows at once.
 */
import { TextInput, type TextInputProps } from "@mantine/core";
import { type KeyboardEvent, useEffect, useState } from "react";
import type { Lu } from "./lecture";

export interface SaisieProps<T> extends Omit<TextInputProps, "value" | "onChange" | "defaultValue"> {
  valeur: T;
  onValeur: (valeur: T) => void;
  lire: (texte: string) => Lu<T>;
  ecrire: (valeur: T) => string;
  /** What the keys + and − do to the value, where they mean a step. */
  decaler?: (valeur: T, sens: 1 | -1) => T;
}

export function Saisie<T>({ valeur, onValeur, lire, ecrire, decaler, error, onBlur, onKeyDown, ...rest }: SaisieProps<T>) {
  const [texte, setTexte] = useState(() => ecrire(valeur));
  const [erreur, setErreur] = useState<string | null>(null);
  const affiche = ecrire(valeur);

  useEffect(() => {
    setTexte(affiche);
    setErreur(null);
  }, [affiche]);

  const commit = (): T | undefined => {
    const lu = lire(texte);
    if ("erreur" in lu) {
      setErreur(lu.erreur);
      return undefined;
    }
    setErreur(null);
    setTexte(ecrire(lu.valeur));
    if (lu.valeur !== valeur) onValeur(lu.valeur);
    return lu.valeur;
  };

  const step = (event: KeyboardEvent<HTMLInputElement>, sens: 1 | -1) => {
    const present = decaler && commit();
    if (!decaler || present === undefined) return;
    event.preventDefault();
    onValeur(decaler(present, sens));
  };

  return (
    <TextInput
      {...rest}
      value={texte}
      error={erreur ?? error}
      autoComplete="off"
      onChange={(event) => setTexte(event.currentTarget.value)}
      onBlur={(event) => {
        commit();
        onBlur?.(event);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        // At the beginning of an empty or whole-selected field a sign is the sign of what is being typed.
        const input = event.currentTarget;
        const begins = input.selectionStart === 0;
        if (decaler && event.key === "ArrowUp") step(event, 1);
        else if (decaler && event.key === "ArrowDown") step(event, -1);
        else if (decaler && !begins && (event.key === "+" || event.key === "-")) step(event, event.key === "+" ? 1 : -1);
        onKeyDown?.(event);
      }}
    />
  );
}
