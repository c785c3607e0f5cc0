/** A save that came after somebody else's (412): nothing was written, what was typed is kept, and the person decides which one stays. */
import { Alert, Button, Group } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { Erreur } from "@/composants/Erreur";

export function Depassee({ onReprendre, onRemplacer }: { onReprendre: () => Promise<void>; onRemplacer: () => Promise<void> }) {
  const place = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    place.current?.scrollIntoView({ block: "center" });
  }, []);
  const essayer = (quoi: () => Promise<void>) => {
    setError(null);
    quoi().catch(setError);
  };
  return (
    <Alert ref={place} color="orange" role="alert" mb="md" title="La fiche a changé entre-temps">
      Quelqu'un d'autre, ou vous dans un autre onglet, l'a modifiée depuis que vous l'avez ouverte. Rien n'a été enregistré ; votre saisie
      est gardée.
      <Group gap="xs" mt="sm">
        <Button size="xs" variant="default" onClick={() => essayer(onReprendre)}>
          Reprendre la fiche enregistrée (ma saisie est perdue)
        </Button>
        <Button size="xs" onClick={() => essayer(onRemplacer)}>
          Enregistrer ma saisie à la place
        </Button>
      </Group>
      <Erreur error={error} />
    </Alert>
  );
}
