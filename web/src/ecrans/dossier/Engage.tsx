/** An equipment that a demande holds: why it cannot be changed, and the way to the demande. */
import { Alert, Anchor, Button, Group } from "@mantine/core";
import { IconLock } from "@tabler/icons-react";
import { Link } from "wouter";
import { Probleme } from "@/api/problemes";
import type { Demande, Dossier } from "@/api/types";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { Etat } from "@/composants/Etat";
import { laDemande, pourModifier } from "@/ecrans/demande/mots";
import { useSession } from "@/session/contexte";

/** Shown over an equipment that is frozen. */
export function Fige({ demande }: { demande: Demande | undefined }) {
  const session = useSession();
  if (!demande) return null;
  return (
    <Alert color="gray" my="xs" p="xs" icon={<IconLock aria-hidden />}>
      <Group gap="xs">
        <span>Cet équipement ne change plus : {laDemande(demande)} porte sur lui.</span>
        <Etat etat={demande.etat} />
        <Anchor component={Link} size="sm" href={`/demandes/${demande.id}`}>
          Voir la demande
        </Anchor>
        <span>{pourModifier(demande, session)}</span>
      </Group>
    </Alert>
  );
}

/** Shown when a change of a frozen equipment was refused. */
export function EquipementEngage({ erreur, store }: { erreur: unknown; store: Enregistreur<Dossier> }) {
  if (!(erreur instanceof Probleme) || !erreur.is("equipement-engage")) return null;
  const { demande_id } = erreur.document;
  const revenir = () => store.changer((etat) => ({ ...etat, equipements: store.instantane().base?.value.equipements ?? etat.equipements }));
  return (
    <Alert color="red" my="xs" role="alert" icon={<IconLock aria-hidden />} title="Un équipement a une demande en cours">
      {erreur.message}
      <Group gap="sm" mt="xs">
        {demande_id && (
          <Anchor component={Link} size="sm" href={`/demandes/${demande_id}`}>
            Voir la demande
          </Anchor>
        )}
        <Button size="compact-sm" variant="default" onClick={revenir}>
          Revenir aux équipements enregistrés
        </Button>
      </Group>
    </Alert>
  );
}
