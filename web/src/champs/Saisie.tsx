/**
 * One text input for all that is typed in the trade's own way: it keeps the text while it is typed, reads it when the field is left or Enter is
 * pressed, shows what it understood, and says what it expected where it did not understand. A value that changes from outside shows at once.
 */
import { TextInput, type TextInputProps } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Lu } from "./lecture";

/** A text that could not be read, and the sentence that says what was expected. */
export interface Brut {
  texte: string;
  erreur: string;
}

/** Leads to the first input under this one whose text could not be read; whether there is one. */
export function montrerIllisible(racine: ParentNode): boolean {
  const champ = [...racine.querySelectorAll("input")].find(({ validity }) => validity.customError);
  champ?.focus();
  return champ !== undefined;
}

export interface SaisieProps<T> extends Omit<TextInputProps, "value" | "onChange" | "defaultValue"> {
  valeur: T;
  onValeur: (valeur: T) => void;
  lire: (texte: string) => Lu<T>;
  ecrire: (valeur: T) => string;
  /** What the keys + and − do to the value, where they mean a step. */
  decaler?: (valeur: T, sens: 1 | -1) => T;
  /** The unread text, where it outlives the field. */
  brut?: Brut | null;
  onBrut?: (brut: Brut | null) => void;
}

export function Saisie<T>(props: SaisieProps<T>) {
  const { valeur, onValeur, lire, ecrire, decaler, brut: tenu, onBrut, error, onBlur, onKeyDown, ...rest } = props;
  const affiche = ecrire(valeur);
  const [local, setLocal] = useState<(Brut & { sur: string }) | null>(null);
  const brut = onBrut ? tenu : local?.sur === affiche ? local : null;
  const signaler = onBrut ?? ((next: Brut | null) => setLocal(next && { ...next, sur: affiche }));
  const garde = brut?.texte;
  const [texte, setTexte] = useState(garde ?? affiche);
  const input = useRef<HTMLInputElement>(null);

  useEffect(() => setTexte(garde ?? affiche), [garde, affiche]);
  useEffect(() => input.current?.setCustomValidity(brut?.erreur ?? ""), [brut?.erreur]);

  const commit = (): T | undefined => {
    // What was not touched was not typed.
    const lu = texte === affiche ? { valeur } : lire(texte);
    const erreur = "erreur" in lu ? lu.erreur : "";
    // At once: whoever sends the form by this very key asks the input.
    input.current?.setCustomValidity(erreur);
    if ("erreur" in lu) {
      if (texte !== garde) signaler({ texte, erreur });
      return undefined;
    }
    signaler(null);
    setTexte(ecrire(lu.valeur));
    if (lu.valeur !== valeur) onValeur(lu.valeur);
    return lu.valeur;
  };

  // What the rest of the form says may make it readable.
  useEffect(() => {
    if (garde !== undefined && garde === texte && !("erreur" in lire(garde))) commit();
  });

  const step = (event: KeyboardEvent<HTMLInputElement>, sens: 1 | -1) => {
    const present = decaler && commit();
    if (!decaler || present === undefined) return;
    event.preventDefault();
    onValeur(decaler(present, sens));
  };

  return (
    <TextInput
      {...rest}
      ref={input}
      value={texte}
      error={brut?.erreur ?? error}
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
