/** A refused save: every fault in words, each a link to its field. */
import { Alert, Anchor, List } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { Probleme } from "@/api/problemes";
import { fieldId } from "@/champs/pointeur";
import { Erreur } from "@/composants/Erreur";
import { nomDuChamp } from "./mots";

export function ChampsRefuses({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) place.current?.scrollIntoView({ block: "center" });
  }, [error]);
  if (!error) return null;
  const erreurs = error instanceof Probleme ? error.erreurs : [];
  if (!(error instanceof Probleme) || erreurs.length === 0)
    return (
      <div ref={place}>
        <Erreur error={error} onRetry={onRetry} />
      </div>
    );
  return (
    <Alert ref={place} color="red" role="alert" icon={<IconAlertCircle />} title={error.document.title} mb="md">
      {error.document.detail}
      <List size="sm" mt="xs">
        {erreurs.map(({ champ, code, message }) => (
          <List.Item key={`${champ}${code}`}>
            <Anchor
              href={`#${fieldId(champ)}`}
              inherit
              underline="always"
              onClick={(event) => {
                const field = document.getElementById(fieldId(champ));
                if (!field) return;
                event.preventDefault();
                field.focus();
                field.scrollIntoView({ block: "center" });
              }}
            >
              {nomDuChamp(champ)} : {message}
            </Anchor>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
