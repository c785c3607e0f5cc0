/** How dossiers are read, written and kept. */
import type { QueryClient } from "@tanstack/react-query";
import { api, newKey, unwrapVersioned, type Versioned } from "@/api/client";
import { maintenant } from "@/api/horloge";
import { cles } from "@/api/requetes";
import type { Dossier, Envoi } from "@/api/types";
import type { Brouillon, Ports } from "@/brouillon/enregistreur";
import { dropDraft, keepDraft } from "@/session/brouillons";
import { apparier, corpsDeCreation, corpsDeModification } from "./modele";

/** The name of a draft: of a dossier, or of the one that is being made (for a client, or for nobody yet). */
export const nomDuBrouillon = (id: string, client: string | null): string =>
  `dossier:${id}${id === "nouveau" && client ? `:${client}` : ""}`;

export type BrouillonDossier = Brouillon<Dossier>;

/** What a write of a dossier may have changed elsewhere is read again. */
function apresDossier(client: QueryClient, recu: Versioned<Dossier>): void {
  client.setQueryData(cles.dossier(recu.value.id), recu);
  void client.invalidateQueries({ queryKey: cles.dossiersRecents });
  void client.invalidateQueries({ queryKey: ["dossiers", "verification", recu.value.id] });
  if (recu.value.client_id) void client.invalidateQueries({ queryKey: cles.dossiersDuClient(recu.value.client_id) });
}

export function portsDossier(client: QueryClient, nomNouveau: string, depart: Dossier, onCree: (id: string) => void): Ports<Dossier> {
  return {
    creer: (corps, cle) =>
      unwrapVersioned<Dossier>(
        api.POST("/v1/dossiers", { params: { header: { "Idempotency-Key": cle } }, body: corps as Envoi<"DossierDto"> }),
      ),
    modifier: (etat, avant) =>
      unwrapVersioned<Dossier>(
        api.PUT("/v1/dossiers/{id}", {
          params: { path: { id: avant.value.id }, header: { "If-Match": avant.etag } },
          body: corpsDeModification(etat),
        }),
      ),
    lire: (avant) => unwrapVersioned<Dossier>(api.GET("/v1/dossiers/{id}", { params: { path: { id: avant.value.id } } })),
    corpsDeCreation: (etat) => corpsDeCreation(etat, depart),
    apparier,
    version: ({ version }) => version,
    garder: (brouillon, enregistre) => {
      const nom = enregistre ? nomDuBrouillon(enregistre.value.id, null) : nomNouveau;
      if (enregistre) dropDraft(nomNouveau);
      if (brouillon) keepDraft(nom, brouillon);
      else dropDraft(nom);
    },
    onEnregistre: (recu, cree) => {
      apresDossier(client, recu);
      if (cree) onCree(recu.value.id);
    },
    cle: newKey,
    maintenant,
  };
}
