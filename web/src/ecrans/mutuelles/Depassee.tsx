/** A save that came after somebody else's (412): nothing was written, what was typed is kept, and the person decides which one stays. */
import { Alert, Button, Group } from "@mantine/core";
import { useEffect, useRef } from "react";

export function Depassee({ onReprendre, onRemplacer }: { onReprendre: () => void; onRemplacer: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.scrollIntoView({ block: "center" }), []);
  return (
    <Alert ref={place} color="orange" role="alert" mb="md" title="La fiche a changé entre-temps">
      Quelqu'un d'autre, ou vous dans un autre onglet, l'a modifiée depuis que vous l'avez ouverte. Rien n'a été enregistré ; votre saisie
      est gardée.
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={onReprendre}>
          Reprendre la fiche enregistrée (ma saisie est perdue)
        </Button>
        <Button size="xs" onClick={onRemplacer}>
          Enregistrer ma saisie à la place
        </Button>
      </Group>
    </Alert>
  );
}
