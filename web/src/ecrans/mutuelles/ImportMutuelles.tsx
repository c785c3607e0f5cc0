/** Import of a file of mutuelles: a dry run first, which shows what would change and which rows are at fault; then, when asked, for good. */
import { Alert, Anchor, Button, FileButton, Group, Stack, Text } from "@mantine/core";
import { IconFileImport, IconFileTypeCsv } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { Link } from "wouter";
import { api, newKey, unwrap } from "@/api/client";
import { Probleme } from "@/api/problemes";
import { cles } from "@/api/requetes";
import type { Rapport } from "@/api/types";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Erreur } from "@/composants/Erreur";
import { Page } from "@/composants/Page";
import { mayManage, RESERVE_GERANT, useSession } from "@/session/contexte";
import { LignesRejetees } from "./LignesRejetees";
import { change, rapportEnMots } from "./rapport";

const MIO = 1024 * 1024;
const OCTETS_MAX = 4 * MIO;

/** A file as it was when it was chosen: what is imported for good is what the dry run saw, whatever becomes of it on the disk. */
interface Fichier {
  nom: string;
  contenu: Blob;
  cle: string;
}

interface Essai {
  fichier: Fichier;
  rapport: Rapport;
}

class Refuse extends Error {}

/** Whether the same file may come through at another time; a file that was refused would be refused again. */
const reessayable = (error: unknown): boolean => !(error instanceof Probleme) || error.status >= 500;

// The bytes go as they are, and under a name that keeps them so: the file says by itself whether it is UTF-8 or Windows-1252, and what is called text
// is read as UTF-8 by the cloud's gateway. The generated type knows a file only as a string.
const envoyer = ({ contenu, cle }: Fichier, essai: boolean): Promise<Rapport> =>
  unwrap(
    api.POST("/v1/mutuelles/import", {
      params: { query: { essai }, header: essai ? {} : { "Idempotency-Key": cle } },
      headers: { "Content-Type": "application/octet-stream" },
      body: contenu as unknown as string,
      bodySerializer: (body) => body,
    }),
  ) as Promise<Rapport>;

async function lire(file: File): Promise<Fichier> {
  if (file.size > OCTETS_MAX)
    throw new Refuse(
      `« ${file.name} » fait ${(file.size / MIO).toLocaleString("fr-FR", { maximumFractionDigits: 1 })} Mio : un fichier d'import en fait au plus 4 (et 20 000 lignes). Coupez-le en plusieurs.`,
    );
  try {
    return { nom: file.name, contenu: new Blob([await file.arrayBuffer()]), cle: newKey() };
  } catch {
    throw new Refuse(`« ${file.name} » ne peut pas être lu : a-t-il été déplacé, ou est-il ouvert dans un autre logiciel ?`);
  }
}

export default function ImportMutuelles() {
  const empeche = mayManage(useSession()) ? null : RESERVE_GERANT;
  const client = useQueryClient();
  const choisir = useRef<() => void>(null);

  const essai = useMutation({
    mutationFn: async (file: File): Promise<Essai> => {
      const fichier = await lire(file);
      return { fichier, rapport: await envoyer(fichier, true) };
    },
    onMutate: () => importation.reset(),
  });
  const importation = useMutation({
    mutationFn: ({ fichier }: Essai) => envoyer(fichier, false),
    onSuccess: (rapport) => {
      announce(`Import terminé : ${rapportEnMots(rapport)}.`);
      void client.invalidateQueries({ queryKey: ["mutuelles"] });
      void client.invalidateQueries({ queryKey: cles.conditions });
    },
  });

  const vu = essai.data;
  const fait = importation.data;
  return (
    <Page
      titre="Importer des mutuelles"
      actions={
        <Button variant="default" component={Link} href="/mutuelles">
          Retour aux mutuelles
        </Button>
      }
    >
      <Stack gap="md" maw={900}>
        <Text>
          Un fichier CSV (séparateur « ; » ou « , », en-tête obligatoire), au plus 4 Mio et 20 000 lignes. Les colonnes sont celles de «
          Exporter ». Rien n'est écrit avant que vous ayez vu ce qui changerait.
        </Text>
        <Group>
          <FileButton
            accept=".csv,text/csv"
            resetRef={choisir}
            onChange={(file) => {
              if (file) essai.mutate(file);
              // The same file, mended, may be chosen again.
              choisir.current?.();
            }}
          >
            {({ onClick }) => (
              <Action
                empeche={empeche}
                leftSection={<IconFileTypeCsv size={16} aria-hidden />}
                variant={vu ? "default" : "filled"}
                loading={essai.isPending}
                onClick={onClick}
              >
                {vu ? "Choisir un autre fichier…" : "Choisir un fichier…"}
              </Action>
            )}
          </FileButton>
          {vu && (
            <Text span fw={600}>
              {vu.fichier.nom}
            </Text>
          )}
        </Group>
        {essai.error instanceof Refuse ? (
          <Alert color="red" role="alert" title="Fichier refusé">
            {essai.error.message}
          </Alert>
        ) : (
          <Erreur
            error={essai.error}
            onRetry={reessayable(essai.error) ? () => essai.variables && essai.mutate(essai.variables) : undefined}
          />
        )}
        <div role="status">
          {vu && !fait && (
            <Alert color={vu.rapport.rejetees_total > 0 ? "orange" : "cyan"} title="À l'essai : rien n'est encore écrit">
              L'import donnerait : {rapportEnMots(vu.rapport)}.
              {vu.rapport.rejetees_total > 0 &&
                " Les lignes rejetées ne seraient pas prises ; corrigez-les et choisissez le fichier de nouveau, ou importez les autres."}
            </Alert>
          )}
          {fait && (
            <Alert color="green" title="Import terminé">
              {rapportEnMots(fait)}.{" "}
              <Anchor component={Link} href="/mutuelles" inherit underline="always">
                Voir les mutuelles
              </Anchor>
            </Alert>
          )}
        </div>
        {vu && !fait && (
          <Group>
            <Action
              empeche={empeche ?? (change(vu.rapport) ? null : "Ce fichier ne changerait rien à la liste.")}
              leftSection={<IconFileImport size={16} aria-hidden />}
              loading={importation.isPending}
              onClick={() => importation.mutate(vu)}
            >
              Importer pour de bon
            </Action>
          </Group>
        )}
        <Erreur error={importation.error} onRetry={reessayable(importation.error) ? () => vu && importation.mutate(vu) : undefined} />
        {vu && <LignesRejetees rapport={fait ?? vu.rapport} />}
      </Stack>
    </Page>
  );
}
