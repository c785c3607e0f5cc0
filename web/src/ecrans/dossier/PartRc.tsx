/** « Détail de la part mutuelle » : the mutuelle and its forfait, the numbers of the card, and what is known of its part. */
import { Button, Checkbox, Group, TextInput } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import { useState } from "react";
import { useMutuelle } from "@/api/requetes";
import type { Dossier, Forfait, Mutuelle } from "@/api/types";
import { allerAuChamp } from "@/brouillon/allerAuChamp";
import { Choix, Jour, Montant, Texte } from "@/brouillon/ChampsLies";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { useRaccourcis } from "@/cadre/raccourcis";
import { fieldId } from "@/champs/pointeur";
import { Action, ActionIcone } from "@/composants/Action";
import { ChoixMutuelle } from "@/ecrans/mutuelles/ChoixMutuelle";
import { ExigencesMutuelle } from "@/ecrans/mutuelles/ExigencesMutuelle";
import { choixForfait } from "@/ecrans/mutuelles/forfaits";
import { jour, montant } from "@/format/format";
import { RESERVE_OPTICIEN } from "@/session/contexte";
import classes from "./dossier.module.css";
import { choisirMutuelle, part } from "./modele";
import { useDossiersDuClient } from "./requetes";
import { derniersNumeros } from "./suggestions";

interface Props {
  dossier: Dossier;
  index: number;
  store: Enregistreur<Dossier>;
  lecture: boolean;
}

const P = "/tiers_payant";
/** As long as a window takes to close. */
const RETOUR_MS = 250;

export function PartRc({ dossier, index, store, lecture }: Props) {
  const [choix, setChoix] = useState(false);
  const { mutuelle_id } = dossier.tiers_payant;
  const lue = useMutuelle(mutuelle_id).data?.value;
  const mutuelle = mutuelle_id !== null && lue?.id === mutuelle_id ? lue : undefined;
  const equipement = dossier.equipements[index];
  const rc = equipement ? part(equipement, "rc_centimes") : null;
  const connue = equipement?.lignes.some(({ rc_centimes }) => rc_centimes !== null) ?? false;

  const { type, relation, fin_validite, maximum_annuel_centimes, deja_utilise_centimes } = dossier.tiers_payant;
  const rempli = [type, relation, fin_validite, maximum_annuel_centimes, deja_utilise_centimes].some((valeur) => valeur !== null);

  const choisir = (choisie: Mutuelle, forfait: Forfait | null) => {
    setChoix(false);
    // What the card says comes next.
    allerAuChamp([`${P}/numero_adherent`]);
    // After the window gave the focus back, on to the numbers of the card.
    setTimeout(() => allerAuChamp([`${P}/numero_adherent`]), RETOUR_MS);
    // Another mutuelle is another card.
    const change = choisie.id === mutuelle_id ? `${P}/forfait_id` : P;
    store.changer((etat) => choisirMutuelle(etat, choisie.id, forfait?.id ?? null), change);
  };
  const renoncer = () => {
    setChoix(false);
    allerAuChamp([`${P}/mutuelle_id`]);
  };
  const reserve = lecture ? RESERVE_OPTICIEN : null;
  const ouvrir = () => !lecture && setChoix(true);
  useRaccourcis([{ touche: "F3", quoi: "Choisir la mutuelle", action: ouvrir }]);

  return (
    <section className={classes.bloc} aria-labelledby="titre-rc">
      <h2 id="titre-rc">Détail de la part mutuelle</h2>
      <Group gap="xs" align="end" wrap="nowrap" mb="xs">
        <TextInput
          style={{ flex: 1 }}
          label="Mutuelle"
          size="xs"
          readOnly
          data-ouvre={lecture ? undefined : ""}
          placeholder="Aucune mutuelle choisie"
          value={mutuelle?.nom ?? (mutuelle_id ? "…" : "")}
          onClick={ouvrir}
        />
        <ActionIcone
          id={fieldId(`${P}/mutuelle_id`)}
          variant="default"
          size={30}
          empeche={reserve}
          label="Choisir la mutuelle"
          title="Choisir la mutuelle (F3)"
          onClick={ouvrir}
        >
          <IconDots size={18} aria-hidden />
        </ActionIcone>
        <Action
          size="xs"
          variant="subtle"
          empeche={reserve ?? (mutuelle_id ? null : "Aucune mutuelle n'est choisie.")}
          onClick={() => store.changer((etat) => choisirMutuelle(etat, null, null), P)}
        >
          Retirer
        </Action>
      </Group>
      {mutuelle && <ExigencesMutuelle mutuelle={mutuelle} type={equipement?.type ?? "OPT"} />}
      {!lecture && <NumerosConnus dossier={dossier} store={store} />}
      <div className={`${classes.champs} ${classes.serre}`}>
        <Texte size="xs" p={`${P}/numero_adherent`} label="N° adhérent" />
        <Texte size="xs" p={`${P}/numero_contrat`} label="N° de contrat" />
        <Texte size="xs" p={`${P}/numero_groupe`} label="N° de groupe" />
        <Choix size="xs" p={`${P}/forfait_id`} label="Forfait" {...choixForfait(mutuelle?.forfaits ?? [])} />
        <Texte size="xs" p={`${P}/regime`} label="Régime" list="regimes" />
      </div>
      <datalist id="regimes">
        {mutuelle?.regimes.map(({ code, libelle }) => (
          <option key={code} value={code}>
            {libelle}
          </option>
        ))}
      </datalist>
      <details className={classes.depli} open={rempli || undefined}>
        <summary>Autres renseignements de la carte</summary>
        <div className={`${classes.champs} ${classes.serre}`}>
          <Texte size="xs" p={`${P}/type`} label="Type" />
          <Texte size="xs" p={`${P}/relation`} label="Relation" />
          <Jour size="xs" p={`${P}/fin_validite`} label="Fin de validité" futur />
          <Montant size="xs" p={`${P}/maximum_annuel_centimes`} label="Max. annuel" />
          <Montant size="xs" p={`${P}/deja_utilise_centimes`} label="Déjà utilisé" />
        </div>
      </details>
      <div className={`${classes.champs} ${classes.serre}`} style={{ marginBlockStart: "0.5rem" }}>
        <div className={classes.cases} style={{ alignSelf: "end" }}>
          <Checkbox
            label="Part RC"
            checked={connue}
            aria-disabled
            readOnly
            onChange={() => undefined}
            title="Se coche dès qu'un montant est connu."
          />
        </div>
        <TextInput readOnly size="xs" label="Montant RC" value={montant(rc)} />
        <Montant size="xs" p={`/equipements/${index}/rc_manuel_centimes`} label="Part RC saisie" placeholder="tél. ou fax" />
      </div>
      <ChoixMutuelle opened={choix} type={equipement?.type ?? "OPT"} onClose={renoncer} onChoix={choisir} />
    </section>
  );
}

/** The numbers of the client's last dossier with the same mutuelle, offered while none is typed. */
function NumerosConnus({ dossier, store }: Pick<Props, "dossier" | "store">) {
  const { data: autres = [] } = useDossiersDuClient(dossier.client_id);
  const derniers = derniersNumeros(dossier, autres);
  if (!derniers) return null;
  const { numeros, date } = derniers;
  const dits = [
    numeros.numero_adherent && `adhérent ${numeros.numero_adherent}`,
    numeros.numero_contrat && `contrat ${numeros.numero_contrat}`,
    numeros.numero_groupe && `groupe ${numeros.numero_groupe}`,
  ].filter(Boolean);
  return (
    <Button
      size="compact-sm"
      variant="light"
      mb="xs"
      onClick={() => store.changer((etat) => ({ ...etat, tiers_payant: { ...etat.tiers_payant, ...numeros } }))}
    >
      Reprendre les numéros du dossier du {jour(date)} : {dits.join(", ")}
    </Button>
  );
}
