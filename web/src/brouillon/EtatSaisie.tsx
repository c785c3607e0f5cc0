/** How it stands with what was typed: saved, on its way, not saved and why, brought back, or changed by somebody else meanwhile. */
import { Alert, Anchor, Button, Group, List, Text } from "@mantine/core";
import { IconAlertCircle, IconCloudCheck, IconCloudOff, IconCloudUpload } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef } from "react";
import { inWords, SessionTerminee } from "@/api/problemes";
import { instant, jour } from "@/format/format";
import type { Enregistreur, Vue } from "./enregistreur";

const heure = (le: number): string => instant(new Date(le).toISOString()).slice(-5);

/** The place of what {@link AlertesSaisie} says. */
const ALERTES = "alertes-saisie";

function montrerAlertes(): void {
  const alertes = document.getElementById(ALERTES);
  alertes?.focus({ preventScroll: true });
  alertes?.scrollIntoView?.({ block: "start" });
}

/** The line under the title, always in view; announced when it changes. Trouble leads to what explains it. */
export function LigneEtat<T>({ vue, attente }: { vue: Vue<T>; attente: string }) {
  const nonLu = vue.phase === "calme" && vue.illisibles.length > 0;
  const echec = vue.phase === "echec" || vue.phase === "conflit" || nonLu;
  const Icone = echec ? IconCloudOff : vue.phase === "calme" ? IconCloudCheck : IconCloudUpload;
  return (
    <Text component="div" size="sm" c={echec ? "var(--mantine-color-error)" : "dimmed"} fw={echec ? 600 : undefined}>
      <Group gap={6} wrap="nowrap" align="center">
        <Icone size={16} aria-hidden style={{ flexShrink: 0 }} />
        <span role="status">{nonLu ? NON_LU : mots(vue, attente)}</span>
        {vue.fautes.length + vue.illisibles.length + vue.conflits.length > 0 && (
          <Anchor
            component="button"
            type="button"
            size="sm"
            mih={24}
            aria-label="Voir ce qui empêche d'enregistrer"
            onClick={montrerAlertes}
          >
            Voir
          </Anchor>
        )}
      </Group>
    </Text>
  );
}

const NON_LU = "Non enregistré : une saisie est à corriger.";

function mots<T>(vue: Vue<T>, attente: string): string {
  switch (vue.phase) {
    case "calme":
      if (vue.enregistreLe !== null) return `Enregistré à ${heure(vue.enregistreLe)}`;
      return vue.base ? "Enregistré" : attente;
    case "modifie":
      return vue.base ? "Enregistrement…" : attente;
    case "envoi":
      return "Enregistrement…";
    case "conflit":
      return "Non enregistré : quelqu'un d'autre a modifié la même chose.";
    case "echec":
      return vue.erreur instanceof SessionTerminee ? "Non enregistré : session terminée" : `Non enregistré : ${inWords(vue.erreur).detail}`;
  }
}

const dire = (valeur: unknown): string => {
  if (valeur === null || valeur === undefined || valeur === "") return "(vide)";
  if (typeof valeur === "boolean") return valeur ? "oui" : "non";
  if (typeof valeur === "string") return /^\d{4}-\d\d-\d\d$/.test(valeur) ? jour(valeur) : valeur;
  return typeof valeur === "number" ? String(valeur) : "(plusieurs champs)";
};

interface Props<T extends object> {
  vue: Vue<T>;
  store: Enregistreur<T>;
  /** What a field is called. */
  motDuChamp: (pointeur: string) => string;
  onChamp: (pointeur: string) => void;
  /** What is shown instead of the sentences of some failures. */
  explique?: (erreur: unknown) => ReactNode;
}

/** What needs the person: the faults, each with a link to its field; a draft that came back; fields that two people changed. */
export function AlertesSaisie<T extends object>({ vue, store, motDuChamp, onChamp, explique }: Props<T>) {
  const { repris } = vue;
  const enregistre = vue.phase === "calme" && vue.illisibles.length === 0;
  const revenu = useRef(false);
  useEffect(() => {
    // What came back was saved since: what is typed now is something else.
    if (repris && revenu.current && !enregistre) store.vu();
    revenu.current = repris && enregistre;
  }, [repris, enregistre, store]);
  const speciale = vue.phase === "echec" ? explique?.(vue.erreur) : null;
  const lien = (champ: string) => (
    <Anchor component="button" type="button" size="sm" onClick={() => onChamp(champ)}>
      {motDuChamp(champ)}
    </Anchor>
  );
  const reference = vue.phase === "echec" && !(vue.erreur instanceof SessionTerminee) ? inWords(vue.erreur).reference : null;
  return (
    <div id={ALERTES} tabIndex={-1} style={{ outline: "none" }}>
      {repris && (
        <Alert
          color="cyan"
          my="xs"
          role="status"
          title="Votre saisie est revenue"
          withCloseButton
          closeButtonLabel="Fermer"
          onClose={store.vu}
        >
          <Group gap="sm">
            {enregistre
              ? "Ce que vous aviez tapé a été repris, et est enregistré."
              : "Ce que vous aviez tapé n'était pas encore enregistré : le voici."}
            {!enregistre && (
              <Button size="compact-sm" variant="default" onClick={store.abandonner}>
                Abandonner cette saisie
              </Button>
            )}
          </Group>
        </Alert>
      )}
      {vue.fautes.length + vue.illisibles.length > 0 && (
        <Alert color="red" my="xs" role="alert" icon={<IconAlertCircle aria-hidden />} title="À corriger pour enregistrer">
          <List size="sm">
            {vue.fautes.map(({ champ, code, message }) => (
              <List.Item key={champ + code}>
                {lien(champ)} : {message}
              </List.Item>
            ))}
            {vue.illisibles.map(({ pointeur, texte, erreur }) => (
              <List.Item key={pointeur}>
                {lien(pointeur)} : « {texte} » n'a pas été compris. {erreur}{" "}
                <Button
                  size="compact-xs"
                  variant="default"
                  aria-label={`Oublier « ${texte} »`}
                  onClick={() => store.signaler(pointeur, null)}
                >
                  Oublier
                </Button>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {speciale}
      {reference && (
        <Text size="sm" c="dimmed">
          Référence à donner au support : {reference}
        </Text>
      )}
      {vue.conflits.length > 0 && (
        <Alert color="orange" my="xs" role="alert" title="Quelqu'un d'autre a modifié la même chose">
          <List size="sm" listStyleType="none">
            {vue.conflits.map(({ pointeur, mien, autre }) => (
              <List.Item key={pointeur} mb={4}>
                <Group gap="xs">
                  <strong>{motDuChamp(pointeur)}</strong>
                  <Button size="compact-sm" variant="default" onClick={() => store.trancher(pointeur, false)}>
                    Garder ma saisie : {dire(mien)}
                  </Button>
                  <Button size="compact-sm" variant="default" onClick={() => store.trancher(pointeur, true)}>
                    Prendre l'autre : {dire(autre)}
                  </Button>
                </Group>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </div>
  );
}
