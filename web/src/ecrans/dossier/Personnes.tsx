/** The person of the dossier, and who insures her where it is somebody else. */
import { Button, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api, unwrap, unwrapVersioned } from "@/api/client";
import type { Client, Dossier } from "@/api/types";
import { Choix, Entier, Jour, Nir, Texte } from "@/brouillon/ChampsLies";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { jour, personne } from "@/format/format";
import classes from "./dossier.module.css";
import { QUALITES } from "./libelles";
import { dossierDuClient } from "./modele";

interface Props {
  dossier: Dossier;
  store: Enregistreur<Dossier>;
  lecture: boolean;
}

export function Personnes({ dossier, store, lecture }: Props) {
  const changerQualite = (qualite: string | null) =>
    store.changer((etat) => ({
      ...etat,
      beneficiaire: { ...etat.beneficiaire, qualite: (qualite ?? "ASSURE") as Dossier["beneficiaire"]["qualite"] },
      assure: qualite === "ASSURE" ? (null as unknown as Dossier["assure"]) : etat.assure,
    }));
  return (
    <section className={classes.bloc} aria-labelledby="titre-personne">
      <h2 id="titre-personne">Client</h2>
      <div className={`${classes.champs} ${classes.personne}`}>
        <Texte p="/beneficiaire/nom" label="Nom" />
        <Texte p="/beneficiaire/prenom" label="Prénom" />
        <Jour p="/beneficiaire/date_naissance" label="Date de naissance" />
        <Nir p="/beneficiaire/nir" label="N° de sécurité sociale" />
        <Choix p="/beneficiaire/qualite" label="Qualité" mots={QUALITES} onChoix={changerQualite} />
        <Entier p="/beneficiaire/rang_gemellaire" label="Rang gémellaire" min={1} max={9} />
      </div>
      {!lecture && !dossier.client_id && <FichesConnues dossier={dossier} store={store} />}
      {dossier.beneficiaire.qualite !== "ASSURE" && (
        <>
          <h3>Assuré</h3>
          <div className={classes.champs}>
            <Texte p="/assure/nom" label="Nom de l'assuré" />
            <Texte p="/assure/prenom" label="Prénom de l'assuré" />
            <Jour p="/assure/date_naissance" label="Naissance de l'assuré" />
            <Nir p="/assure/nir" label="N° de sécurité sociale de l'assuré" />
          </div>
        </>
      )}
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
  const memes = clients.filter((client) => !prenom || client.prenom?.toLocaleUpperCase("fr").startsWith(prenom.toLocaleUpperCase("fr")));
  if (memes.length === 0) return null;

  const reprendre = async (id: string) => {
    const { value } = await unwrapVersioned<Client>(api.GET("/v1/clients/{id}", { params: { path: { id } } }));
    store.changer((etat) => {
      const { client_id, beneficiaire, assure, tiers_payant } = dossierDuClient(value, etat.date);
      return { ...etat, client_id, beneficiaire, assure, tiers_payant: etat.tiers_payant.mutuelle_id ? etat.tiers_payant : tiers_payant };
    });
  };
  return (
    <Group gap="xs" mt="xs">
      <Text size="sm" component="span">
        Déjà client ?
      </Text>
      {memes.map((client) => (
        <Button key={client.id} size="compact-sm" variant="light" onClick={() => void reprendre(client.id).catch(() => undefined)}>
          Reprendre {personne(client)}
          {client.date_naissance && `, ${jour(client.date_naissance)}`}
        </Button>
      ))}
    </Group>
  );
}
