/** A failure in words, with what can be done about it. */
import { Alert, Button, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { inWords, Probleme, SessionTerminee } from "@/api/problemes";

export function Erreur({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (!error || error instanceof SessionTerminee) return null;
  const { titre, detail, reference } = inWords(error);
  const erreurs = error instanceof Probleme ? error.erreurs : [];
  return (
    <Alert color="red" role="alert" icon={<IconAlertCircle />} title={titre} my="sm">
      {detail}
      {erreurs.length > 0 && (
        <List size="sm" mt="xs">
          {erreurs.map(({ champ, code, message }) => (
            <List.Item key={`${champ}${code}${message}`}>{message}</List.Item>
          ))}
        </List>
      )}
      {reference && <p>Référence à donner au support : {reference}</p>}
      {onRetry && (
        <Button mt="sm" size="xs" variant="default" onClick={onRetry}>
          Réessayer
        </Button>
      )}
    </Alert>
  );
}
