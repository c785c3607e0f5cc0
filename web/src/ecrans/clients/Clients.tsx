/** « Clients et dossiers »: one field finds both; before anything is typed, the newest dossiers. What was searched stays out of the address. */
import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconPlus, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { api, unwrap } from "@/api/client";
import type { Client, Dossier } from "@/api/types";
import { Action } from "@/composants/Action";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import classes from "@/ecrans/dossier/dossier.module.css";
import { useDossiersRecents } from "@/ecrans/dossier/requetes";
import { pluriel } from "@/format/format";
import { dropDraft, keepDraft, RECHERCHE, readDraft } from "@/session/brouillons";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import { estGardable } from "./modele";
import { TableClients } from "./TableClients";
import { TableDossiers } from "./TableDossiers";

const BROUILLON = `${RECHERCHE}clients`;

/** Up and down go through the results, from the field on. */
function parResultats(event: KeyboardEvent<HTMLElement>) {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>("input[type=search], a[data-resultat]")];
  const index = all.indexOf(document.activeElement as HTMLElement);
  const to = index < 0 ? undefined : all[index + (event.key === "ArrowDown" ? 1 : -1)];
  if (!to) return;
  event.preventDefault();
  to.focus();
}

export default function Clients() {
  const [, navigate] = useLocation();
  const reserve = maySell(useSession()) ? null : RESERVE_OPTICIEN;
  const [texte, setTexte] = useState(() => readDraft<string>(BROUILLON) ?? "");
  const [q] = useDebouncedValue(texte.trim(), 200);
  const cherche = q.length >= 2;

  useEffect(() => {
    if (q && estGardable(q)) keepDraft(BROUILLON, q);
    else dropDraft(BROUILLON);
  }, [q]);

  const recherche = useQuery({
    queryKey: ["recherche", "clients", q],
    enabled: cherche,
    // A name or a number of a person stays nowhere.
    gcTime: 0,
    queryFn: async () => {
      const params = { params: { query: { limite: 20 } }, body: { q } };
      const [clients, dossiers] = await Promise.all([
        unwrap(api.POST("/v1/clients/recherche", params)),
        unwrap(api.POST("/v1/dossiers/recherche", params)),
      ]);
      return { clients: clients.clients as Client[], dossiers: dossiers.dossiers as Dossier[] };
    },
  });
  const clients = recherche.data?.clients ?? [];
  const dossiers = recherche.data?.dossiers ?? [];
  const premier = clients[0] ? `/clients/${clients[0].id}` : dossiers[0] ? `/dossiers/${dossiers[0].id}` : null;

  return (
    <Page
      titre="Clients et dossiers"
      actions={
        <>
          <Action
            variant="default"
            leftSection={<IconPlus size={16} aria-hidden />}
            empeche={reserve}
            onClick={() => navigate("/clients/nouveau")}
          >
            Nouveau client
          </Action>
          <Action leftSection={<IconPlus size={16} aria-hidden />} empeche={reserve} onClick={() => navigate("/dossiers/nouveau")}>
            Nouveau dossier
          </Action>
        </>
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the keys of the links inside, not a control */}
      <div onKeyDown={parResultats}>
        <TextInput
          type="search"
          size="md"
          mb="md"
          autoFocus
          autoComplete="off"
          label="Nom ou n° de sécurité sociale"
          description="Les noms se cherchent par leur début. Entrée ouvre le premier résultat, les flèches parcourent les autres."
          leftSection={<IconSearch size={18} aria-hidden />}
          value={texte}
          maxLength={100}
          onChange={(event) => setTexte(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && premier && q === texte.trim()) navigate(premier);
          }}
        />
        {cherche ? (
          <>
            <Erreur error={recherche.error} onRetry={() => void recherche.refetch()} />
            <p className="invisible" role="status">
              {recherche.data ? `${pluriel(clients.length, "client")}, ${pluriel(dossiers.length, "dossier")}` : ""}
            </p>
            {recherche.isPending && <Attente quoi="Recherche" />}
            {recherche.data && clients.length + dossiers.length === 0 && <Rien />}
            {clients.length > 0 && (
              <section className={classes.bloc} aria-labelledby="titre-clients">
                <h2 id="titre-clients">Clients</h2>
                <TableClients clients={clients} />
              </section>
            )}
            {dossiers.length > 0 && (
              <section className={classes.bloc} aria-labelledby="titre-dossiers">
                <h2 id="titre-dossiers">Dossiers</h2>
                <TableDossiers titre="Dossiers trouvés" dossiers={dossiers} avecPersonne />
              </section>
            )}
          </>
        ) : (
          <Recents />
        )}
      </div>
    </Page>
  );
}

function Rien() {
  return (
    <div className={classes.bloc}>
      <p style={{ marginBlockStart: 0 }}>Ni client ni dossier dont le nom commence ainsi.</p>
      <Button component={Link} href="/clients/nouveau" size="compact-sm" variant="light">
        Nouveau client
      </Button>
    </div>
  );
}

function Recents() {
  const { data, error, refetch } = useDossiersRecents();
  return (
    <section className={classes.bloc} aria-labelledby="titre-recents">
      <h2 id="titre-recents">Dossiers récents</h2>
      <Erreur error={error} onRetry={() => void refetch()} />
      {!data && !error && <Attente />}
      {data?.length === 0 && <p style={{ margin: 0 }}>Aucun dossier pour l'instant : « Nouveau dossier » crée le premier.</p>}
      {data && data.length > 0 && <TableDossiers titre="Dossiers récents" dossiers={data} avecPersonne />}
    </section>
  );
}
