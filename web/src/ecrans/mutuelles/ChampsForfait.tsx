/** The fields of one forfait: its type says which figure it needs. */
import { NativeSelect, TextInput } from "@mantine/core";
import type { Forfait } from "@/api/types";
import { ChampMontant } from "@/champs/champs";
import type { Lu } from "@/champs/lecture";
import { fieldId } from "@/champs/pointeur";
import { Saisie } from "@/champs/Saisie";

/** A part in per cent; guarantees are told as « 200 % du tarif », hence more than a hundred there. */
function lirePart(texte: string, max: number): Lu<string | null> {
  const nu = texte.replace(/[\s%]/g, "").replace(",", ".");
  if (nu === "") return { valeur: null };
  return /^\d{1,4}(\.\d{1,2})?$/.test(nu) && Number(nu) <= max ? { valeur: nu } : { erreur: `Un pourcentage de 0 à ${max}.` };
}

const TYPES = [
  { value: "VARIABLE", label: "Variable" },
  { value: "FIXE", label: "Fixe" },
  { value: "POURCENTAGE", label: "Pourcentage" },
] as const;

export function ChampsForfait(props: {
  forfait: Forfait;
  pointeur: string;
  fautes: ReadonlyMap<string, string>;
  onForfait: (forfait: Forfait) => void;
}) {
  const { forfait, pointeur, fautes, onForfait } = props;
  return (
    <>
      <TextInput
        id={fieldId(`${pointeur}/libelle`)}
        label="Libellé"
        maxLength={60}
        value={forfait.libelle}
        error={fautes.get(`${pointeur}/libelle`)}
        onChange={(event) => onForfait({ ...forfait, libelle: event.currentTarget.value })}
      />
      <NativeSelect
        id={fieldId(`${pointeur}/type`)}
        label="Type"
        data={TYPES.map(({ value, label }) => ({ value, label }))}
        value={forfait.type}
        error={fautes.get(`${pointeur}/type`)}
        onChange={(event) => {
          const type = TYPES.find(({ value }) => value === event.currentTarget.value)?.value ?? "FIXE";
          const part =
            type === "POURCENTAGE" ? { assiette: forfait.assiette ?? ("RESTE" as const) } : { assiette: null, pourcentage: null };
          onForfait({ ...forfait, type, ...part, montant_centimes: type === "FIXE" ? forfait.montant_centimes : null });
        }}
      />
      {forfait.type === "FIXE" && (
        <ChampMontant
          id={fieldId(`${pointeur}/montant_centimes`)}
          label="Montant (€)"
          valeur={forfait.montant_centimes}
          error={fautes.get(`${pointeur}/montant_centimes`)}
          onValeur={(montant_centimes) => onForfait({ ...forfait, montant_centimes })}
        />
      )}
      {forfait.type === "POURCENTAGE" && (
        <>
          <NativeSelect
            id={fieldId(`${pointeur}/assiette`)}
            label="De quoi"
            data={[
              { value: "RESTE", label: "du reste après RO" },
              { value: "TARIF", label: "du tarif" },
            ]}
            value={forfait.assiette ?? "RESTE"}
            error={fautes.get(`${pointeur}/assiette`)}
            onChange={(event) => onForfait({ ...forfait, assiette: event.currentTarget.value === "TARIF" ? "TARIF" : "RESTE" })}
          />
          <Saisie
            id={fieldId(`${pointeur}/pourcentage`)}
            label="Part (%)"
            inputMode="decimal"
            lire={(texte) => lirePart(texte, forfait.assiette === "TARIF" ? 1_000 : 100)}
            ecrire={(part) => part?.replace(".", ",") ?? ""}
            valeur={forfait.pourcentage}
            error={fautes.get(`${pointeur}/pourcentage`)}
            onValeur={(pourcentage) => onForfait({ ...forfait, pourcentage })}
          />
        </>
      )}
    </>
  );
}
