/** The person of the dossier, typed or taken from her file. */
import { Button, Group, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap, unwrapVersioned } from "@/api/client";
import type { Client, Dossier } from "@/api/types";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { Erreur } from "@/composants/Erreur";
import { jour, personne } from "@/format/format";
import { ChampsPersonne } from "./ChampsPersonne";
import classes from "./dossier.module.css";
import { dossierDuClient } from "./modele";

interface Props {
  dossier: Dossier;
  store: Enregistreur<Dossier>;
  lecture: boolean;
}

export function Personnes({ dossier, store, lecture }: Props) {
  return (
    <section className={classes.bloc} aria-labelledby="titre-personne">
      <h2 id="titre-personne">Client</h2>
      <ChampsPersonne store={store} etat={dossier} p="/beneficiaire">
        {!lecture && !dossier.client_id && <FichesConnues dossier={dossier} store={store} />}
      </ChampsPersonne>
    </section>
  );
}

/** The clients of that name: what stands in a file is not typed again. */
function FichesConnues({ dossier, store }: Pick<Props, "dossier" | "store">) {
  const { prenom } = dossier.beneficiaire;
  // A field that was emptied holds nothing, though a saved dossier always has a name.
  const nom = dossier.beneficiaire.nom || "";
  const { data: clients = [] } = useQuery({
    queryKey: ["recherche", "fiches", nom],
    enabled: nom.length >= 2,
    // A name that was searched stays nowhere.
    gcTime: 0,
    queryFn: async () => {
      const found = await unwrap(api.POST("/v1/clients/recherche", { params: { query: { limite: 5 } }, body: { q: nom } }));
      return found.clients as Client[];
    },
  });
  const reprise = useMutation({
    mutationFn: (id: string) => unwrapVersioned<Client>(api.GET("/v1/clients/{id}", { params: { path: { id } } })),
    onSuccess: ({ value }) =>
      store.changer((etat) => {
        const { client_id, beneficiaire, assure, tiers_payant } = dossierDuClient(value, etat.date);
        return { ...etat, client_id, beneficiaire, assure, tiers_payant: etat.tiers_payant.mutuelle_id ? etat.tiers_payant : tiers_payant };
      }),
  });
  const memes = clients.filter((client) => !prenom || client.prenom?.toLocaleUpperCase("fr").startsWith(prenom.toLocaleUpperCase("fr")));
  if (memes.length === 0) return null;

  return (
    <>
      <Group gap="xs" mt="xs">
        <Text size="sm" component="span">
          Déjà client ?
        </Text>
        {memes.map((client) => (
          <Button key={client.id} size="compact-sm" variant="light" onClick={() => reprise.mutate(client.id)}>
            Reprendre {personne(client)}
            {client.date_naissance && `, ${jour(client.date_naissance)}`}
          </Button>
        ))}
      </Group>
      <Erreur error={reprise.error} onRetry={() => reprise.variables && reprise.mutate(reprise.variables)} />
    </>
  );
}
