/** The mutuelles of a client, by rank, with the numbers of each card. */
import { Group } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useMutuelle } from "@/api/requetes";
import type { Client } from "@/api/types";
import { Choix, Entier, Jour, Montant, Texte } from "@/brouillon/ChampsLies";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { fieldId } from "@/champs/pointeur";
import { Action } from "@/composants/Action";
import classes from "@/ecrans/dossier/dossier.module.css";
import { ChoixMutuelle } from "@/ecrans/mutuelles/ChoixMutuelle";
import { ExigencesMutuelle } from "@/ecrans/mutuelles/ExigencesMutuelle";
import { choixForfait } from "@/ecrans/mutuelles/forfaits";
import { RESERVE_OPTICIEN } from "@/session/contexte";
import { MUTUELLES_MAX, poserMutuelle } from "./modele";

interface Props {
  client: Client;
  store: Enregistreur<Client>;
  lecture: boolean;
}

export function MutuellesClient({ client, store, lecture }: Props) {
  /** Whose place is being chosen: of one that is there, or of a new one. */
  const [choix, setChoix] = useState<{ index: number | null } | null>(null);
  const reserve = lecture ? RESERVE_OPTICIEN : null;
  const plein = client.mutuelles.length >= MUTUELLES_MAX ? `Un client a au plus ${MUTUELLES_MAX} mutuelles.` : null;
  return (
    <section className={classes.bloc} aria-labelledby="titre-mutuelles">
      <Group justify="space-between" mb="xs">
        <h2 id="titre-mutuelles" style={{ margin: 0, fontSize: "1rem", fontWeight: 650 }}>
          Mutuelles
        </h2>
        <Action
          size="compact-sm"
          variant="light"
          leftSection={<IconPlus size={16} aria-hidden />}
          empeche={reserve ?? plein}
          onClick={() => setChoix({ index: null })}
        >
          Ajouter une mutuelle
        </Action>
      </Group>
      {client.mutuelles.length === 0 && <p style={{ margin: 0 }}>Aucune mutuelle.</p>}
      {client.mutuelles.map((mutuelle, index) => (
        <UneMutuelle
          // biome-ignore lint/suspicious/noArrayIndexKey: a place in the list is all that a card is known by
          key={index}
          index={index}
          id={mutuelle.mutuelle_id}
          reserve={reserve}
          onChanger={() => setChoix({ index })}
          onRetirer={() => store.changer((etat) => ({ ...etat, mutuelles: etat.mutuelles.filter((_, i) => i !== index) }))}
        />
      ))}
      <ChoixMutuelle
        opened={choix !== null}
        type="OPT"
        onClose={() => setChoix(null)}
        onChoix={(mutuelle, forfait) => {
          const index = choix?.index ?? null;
          const meme = index !== null && client.mutuelles[index]?.mutuelle_id === mutuelle.id;
          // Another mutuelle is another card.
          const change = index === null ? undefined : `/mutuelles/${index}${meme ? "/forfait_id" : ""}`;
          store.changer((etat) => poserMutuelle(etat, index, mutuelle.id, forfait?.id ?? null), change);
          setChoix(null);
        }}
      />
    </section>
  );
}

interface UneProps {
  index: number;
  id: string | null;
  reserve: string | null;
  onChanger: () => void;
  onRetirer: () => void;
}

function UneMutuelle({ index, id, reserve, onChanger, onRetirer }: UneProps) {
  const lue = useMutuelle(id).data?.value;
  const mutuelle = id !== null && lue?.id === id ? lue : undefined;
  const nom = mutuelle?.nom ?? (id ? "…" : "Mutuelle à choisir");
  const p = `/mutuelles/${index}`;
  return (
    <fieldset className={classes.carte}>
      <legend>{nom}</legend>
      <Group gap="xs" mb={4}>
        <Action id={fieldId(`${p}/mutuelle_id`)} size="compact-sm" variant="default" empeche={reserve} onClick={onChanger}>
          Changer de mutuelle…
        </Action>
        <Action size="compact-sm" variant="subtle" color="red" empeche={reserve} onClick={onRetirer}>
          Retirer {nom}
        </Action>
      </Group>
      {mutuelle && <ExigencesMutuelle mutuelle={mutuelle} type="OPT" />}
      <div className={`${classes.champs} ${classes.serre}`}>
        <Entier size="xs" p={`${p}/rang`} label="Rang" min={1} max={9} />
        <Texte size="xs" p={`${p}/numero_adherent`} label="N° adhérent" />
        <Texte size="xs" p={`${p}/numero_contrat`} label="N° de contrat" />
        <Texte size="xs" p={`${p}/numero_groupe`} label="N° de groupe" />
        <Choix size="xs" p={`${p}/forfait_id`} label="Forfait" {...choixForfait(mutuelle?.forfaits ?? [])} />
        <Texte size="xs" p={`${p}/regime`} label="Régime" list={`regimes-${index}`} />
        <Texte size="xs" p={`${p}/type`} label="Type" />
        <Texte size="xs" p={`${p}/relation`} label="Relation" />
        <Jour size="xs" p={`${p}/fin_validite`} label="Fin de validité" futur />
        <Montant size="xs" p={`${p}/maximum_annuel_centimes`} label="Max. annuel" />
        <Montant size="xs" p={`${p}/deja_utilise_centimes`} label="Déjà utilisé" />
      </div>
      <datalist id={`regimes-${index}`}>
        {mutuelle?.regimes.map(({ code, libelle }) => (
          <option key={code} value={code}>
            {libelle}
          </option>
        ))}
      </datalist>
    </fieldset>
  );
}
