/** The screen of one client, or of a new one. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useClient } from "@/api/requetes";
import type { Client } from "@/api/types";
import { Enregistreur } from "@/brouillon/enregistreur";
import { useCreation, useOuverture } from "@/brouillon/useOuverture";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { readDraft } from "@/session/brouillons";
import { Fiche } from "./Fiche";
import { clientVide } from "./modele";
import { type BrouillonClient, nomDuBrouillon, portsClient } from "./ports";

export default function FicheClient({ id }: { id: string }) {
  const { cle, onCree } = useOuverture(id);
  return <Ouverture key={cle} id={id} onCree={onCree} />;
}

function Ouverture({ id, onCree }: { id: string; onCree: (id: string) => void }) {
  const queries = useQueryClient();
  const nouveau = id === "nouveau";
  const { data: lu, error, refetch } = useClient(nouveau ? null : id);
  const cree = useCreation((recu) => `/clients/${recu}`, onCree);
  const [store, setStore] = useState<Enregistreur<Client> | null>(null);

  useEffect(() => {
    if (store && lu) store.adopter(lu);
  }, [store, lu]);

  if (!store && (nouveau || lu)) {
    const nom = nomDuBrouillon(id);
    setStore(new Enregistreur(portsClient(queries, nom, cree), lu ?? null, clientVide(), readDraft<BrouillonClient>(nom)));
  }
  if (store) return <Fiche store={store} />;
  return (
    <Page titre="Client">
      {error ? (
        <Erreur
          error={error}
          onRetry={() => void refetch()}
          lue={{ quoi: "Ce client", chemin: "/clients", mot: "Clients et dossiers", brouillon: nomDuBrouillon(id) }}
        />
      ) : (
        <Attente />
      )}
    </Page>
  );
}
