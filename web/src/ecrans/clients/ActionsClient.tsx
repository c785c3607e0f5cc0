/** A person's data: given to her as a file, and erased. */
import { List, Modal, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "@/api/client";
import { saveFile } from "@/api/documents";
import { cles } from "@/api/requetes";
import type { Client } from "@/api/types";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { FinEffacement } from "@/composants/FinEffacement";
import type { BrouillonDossier } from "@/ecrans/dossier/ports";
import { useDossiersDuClient } from "@/ecrans/dossier/requetes";
import { personne, pluriel } from "@/format/format";
import { dropDrafts } from "@/session/brouillons";
import { mayManage, maySell, RESERVE_GERANT, RESERVE_OPTICIEN, useSession } from "@/session/contexte";

interface Props {
  client: Client;
  id: string;
  store: Enregistreur<Client>;
}

export function ActionsClient({ client, id, store }: Props) {
  const session = useSession();
  const [confirme, setConfirme] = useState(false);
  const [error, setError] = useState<unknown>(null);
  return (
    <>
      <Action
        variant="default"
        empeche={mayManage(session) ? null : RESERVE_GERANT}
        onClick={() => void saveFile(`/v1/clients/${id}/export`).then(() => announce("Export enregistré."), setError)}
      >
        Exporter
      </Action>
      <Action
        variant="default"
        c={maySell(session) ? "var(--mantine-color-error)" : undefined}
        empeche={maySell(session) ? null : RESERVE_OPTICIEN}
        onClick={() => setConfirme(true)}
      >
        Effacer…
      </Action>
      <Modal opened={error !== null} onClose={() => setError(null)} title="Exporter">
        <Erreur error={error} />
      </Modal>
      {confirme && <Effacement client={client} id={id} store={store} onClose={() => setConfirme(false)} />}
    </>
  );
}

function Effacement({ client, id, store, onClose }: Props & { onClose: () => void }) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const { data: dossiers = [] } = useDossiersDuClient(id);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const nom = personne(client);

  const erase = async () => {
    setBusy(true);
    setError(null);
    try {
      await unwrap(api.DELETE("/v1/clients/{id}", { params: { path: { id } } }));
      store.abandonner();
      dropDrafts("dossier:", (brouillon) => (brouillon as BrouillonDossier).etat.client_id === id);
      queries.removeQueries({ queryKey: cles.client(id) });
      queries.removeQueries({ queryKey: ["dossiers"] });
      void queries.invalidateQueries({ queryKey: ["demandes"] });
      announce(`La fiche de ${nom} est effacée.`);
      navigate("/clients", { replace: true });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  return (
    <Modal opened onClose={onClose} title={`Effacer ${nom} ?`}>
      <Stack gap="sm">
        <Text>Cela ne se défait pas. Partent :</Text>
        <List size="sm">
          <List.Item>la fiche, ses mutuelles et les numéros de ses cartes ;</List.Item>
          <List.Item>
            {dossiers.length > 0
              ? `ses dossiers (${dossiers.length >= 50 ? "50 ou plus" : pluriel(dossiers.length, "dossier")})`
              : "ses dossiers"}
            , prescriptions et consentements ;
          </List.Item>
          <List.Item>ce que ses demandes disent d'elle : messages, motifs, numéros de la mutuelle.</List.Item>
        </List>
        <Text size="sm">
          Restent, sans donnée personnelle : les demandes, leurs montants, les mouvements de crédits et le journal des accès.
        </Text>
        <FinEffacement error={error} encours={busy} onRenoncer={onClose} onEffacer={() => void erase()} />
      </Stack>
    </Modal>
  );
}
