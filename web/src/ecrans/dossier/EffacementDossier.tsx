/** « Effacer… » : a dossier alone, with what its demandes hold about the person (a person without a file has the same right). */
import { Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "@/api/client";
import type { Dossier } from "@/api/types";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { FinEffacement } from "@/composants/FinEffacement";
import { usePresent } from "@/composants/usePresent";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";

interface Props {
  dossier: Dossier;
  store: Enregistreur<Dossier>;
}

export function EffacementDossier({ dossier, store }: Props) {
  const [ouvert, setOuvert] = useState(false);
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const present = usePresent();
  const effacement = useMutation({
    mutationFn: () => unwrap(api.DELETE("/v1/dossiers/{id}", { params: { path: { id: dossier.id } } })),
    onSuccess: () => {
      store.abandonner();
      queries.removeQueries({ queryKey: ["dossiers"] });
      void queries.invalidateQueries({ queryKey: ["demandes"] });
      announce("Le dossier est effacé.");
      if (present.current) navigate("/clients", { replace: true });
    },
  });
  const empeche = maySell(useSession()) ? null : RESERVE_OPTICIEN;

  return (
    <>
      <Action
        variant="default"
        c={empeche === null ? "var(--mantine-color-error)" : undefined}
        empeche={empeche}
        onClick={() => setOuvert(true)}
      >
        Effacer…
      </Action>
      <Modal opened={ouvert} onClose={() => setOuvert(false)} title="Effacer ce dossier ?">
        <Stack gap="sm">
          <Text>
            Cela ne se défait pas. Partent la prescription, les équipements, le consentement, et ce que les demandes de ce dossier disent de
            la personne. Restent, sans donnée personnelle : les demandes, leurs montants, les mouvements de crédits et le journal des accès.
          </Text>
          <FinEffacement
            error={effacement.error}
            encours={effacement.isPending}
            onRenoncer={() => setOuvert(false)}
            onEffacer={() => effacement.mutate()}
          />
        </Stack>
      </Modal>
    </>
  );
}
