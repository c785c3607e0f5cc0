/** A refused save: every fault in words, each a link to its field. */
import { Alert, Anchor, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { Probleme } from "@/api/problemes";
import { fieldId } from "@/champs/pointeur";
import { Erreur } from "@/composants/Erreur";

export function ChampsRefuses({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (!(error instanceof Probleme) || error.erreurs.length === 0) return <Erreur error={error} onRetry={onRetry} />;
  return (
    <Alert color="red" role="alert" icon={<IconAlertCircle />} title={error.document.title} mb="md">
      {error.document.detail}
      <List size="sm" mt="xs">
        {error.erreurs.map(({ champ, code, message }) => (
          <List.Item key={`${champ}${code}`}>
            <Anchor
              href={`#${fieldId(champ)}`}
              inherit
              onClick={(event) => {
                const field = document.getElementById(fieldId(champ));
                if (!field) return;
                event.preventDefault();
                field.focus();
                field.scrollIntoView({ block: "center" });
              }}
            >
              {message}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
