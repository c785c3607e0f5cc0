/** A failure in words, with what can be done about it. */
import { Alert, Button, Group, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect } from "react";
import { Link } from "wouter";
import { inWords, Probleme, SessionTerminee } from "@/api/problemes";
import { dropDraft } from "@/session/brouillons";

interface Props {
  error: unknown;
  onRetry?: () => void;
  /** What trying again does, where that is to be known before. */
  retry?: string;
  /** What was asked for, and where to go on if it does not exist: no retry brings it, and no screen could show its draft. */
  lue?: { quoi: string; chemin: string; mot: string; brouillon: string };
}

export function Erreur({ error, onRetry, retry, lue }: Props) {
  const absent = error instanceof Probleme && error.status === 404;
  // What its state forbids stays forbidden, unless the server said when to ask again.
  const definitif = absent || (error instanceof Probleme && error.status === 409 && error.attente === null);
  const perdu = absent ? lue?.brouillon : undefined;
  useEffect(() => {
    if (perdu !== undefined) dropDraft(perdu);
  }, [perdu]);
  if (!error || error instanceof SessionTerminee) return null;
  const { titre, detail, reference } = inWords(error);
  const erreurs = error instanceof Probleme ? error.erreurs : [];
  return (
    <Alert color="red" role="alert" icon={<IconAlertCircle />} title={titre} my="sm">
      {absent && lue ? `${lue.quoi} n'existe pas, n'existe plus ou appartient à un autre magasin.` : detail}
      {erreurs.length > 0 && (
        <List size="sm" mt="xs">
          {erreurs.map(({ champ, code, message }) => (
            <List.Item key={`${champ}${code}${message}`}>{message}</List.Item>
          ))}
        </List>
      )}
      {reference && <p>Référence à donner au support : {reference}</p>}
      {onRetry && !definitif && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Réessayer
          </Button>
          {retry}
        </Group>
      )}
      {lue && absent && <Ailleurs {...lue} />}
    </Alert>
  );
}

const Ailleurs = ({ chemin, mot }: NonNullable<Props["lue"]>) => (
  <Group mt="sm">
    <Button component={Link} href={chemin} size="xs" variant="default">
      {mot}
    </Button>
  </Group>
);
