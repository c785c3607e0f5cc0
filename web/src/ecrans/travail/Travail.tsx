/**
 * « Liste de travail », the start page: what needs a person, what runs, what is done.
 *
 * Filters stand in the address, but for the text: that is usually a client's name, which belongs in no address (they end up in logs and histories). It
 * stands in the state of the history entry instead, so that reload and back keep it.
 */
import { Alert, Button, List, NativeSelect, Paper, Text, TextInput } from "@mantine/core";
import { IconCircleCheck, IconDownload, IconRefresh, IconSearch, IconX } from "@tabler/icons-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Link, useLocation, useSearch, useSearchParams } from "wouter";
import { saveFile } from "@/api/documents";
import { maintenant } from "@/api/horloge";
import { inWords } from "@/api/problemes";
import { type Groupe, REFUS_JOURS, useTravail } from "@/api/travail";
import type { Demande } from "@/api/types";
import { useRaccourcis } from "@/cadre/raccourcis";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { ETATS, NATURES } from "@/composants/etats";
import { Page } from "@/composants/Page";
import table from "@/composants/Table.module.css";
import { nombre } from "@/format/format";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import { Conditions } from "./Conditions";
import { byGroupe, compte, exportPath, filtered, mutuelles, readFiltres, select } from "./liste";
import { focused, mayRefresh, moveFocus, TableDemandes } from "./TableDemandes";
import classes from "./Travail.module.css";
import { useActualisation } from "./useActualisation";

const GROUPES: { groupe: Groupe; titre: string; vide: string }[] = [
  { groupe: "A_TRAITER", titre: "À traiter", vide: "Rien à traiter : aucune demande n'attend de geste de votre part." },
  { groupe: "EN_COURS", titre: "En cours", vide: "Aucune demande en cours." },
  { groupe: "TERMINEES", titre: "Terminées", vide: "Aucune demande terminée." },
];

/** How many of the finished ones are shown until more are asked for. */
const TERMINEES_VISIBLES = 25;
const SAISIE_MS = 200;
const TIC_MS = 20_000;

/** Now, again every twenty seconds: ages go on while nobody touches anything. */
function useMaintenant(): number {
  const [now, setNow] = useState(maintenant);
  useEffect(() => {
    const timer = setInterval(() => setNow(maintenant()), TIC_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

const textOf = (state: unknown): string =>
  typeof state === "object" && state !== null && "texte" in state && typeof state.texte === "string" ? state.texte : "";

/** A failure in one line, with what the support asks for. */
function told(error: unknown): string {
  const { detail, reference } = inWords(error);
  return reference ? `${detail} (référence ${reference})` : detail;
}

export default function Travail() {
  const { data, error, refetch, dataUpdatedAt } = useTravail();
  const tic = useMaintenant();
  // What was just read is never older than now.
  const now = useMemo(() => Math.max(tic, dataUpdatedAt ? maintenant() : 0), [tic, dataUpdatedAt]);

  if (!data)
    return (
      <Page titre="Liste de travail">
        {error ? <Erreur error={error} onRetry={() => void refetch()} /> : <Attente quoi="Lecture des demandes" />}
      </Page>
    );
  if (data.length === 0)
    return (
      <Page titre="Liste de travail">
        <Debut />
      </Page>
    );
  return <Liste demandes={data} now={now} error={error} onRetry={() => void refetch()} />;
}

/** No demande was ever made: what comes first. */
function Debut() {
  const session = useSession();
  return (
    <Paper withBorder className={classes.vide}>
      <Text mb="sm">
        Aucune demande de prise en charge pour l'instant. Ouvrez un dossier, choisissez la mutuelle du client, faites signer le consentement
        : la demande apparaîtra ici, avec ce qu'il reste à faire.
      </Text>
      <Conditions toutes />
      {maySell(session) && (
        <Button component={Link} href="/dossiers/nouveau" mt="md">
          Nouveau dossier
        </Button>
      )}
    </Paper>
  );
}

interface ListeProps {
  demandes: readonly Demande[];
  now: number;
  error: unknown;
  onRetry: () => void;
}

function Liste({ demandes, now, error, onRetry }: ListeProps) {
  const session = useSession();
  const [params, setParams] = useSearchParams();
  const [, navigate] = useLocation();
  const search = useSearch();
  const [texte, setTexte] = useState(() => textOf(history.state));
  const champ = useRef<HTMLInputElement>(null);
  const [coches, setCoches] = useState<ReadonlySet<string>>(new Set());
  const [exporte, setExporte] = useState<unknown>(null);
  const { start, avance, echecs, oublier } = useActualisation();

  useEffect(() => {
    if (textOf(history.state) === texte) return;
    const timer = setTimeout(() => navigate(`/${search ? `?${search}` : ""}`, { replace: true, state: { texte } }), SAISIE_MS);
    return () => clearTimeout(timer);
  }, [texte, search, navigate]);

  const filtres = useMemo(() => readFiltres(params, texte), [params, texte]);
  const groups = useMemo(() => byGroupe(select(demandes, filtres), demandes, now), [demandes, filtres, now]);
  const choix = useMemo(() => mutuelles(demandes), [demandes]);
  const shown = [...groups.A_TRAITER, ...groups.EN_COURS, ...groups.TERMINEES];
  const chosen = shown.filter((demande) => coches.has(demande.id) && mayRefresh(demande));
  const toutes = params.get("terminees") === "toutes";

  const set = (name: string, value: string | null) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true, state: { texte } },
    );

  const coche = (ids: readonly string[], on: boolean) =>
    setCoches((before) => {
      const next = new Set(before);
      for (const id of ids)
        if (on) next.add(id);
        else next.delete(id);
      return next;
    });

  const actualiser = async () => {
    const failed = await start(chosen);
    // What failed stays ticked: pressing again tries only that again.
    setCoches(new Set(failed.map(({ demande }) => demande.id)));
  };

  const empeche = () => {
    if (!maySell(session)) return RESERVE_OPTICIEN;
    if (avance) return "L'actualisation est en cours.";
    return chosen.length === 0 ? "Cochez d'abord les demandes à actualiser." : null;
  };

  const exporter = () => {
    setExporte(null);
    saveFile(exportPath(filtres)).then(() => announce("La liste est exportée : demandes.csv."), setExporte);
  };

  useRaccourcis([
    { touche: "J", quoi: "Demande suivante", action: () => moveFocus(1) },
    { touche: "K", quoi: "Demande précédente", action: () => moveFocus(-1) },
    {
      touche: "X",
      quoi: "Cocher ou décocher la demande",
      action: () => {
        const demande = shown.find(({ id }) => id === focused());
        if (demande && mayRefresh(demande)) coche([demande.id], !coches.has(demande.id));
      },
    },
    { touche: "R", quoi: "Actualiser les demandes cochées", action: () => empeche() === null && void actualiser() },
    { touche: "/", quoi: "Filtrer la liste", action: () => champ.current?.focus() },
  ]);

  return (
    <Page
      titre="Liste de travail"
      actions={
        <>
          <Action size="xs" empeche={empeche()} leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => void actualiser()}>
            Actualiser{chosen.length > 0 && ` (${chosen.length})`}
          </Action>
          <Button size="xs" variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={exporter}>
            Exporter en CSV
          </Button>
        </>
      }
    >
      <Conditions />
      {/* biome-ignore lint/a11y/useSemanticElements: the element `search` is younger than the browsers of some counters */}
      <div className={classes.filtres} role="search" aria-label="Filtrer la liste">
        <TextInput
          ref={champ}
          label="Client, numéro, référence"
          size="xs"
          value={texte}
          autoComplete="off"
          leftSection={<IconSearch size={14} aria-hidden />}
          onChange={(event) => setTexte(event.currentTarget.value)}
        />
        <NativeSelect label="État" size="xs" value={filtres.etat ?? ""} onChange={(event) => set("etat", event.currentTarget.value)}>
          <option value="">Tous</option>
          {Object.entries(ETATS).map(([etat, { mot }]) => (
            <option key={etat} value={etat}>
              {mot}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect label="Nature" size="xs" value={filtres.nature ?? ""} onChange={(event) => set("nature", event.currentTarget.value)}>
          <option value="">Toutes</option>
          {Object.entries(NATURES).map(([nature, mot]) => (
            <option key={nature} value={nature}>
              {mot}
            </option>
          ))}
        </NativeSelect>
        <NativeSelect
          label="Mutuelle"
          size="xs"
          value={filtres.mutuelle ?? ""}
          onChange={(event) => set("mutuelle", event.currentTarget.value)}
        >
          <option value="">Toutes</option>
          {choix.map(({ id, nom }) => (
            <option key={id} value={id}>
              {nom}
            </option>
          ))}
        </NativeSelect>
        {filtered(filtres) && (
          <Button
            className={classes.effacer}
            size="xs"
            variant="subtle"
            leftSection={<IconX size={14} aria-hidden />}
            onClick={() => {
              setTexte("");
              setParams(filtres.tri === "anciennes" ? { tri: "anciennes" } : {}, { replace: true });
              champ.current?.focus();
            }}
          >
            Effacer les filtres
          </Button>
        )}
      </div>
      <p className={classes.resume} role="status">
        {avance
          ? `Actualisation : ${avance.faites} sur ${avance.total}…`
          : GROUPES.map(({ groupe }) => compte(groupe, groups[groupe].length)).join(" · ")}
        {filtered(filtres) && !avance && " avec ces filtres"}
        {(filtres.mutuelle || texte.trim()) && " (le fichier CSV suit l'état et la nature seulement)"}
      </p>
      <Erreur error={error} onRetry={onRetry} />
      <Erreur error={exporte} onRetry={exporter} />
      {echecs.length > 0 && (
        <Alert
          color="red"
          role="alert"
          mb="sm"
          withCloseButton
          closeButtonLabel="Fermer"
          onClose={oublier}
          title={echecs.length === 1 ? "Une demande n'a pas pu être actualisée" : `${echecs.length} demandes n'ont pas pu être actualisées`}
        >
          <List size="sm">
            {echecs.map(({ demande, error: why }) => (
              <List.Item key={demande.id}>
                <Link href={`/demandes/${demande.id}`} className={classes.lien}>
                  {NATURES[demande.nature]} n° {demande.numero}
                </Link>{" "}
                : {told(why)}
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
      {GROUPES.map(({ groupe, titre, vide }) => {
        const all = groups[groupe];
        const cut = groupe === "TERMINEES" && !toutes ? all.slice(0, TERMINEES_VISIBLES) : all;
        const id = `groupe-${groupe}`;
        return (
          <div key={groupe} className={classes.groupe}>
            <h2 className={classes.titre} id={id}>
              {titre}{" "}
              <span className={groupe === "A_TRAITER" && all.length > 0 ? `${classes.compte} ${classes.urgent}` : classes.compte}>
                {nombre(all.length)}
              </span>
            </h2>
            {all.length === 0 ? (
              <p className={`${table.cadre} ${classes.calme}`}>
                {groupe === "A_TRAITER" && !filtered(filtres) && <IconCircleCheck size={20} aria-hidden className={classes.remplie} />}
                {filtered(filtres) ? "Aucune demande avec ces filtres." : vide}
              </p>
            ) : (
              <TableDemandes
                demandes={cut}
                ouvertes={groupe !== "TERMINEES"}
                titre={id}
                maintenant={now}
                tri={filtres.tri}
                onTri={() => set("tri", filtres.tri === "recentes" ? "anciennes" : null)}
                coches={coches}
                onCoche={coche}
              />
            )}
            {cut.length < all.length && (
              <Button mt="xs" size="xs" variant="default" onClick={() => set("terminees", "toutes")}>
                Afficher les {nombre(all.length - cut.length)} autres
              </Button>
            )}
          </div>
        );
      })}
      <Text size="xs" c="dimmed">
        Un refus ou un accord sous réserve de plus de {REFUS_JOURS} jours sans nouvelle demande passe dans « Terminées ». Les demandes
        terminées les plus anciennes sont dans l'export CSV.
      </Text>
    </Page>
  );
}
