/** The end of a dialog that erases: why it was refused, the demande that stands in its way, and the two ways out. */
import { Anchor, Button, Group } from "@mantine/core";
import { Link } from "wouter";
import { Probleme } from "@/api/problemes";
import { Erreur } from "./Erreur";

interface Props {
  error: unknown;
  encours: boolean;
  onRenoncer: () => void;
  onEffacer: () => void;
}

export function FinEffacement({ error, encours, onRenoncer, onEffacer }: Props) {
  const demande = error instanceof Probleme && error.is("equipement-engage") ? error.document.demande_id : null;
  return (
    <>
      <Erreur error={error} />
      {demande && (
        <Anchor component={Link} size="sm" href={`/demandes/${demande}`}>
          Voir la demande en cours
        </Anchor>
      )}
      <Group justify="end">
        <Button variant="default" data-autofocus onClick={onRenoncer}>
          Ne pas effacer
        </Button>
        <Button color="red" loading={encours} onClick={onEffacer}>
          Effacer définitivement
        </Button>
      </Group>
    </>
  );
}
