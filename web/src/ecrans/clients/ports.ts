/** How clients are read, written and kept. */
import type { QueryClient } from "@tanstack/react-query";
import { api, newKey, unwrapVersioned } from "@/api/client";
import { maintenant } from "@/api/horloge";
import { cles } from "@/api/requetes";
import type { Client, Envoi } from "@/api/types";
import type { Brouillon, Ports } from "@/brouillon/enregistreur";
import { dropDraft, keepDraft } from "@/session/brouillons";

export type BrouillonClient = Brouillon<Client>;
export const nomDuBrouillon = (id: string): string => `client:${id}`;

export const portsClient = (client: QueryClient, nom: string, onCree: (id: string) => void): Ports<Client> => ({
  creer: (corps, cle) =>
    unwrapVersioned<Client>(api.POST("/v1/clients", { params: { header: { "Idempotency-Key": cle } }, body: corps as Envoi<"ClientDto"> })),
  modifier: (etat, avant) =>
    unwrapVersioned<Client>(
      api.PUT("/v1/clients/{id}", { params: { path: { id: avant.value.id }, header: { "If-Match": avant.etag } }, body: etat }),
    ),
  lire: (avant) => unwrapVersioned<Client>(api.GET("/v1/clients/{id}", { params: { path: { id: avant.value.id } } })),
  corpsDeCreation: (etat) => (etat.nom ? etat : null),
  apparier: (etat) => etat,
  version: ({ version }) => version,
  garder: (brouillon, enregistre) => {
    if (enregistre) dropDraft(nom);
    const present = enregistre ? nomDuBrouillon(enregistre.value.id) : nom;
    if (brouillon) keepDraft(present, brouillon);
    else dropDraft(present);
  },
  onEnregistre: (recu, cree) => {
    client.setQueryData(cles.client(recu.value.id), recu);
    if (cree) onCree(recu.value.id);
  },
  cle: newKey,
  maintenant,
});
