/** One demande on a page of its own, whose address can be sent to a colleague. */
import { Button } from "@mantine/core";
import { Link, useLocation } from "wouter";
import { useDemande, useDossier } from "@/api/requetes";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { personne } from "@/format/format";
import { nomDuBrouillon } from "./Actions";
import { nomDemande } from "./mots";
import { cheminDuDossier } from "./suivi";
import { VueDemande } from "./VueDemande";

export default function FicheDemande({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const lue = useDemande(id);
  const demande = lue.data?.value;
  const dossier = useDossier(demande && !demande.effacee_le ? demande.dossier_id : null);

  if (!demande) {
    return (
      <Page titre="Demande">
        {lue.error ? (
          <Erreur
            error={lue.error}
            onRetry={() => void lue.refetch()}
            lue={{ quoi: "Cette demande", chemin: "/", mot: "Liste de travail", brouillon: nomDuBrouillon(id) }}
          />
        ) : (
          <Attente quoi="Chargement de la demande" />
        )}
      </Page>
    );
  }
  const qui = personne(demande.beneficiaire);
  return (
    <Page
      titre={qui ? `${nomDemande(demande)} · ${qui}` : nomDemande(demande)}
      actions={
        !demande.effacee_le && (
          <Button component={Link} href={cheminDuDossier(demande.dossier_id, demande.equipement)} variant="default" size="xs">
            Ouvrir le dossier
          </Button>
        )
      }
    >
      <Erreur error={lue.error} onRetry={() => void lue.refetch()} />
      <VueDemande demande={demande} dossier={dossier.data} onNouvelle={({ id: autre }) => navigate(`/demandes/${autre}`)} />
    </Page>
  );
}
