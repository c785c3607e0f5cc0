import { Anchor, Button, Checkbox, Group, Loader, Modal, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Link } from "wouter";
import { useIndexMutuelles, useMutuelle } from "@/api/requetes";
import type { Forfait, Mutuelle, TypeEquipement } from "@/api/types";
import { Erreur } from "@/composants/Erreur";
import { nombre, pluriel } from "@/format/format";
import { ExigencesMutuelle } from "./ExigencesMutuelle";
import classes from "./Mutuelles.module.css";
import { prend, valeurForfait } from "./mots";
import { Pec } from "./Pec";
import { chercher, indexDe } from "./recherche";

/** How many results are drawn: nobody reads further, she types one letter more. */
const AFFICHEES = 50;
/** How long one stays on a line before its forfaits are asked for: arrows held down ask for nothing. */
const POSE_MS = 80;
/** A page of the list, for the keys that go by pages. */
const PAGE = 10;

interface Props {
  opened: boolean;
  /** What the dossier asks for: says which mutuelles take electronic PEC of this kind. */
  type: TypeEquipement;
  onClose: () => void;
  onChoix: (mutuelle: Mutuelle, forfait: Forfait | null) => void;
}

/** The window where the mutuelle of a client is chosen (manual, « Choix de la mutuelle »), and one of its forfaits. */
export function ChoixMutuelle({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Choix de la mutuelle" size="62rem" padding="md">
      {opened && <Choix onClose={onClose} {...rest} />}
    </Modal>
  );
}

function Choix({ type, onClose, onChoix }: Omit<Props, "opened">) {
  const id = useId();
  const { data, error, isPending, refetch } = useIndexMutuelles();
  const [texte, setTexte] = useState("");
  const [optoamc, setOptoamc] = useState(false);
  const [rang, setRang] = useState(0);
  const champ = useRef<HTMLInputElement>(null);
  const forfaits = useRef<HTMLFieldSetElement>(null);

  const toutes = data?.value.mutuelles;
  const trouvees = useMemo(
    () => (toutes ? chercher(indexDe(toutes), texte).filter(({ pec }) => !optoamc || pec !== "NON") : []),
    [toutes, texte, optoamc],
  );
  const affichees = trouvees.slice(0, AFFICHEES);
  const active = affichees[Math.min(rang, affichees.length - 1)];

  const [posee] = useDebouncedValue(active?.id ?? null, POSE_MS);
  // Chosen before its forfaits were there: it is taken as soon as they are.
  const [voulue, setVoulue] = useState<string | null>(null);
  const une = useMutuelle(voulue ?? posee);
  const mutuelle = une.data && une.data.value.id === active?.id ? une.data.value : null;
  const [choisi, setChoisi] = useState<{ mutuelle: string; forfait: string } | null>(null);
  const forfaitId =
    (choisi && choisi.mutuelle === mutuelle?.id ? choisi.forfait : null) ??
    (mutuelle?.forfaits.find((forfait) => forfait.type === "VARIABLE") ?? mutuelle?.forfaits[0])?.id ??
    null;

  const prendre = () => {
    if (!active) return;
    if (!mutuelle) setVoulue(active.id);
    else onChoix(mutuelle, mutuelle.forfaits.find((forfait) => forfait.id === forfaitId) ?? null);
  };
  useEffect(() => {
    if (voulue !== null && mutuelle?.id === voulue) {
      setVoulue(null);
      onChoix(mutuelle, mutuelle.forfaits.find((forfait) => forfait.type === "VARIABLE") ?? mutuelle.forfaits[0] ?? null);
    }
  }, [voulue, mutuelle, onChoix]);

  const aller = (vers: number) => {
    const next = Math.max(0, Math.min(affichees.length - 1, vers));
    setRang(next);
    setVoulue(null);
    document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: "nearest" });
  };

  const clavier = (event: KeyboardEvent<HTMLInputElement>) => {
    const moves: Record<string, number> = { ArrowDown: rang + 1, ArrowUp: rang - 1, PageDown: rang + PAGE, PageUp: rang - PAGE };
    const vers = moves[event.key];
    const input = event.currentTarget;
    if (vers !== undefined) {
      event.preventDefault();
      aller(vers);
    } else if (event.key === "Enter") {
      event.preventDefault();
      prendre();
    } else if (event.key === "ArrowRight" && input.selectionStart === input.value.length) {
      const coche = forfaits.current?.querySelector<HTMLInputElement>("input:checked") ?? forfaits.current?.querySelector("input");
      if (coche) event.preventDefault();
      coche?.focus();
    }
  };

  const compte =
    trouvees.length === 0
      ? "Aucune mutuelle à ce nom, ce plateau ou cet identifiant."
      : trouvees.length > AFFICHEES
        ? `${nombre(trouvees.length)} mutuelles : les ${AFFICHEES} premières sont montrées, tapez une lettre de plus.`
        : pluriel(trouvees.length, "mutuelle trouvée", "mutuelles trouvées");

  return (
    <>
      <Group align="flex-end" gap="md" mb="sm">
        <TextInput
          ref={champ}
          data-autofocus
          flex="1 1 18rem"
          label="Nom, plateau ou identifiant"
          leftSection={isPending ? <Loader size={16} aria-hidden /> : <IconSearch size={16} aria-hidden />}
          role="combobox"
          aria-expanded={affichees.length > 0}
          aria-autocomplete="list"
          aria-controls={affichees.length > 0 ? `${id}-liste` : undefined}
          aria-activedescendant={active ? `${id}-${affichees.indexOf(active)}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          value={texte}
          onChange={(event) => {
            setTexte(event.currentTarget.value);
            setRang(0);
            setVoulue(null);
            document.getElementById(`${id}-liste`)?.scrollTo({ top: 0 });
          }}
          onKeyDown={clavier}
        />
        <Checkbox
          mb={6}
          label="OPTOAMC seulement"
          checked={optoamc}
          onChange={(event) => {
            setOptoamc(event.currentTarget.checked);
            setRang(0);
          }}
        />
      </Group>
      <Erreur error={error} onRetry={() => void refetch()} />
      {toutes?.length === 0 ? (
        <Text my="lg">
          Aucune mutuelle n'est connue de ce magasin.{" "}
          <Anchor component={Link} href="/mutuelles" underline="always">
            Télécharger les conventions
          </Anchor>
        </Text>
      ) : (
        <div className={classes.choix}>
          <div className={classes.liste}>
            <div className={classes.colonnes} aria-hidden>
              <span>Nom</span>
              <span>Plateau</span>
              <span>Identifiant</span>
              <span>PEC</span>
            </div>
            <div id={`${id}-liste`} role="listbox" aria-label="Mutuelles" className={classes.options}>
              {affichees.map((entree, i) => (
                // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field takes the keys of the list
                <div
                  key={entree.id}
                  id={`${id}-${i}`}
                  role="option"
                  aria-selected={entree.id === active?.id}
                  className={classes.option}
                  onMouseDown={(event) => event.preventDefault()}
                  onClick={() => aller(i)}
                  onDoubleClick={prendre}
                >
                  <span className={classes.nom}>
                    {entree.nom}
                    {entree.retiree && <span className={classes.retiree}>retirée</span>}
                  </span>
                  <span className={classes.numero}>
                    {entree.plateau && <span className="invisible">, plateau </span>}
                    {entree.plateau}
                  </span>
                  <span className={classes.numero}>
                    {entree.identifiant && <span className="invisible">, identifiant </span>}
                    {entree.identifiant}
                  </span>
                  <span>
                    <span className="invisible">, PEC </span>
                    <Pec pec={entree.pec} possible={prend(entree.pec, type)} />
                  </span>
                </div>
              ))}
            </div>
            <div className={classes.pied} role="status">
              {isPending ? "Chargement de la liste…" : compte}
            </div>
          </div>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself */}
          <section className={classes.detail} aria-label="La mutuelle en main" aria-busy={active !== undefined && !mutuelle} tabIndex={0}>
            {active && (
              <Text fw={650} lh={1.3} mb="xs">
                {active.nom}
              </Text>
            )}
            {mutuelle ? (
              <>
                {mutuelle.forfaits.length > 0 ? (
                  <fieldset
                    ref={forfaits}
                    className={classes.forfaits}
                    onKeyDown={(event) => {
                      if (event.key === "ArrowLeft") {
                        event.preventDefault();
                        champ.current?.focus();
                      } else if (event.key === "ArrowRight") event.preventDefault();
                      else if (event.key === "Enter") {
                        event.preventDefault();
                        prendre();
                      }
                    }}
                  >
                    <legend>Forfaits</legend>
                    {mutuelle.forfaits.map((forfait) => (
                      <label key={forfait.id} className={classes.forfait}>
                        <input
                          type="radio"
                          name={`${id}-forfait`}
                          checked={forfait.id === forfaitId}
                          onChange={() => setChoisi({ mutuelle: mutuelle.id, forfait: forfait.id })}
                        />
                        <span>
                          <strong>{forfait.libelle}</strong>{" "}
                          <Text span size="sm" c="dimmed">
                            {valeurForfait(forfait)}
                          </Text>
                        </span>
                      </label>
                    ))}
                  </fieldset>
                ) : (
                  <Text size="sm" c="dimmed" mb="sm">
                    Aucun forfait : le montant est celui de la réponse de la mutuelle, ou celui que vous saisirez.
                  </Text>
                )}
                <ExigencesMutuelle mutuelle={mutuelle} type={type} />
              </>
            ) : (
              active && !une.error && <Loader size="sm" m="md" aria-label="Chargement" />
            )}
            <Erreur error={une.error} onRetry={() => void une.refetch()} />
          </section>
        </div>
      )}
      <Group justify="space-between" mt="sm" gap="sm">
        <Text size="xs" c="dimmed">
          ↑ ↓ dans la liste · → forfaits · Entrée choisit · Échap ferme
        </Text>
        <Group gap="xs">
          <Button variant="default" onClick={onClose}>
            Annuler
          </Button>
          <Button onClick={prendre} disabled={!active} loading={voulue !== null}>
            Choisir
          </Button>
        </Group>
      </Group>
    </>
  );
}
