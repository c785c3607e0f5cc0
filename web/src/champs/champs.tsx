/** The fields of the trade: each is {@link Saisie} with its own way to read and write. */
import type { TextInputProps } from "@mantine/core";
import { dateParis, jour } from "@/format/format";
import {
  decalerDioptrie,
  ecrireMontant,
  ecrireNir,
  lireDate,
  lireDioptrie,
  lireEntier,
  lireMillimetres,
  lireMontant,
  lireNir,
  lirePourcent,
  lirePrisme,
} from "./lecture";
import { Saisie } from "./Saisie";

interface Champ<T> extends Omit<TextInputProps, "value" | "onChange" | "defaultValue"> {
  valeur: T;
  onValeur: (valeur: T) => void;
}

const id = (texte: string | null): string => texte ?? "";

/** Euros, in centimes. */
export const ChampMontant = (props: Champ<number | null>) => (
  <Saisie inputMode="decimal" lire={lireMontant} ecrire={ecrireMontant} {...props} />
);

/** A power by quarters of a dioptre; + and − step while it is being changed, the arrows always. */
export const ChampDioptrie = (props: Champ<string | null>) => (
  <Saisie lire={lireDioptrie} ecrire={id} decaler={decalerDioptrie} {...props} />
);

/** A distance or a height in millimetres, by tenths. */
export const ChampMillimetres = (props: Champ<string | null>) => (
  <Saisie inputMode="decimal" lire={lireMillimetres} ecrire={id} {...props} />
);

/** A prism, by quarters of a dioptre. */
export const ChampPrisme = (props: Champ<string | null>) => <Saisie inputMode="decimal" lire={lirePrisme} ecrire={id} {...props} />;

/** A whole number between two bounds. */
export const ChampEntier = ({ min, max, ...props }: Champ<number | null> & { min: number; max: number }) => (
  <Saisie inputMode="numeric" lire={(texte) => lireEntier(texte, min, max)} ecrire={(n) => (n === null ? "" : String(n))} {...props} />
);

/** A discount in per cent. */
export const ChampPourcent = (props: Champ<string | null>) => <Saisie inputMode="decimal" lire={lirePourcent} ecrire={id} {...props} />;

/** A day, typed as one says it; `futur` lets a year of two digits be to come. */
export const ChampDate = ({ futur = false, ...props }: Champ<string | null> & { futur?: boolean }) => (
  <Saisie
    inputMode="numeric"
    placeholder="jj/mm/aaaa"
    lire={(texte) => lireDate(texte, dateParis(new Date()), futur)}
    ecrire={jour}
    {...props}
  />
);

/** A social security number; a masked one stays as it is. */
export const ChampNir = (props: Champ<string | null>) => (
  <Saisie lire={(texte) => ({ valeur: lireNir(texte) })} ecrire={ecrireNir} {...props} />
);

/** Plain text; what is only spaces is nothing. */
export const ChampTexte = (props: Champ<string | null>) => (
  <Saisie lire={(texte) => ({ valeur: texte.trim() || null })} ecrire={id} {...props} />
);
