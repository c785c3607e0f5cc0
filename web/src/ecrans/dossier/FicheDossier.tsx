/** The screen of one dossier, or of a new one (for a client where the address names one). */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useSearchParams } from "wouter";
import { maintenant } from "@/api/horloge";
import { useClient, useDossier } from "@/api/requetes";
import type { Dossier } from "@/api/types";
import { Enregistreur } from "@/brouillon/enregistreur";
import { useCreation, useOuverture } from "@/brouillon/useOuverture";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { dateParis } from "@/format/format";
import { readDraft } from "@/session/brouillons";
import { Formulaire } from "./Formulaire";
import { dossierDuClient, dossierVide } from "./modele";
import { type BrouillonDossier, nomDuBrouillon, portsDossier } from "./ports";

export default function FicheDossier({ id }: { id: string }) {
  const [params] = useSearchParams();
  const client = params.get("client");
  const { cle, onCree } = useOuverture(id === "nouveau" ? `nouveau ${client ?? ""}` : id);
  return <Ouverture key={cle} id={id} client={client} onCree={onCree} />;
}

function Ouverture({ id, client, onCree }: { id: string; client: string | null; onCree: (id: string) => void }) {
  const queries = useQueryClient();
  const nouveau = id === "nouveau";
  const nom = nomDuBrouillon(id, client);
  const { data: lu, error, refetch } = useDossier(nouveau ? null : id);
  const fiche = useClient(nouveau ? client : null);
  const cree = useCreation((recu) => `/dossiers/${recu}`, onCree);
  const [store, setStore] = useState<Enregistreur<Dossier> | null>(null);

  // What is known may be old; an unchanged dossier answers 304 and shows nobody's number again.
  useEffect(() => {
    if (!nouveau) void refetch({ cancelRefetch: false });
  }, [nouveau, refetch]);

  useEffect(() => {
    if (store && lu) store.adopter(lu);
  }, [store, lu]);

  if (!store && (nouveau ? client === null || fiche.data : lu)) {
    const jour = dateParis(new Date(maintenant()));
    const vide = fiche.data ? dossierDuClient(fiche.data.value, jour) : dossierVide(jour);
    setStore(new Enregistreur(portsDossier(queries, nom, vide, cree), lu ?? null, vide, readDraft<BrouillonDossier>(nom)));
  }

  if (store) return <Formulaire store={store} />;
  const echec = error ?? fiche.error;
  return (
    <Page titre={nouveau ? "Nouveau dossier" : "Dossier"}>
      {echec ? (
        <Erreur
          error={echec}
          onRetry={() => void (nouveau ? fiche.refetch() : refetch())}
          lue={{ quoi: nouveau ? "Ce client" : "Ce dossier", chemin: "/clients", mot: "Clients et dossiers", brouillon: nom }}
        />
      ) : (
        <Attente />
      )}
    </Page>
  );
}
