/** The list of the mutuelles (Winoptics, « Table › Mutuelles »): search, download of the conventions, import, export. */
import { Alert, Anchor, Button, NativeSelect, Table, Text, TextInput } from "@mantine/core";
import { IconDownload, IconFileExport, IconFileImport, IconPlus, IconSearch } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useRef, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { saveFile } from "@/api/documents";
import { useIndexMutuelles } from "@/api/requetes";
import type { Pec as TypePec } from "@/api/types";
import { useRaccourcis } from "@/cadre/raccourcis";
import { Action } from "@/composants/Action";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { nombre, pluriel } from "@/format/format";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import { LignesRejetees } from "./LignesRejetees";
import classes from "./Mutuelles.module.css";
import { Pec } from "./Pec";
import { rapportEnMots } from "./rapport";
import { chercher, indexDe } from "./recherche";
import { useTelechargement } from "./useTelechargement";

const PAS = 100;
const FILTRES = [
  { value: "", label: "Toutes" },
  { value: "OPT_LEN", label: "OPT/LEN" },
  { value: "OPT", label: "OPT" },
  { value: "NON", label: "Non" },
];
const estPec = (texte: string | null): texte is TypePec => texte === "OPT_LEN" || texte === "OPT" || texte === "NON";

export default function Mutuelles() {
  const gerant = mayManage(useSession());
  const empeche = gerant ? null : RESERVE_GERANT;
  const [, navigate] = useLocation();
  const [params, setParams] = useSearchParams();
  const { data, error, isPending, refetch } = useIndexMutuelles();
  const [montrees, setMontrees] = useState(PAS);
  const champ = useRef<HTMLInputElement>(null);

  const q = params.get("q") ?? "";
  const pec = params.get("pec");
  const filtre = estPec(pec) ? pec : null;
  const poser = (nom: string, valeur: string) => {
    setMontrees(PAS);
    setParams(
      (avant) => {
        const next = new URLSearchParams(avant);
        if (valeur) next.set(nom, valeur);
        else next.delete(nom);
        return next;
      },
      { replace: true },
    );
  };

  const telechargement = useTelechargement();
  const exportation = useMutation({ mutationFn: () => saveFile("/v1/mutuelles/export") });
  const telecharger = () => !telechargement.isPending && telechargement.mutate();

  useRaccourcis([
    { touche: "F4", quoi: "Nouvelle mutuelle", action: () => gerant && navigate("/mutuelles/nouvelle") },
    { touche: "/", quoi: "Chercher une mutuelle", action: () => champ.current?.focus() },
  ]);

  const toutes = data?.value.mutuelles;
  const trouvees = useMemo(() => (toutes ? chercher(indexDe(toutes), q, filtre) : []), [toutes, q, filtre]);
  const affichees = trouvees.slice(0, montrees);

  return (
    <Page
      titre="Mutuelles"
      actions={
        <>
          <Action
            empeche={empeche}
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            loading={telechargement.isPending}
            onClick={telecharger}
          >
            Télécharger
          </Action>
          <Action
            empeche={empeche}
            variant="default"
            leftSection={<IconFileImport size={16} aria-hidden />}
            onClick={() => navigate("/mutuelles/import")}
          >
            Importer…
          </Action>
          <Button
            variant="default"
            leftSection={<IconFileExport size={16} aria-hidden />}
            loading={exportation.isPending}
            onClick={() => exportation.mutate()}
          >
            Exporter
          </Button>
          <Action empeche={empeche} leftSection={<IconPlus size={16} aria-hidden />} onClick={() => navigate("/mutuelles/nouvelle")}>
            Nouvelle mutuelle
          </Action>
        </>
      }
    >
      <Erreur error={telechargement.error} onRetry={telecharger} />
      <Erreur error={exportation.error} onRetry={() => exportation.mutate()} />
      <div role="status">
        {telechargement.data && (
          <Alert
            color={telechargement.data.rejetees_total > 0 ? "orange" : "green"}
            title="Conventions téléchargées"
            withCloseButton
            closeButtonLabel="Fermer"
            onClose={() => telechargement.reset()}
            mb="md"
          >
            {capitale(rapportEnMots(telechargement.data))}.
            <LignesRejetees rapport={telechargement.data} />
          </Alert>
        )}
      </div>
      <div className={classes.filtres}>
        <TextInput
          ref={champ}
          label="Nom, plateau ou identifiant"
          className={classes.champ}
          leftSection={<IconSearch size={16} aria-hidden />}
          value={q}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => poser("q", event.currentTarget.value)}
          onKeyDown={(event) => {
            const premiere = affichees[0];
            if (event.key === "Enter" && q && premiere) navigate(`/mutuelles/${premiere.id}`);
          }}
        />
        <NativeSelect label="PEC" data={FILTRES} value={filtre ?? ""} onChange={(event) => poser("pec", event.currentTarget.value)} />
        <Text size="sm" c="dimmed" role="status" mb={6}>
          {toutes &&
            (trouvees.length === toutes.length
              ? pluriel(toutes.length, "mutuelle")
              : `${nombre(trouvees.length)} sur ${nombre(toutes.length)}`)}
        </Text>
      </div>
      <Erreur error={error} onRetry={() => void refetch()} />
      {isPending && <Attente quoi="Chargement des mutuelles" />}
      {toutes?.length === 0 && (
        <Text my="lg">
          Aucune mutuelle pour le moment. « Télécharger » va chercher les conventions de votre concentrateur, « Importer… » lit un fichier
          CSV.
        </Text>
      )}
      {toutes && toutes.length > 0 && trouvees.length === 0 && (
        <Text my="lg">
          Aucune mutuelle ne répond à cette recherche.{" "}
          <Anchor component={Link} href="/mutuelles" underline="always">
            Tout afficher
          </Anchor>
        </Text>
      )}
      {affichees.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls by itself
        <section className="defile" aria-label="Liste des mutuelles" tabIndex={0}>
          <Table highlightOnHover verticalSpacing={3} aria-label="Liste des mutuelles" className={classes.table}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">Nom</Table.Th>
                <Table.Th scope="col">Plateau</Table.Th>
                <Table.Th scope="col">Identifiant</Table.Th>
                <Table.Th scope="col">PEC</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {affichees.map(({ id, nom, plateau, identifiant, pec, retiree }) => (
                <Table.Tr key={id}>
                  <Table.Th scope="row" fw={400}>
                    <Anchor component={Link} href={`/mutuelles/${id}`} className={classes.lien}>
                      {nom}
                    </Anchor>
                    {retiree && <span className={classes.retiree}>retirée</span>}
                  </Table.Th>
                  <Table.Td className={classes.numero}>{plateau ?? "—"}</Table.Td>
                  <Table.Td className={classes.numero}>{identifiant ?? "—"}</Table.Td>
                  <Table.Td>
                    <Pec pec={pec} />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {trouvees.length > affichees.length && (
        <Button variant="default" mt="sm" onClick={() => setMontrees(montrees + PAS)}>
          Afficher la suite ({nombre(trouvees.length - affichees.length)} de plus)
        </Button>
      )}
    </Page>
  );
}

const capitale = (texte: string): string => texte.charAt(0).toUpperCase() + texte.slice(1);
