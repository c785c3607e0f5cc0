/** The screen of one dossier, or of a new one. A new dossier that was just created stays on the screen as it is: only its address changes. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useLocation, useSearchParams } from "wouter";
import { maintenant } from "@/api/horloge";
import { useClient, useDossier } from "@/api/requetes";
import type { Dossier } from "@/api/types";
import { Enregistreur } from "@/brouillon/enregistreur";
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
  const adresse = id === "nouveau" ? `nouveau ${client ?? ""}` : id;
  const [ouvert, setOuvert] = useState<{ adresse: string; cree: string | null; cle: number }>({ adresse, cree: null, cle: 0 });
  if (adresse !== ouvert.adresse) setOuvert({ adresse, cree: null, cle: adresse === ouvert.cree ? ouvert.cle : ouvert.cle + 1 });
  return <Ouverture key={ouvert.cle} id={id} client={client} onCree={(cree) => flushSync(() => setOuvert((o) => ({ ...o, cree })))} />;
}

function Ouverture({ id, client, onCree }: { id: string; client: string | null; onCree: (id: string) => void }) {
  const queries = useQueryClient();
  const [, navigate] = useLocation();
  const nouveau = id === "nouveau";
  const { data: lu, error, refetch } = useDossier(nouveau ? null : id);
  const fiche = useClient(nouveau ? client : null);
  const [store, setStore] = useState<Enregistreur<Dossier> | null>(null);
  const present = useRef(false);
  const cree = useRef<(id: string) => void>(() => undefined);
  cree.current = (recu) => {
    // Whoever went elsewhere meanwhile is not called back.
    if (!present.current) return;
    const params = new URLSearchParams(location.search);
    params.delete("client");
    onCree(recu);
    navigate(`/dossiers/${recu}${params.size ? `?${params}` : ""}`, { replace: true });
  };

  useEffect(() => {
    present.current = true;
    return () => {
      present.current = false;
    };
  }, []);

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
    const nom = nomDuBrouillon(id, client);
    const ports = portsDossier(queries, nom, vide, (recu) => cree.current(recu));
    setStore(new Enregistreur(ports, lu ?? null, vide, readDraft<BrouillonDossier>(nom)));
  }

  if (store) return <Formulaire store={store} />;
  return (
    <Page titre={nouveau ? "Nouveau dossier" : "Dossier"}>
      {error || fiche.error ? (
        <Erreur error={error ?? fiche.error} onRetry={() => void (nouveau ? fiche.refetch() : refetch())} />
      ) : (
        <Attente />
      )}
    </Page>
  );
}
