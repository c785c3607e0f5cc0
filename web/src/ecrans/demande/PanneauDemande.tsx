/**
 * « Détail de demande de prise en charge et cotation »: consent, what is missing, the buttons PEC and Cotation, and the demandes of one equipment.
 *
 * Nothing is sent twice: the key of a demande follows from what is on the screen (`cleDemande`), a failed attempt keeps its own until it is known what
 * became of it, and a second click that comes right after a success is not a second wish.
 */
import { Alert, Anchor, Button, Kbd, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { Link, useSearchParams } from "wouter";
import type { Versioned } from "@/api/client";
import { Injoignable, inWords, NonEnregistre, Probleme } from "@/api/problemes";
import { cles, useDemande, useDemandesDuDossier, useVerification } from "@/api/requetes";
import type { Demande, Dossier, Nature } from "@/api/types";
import { useRaccourcis } from "@/cadre/raccourcis";
import { Action } from "@/composants/Action";
import { announce } from "@/composants/Annonce";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { usePresent } from "@/composants/usePresent";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import { CHAMP_CONSENTEMENT, Consentement } from "./Consentement";
import classes from "./Demande.module.css";
import { Fautes } from "./Fautes";
import { avecPrix, compteEncore, enEnvoi, LaDemande, ligneDemande } from "./mots";
import { demander, type Enregistrer, enregistre, noteDemande } from "./ordres";
import { cleDemande, deLEquipement, pecVivante } from "./suivi";
import { useNonEnregistre } from "./useNonEnregistre";
import { manque, Verification } from "./Verification";
import { SuiteDemande, TeteDemande } from "./VueDemande";

interface Props {
  dossier: Versioned<Dossier>;
  equipement: number;
  enregistrer: Enregistrer;
  /** Goes to the field of a JSON pointer into the dossier, in whatever tab it stands. */
  onChamp: (pointeur: string) => void;
}

/** One attempt to ask: its key outlives every retry. */
interface Tentative {
  nature: Nature;
  equipement: number;
  key: string;
  /** The newest demande that was on the screen. */
  apres: number;
}

/** Within this time after a success a click is the second half of a double click. */
const DOUBLE_CLIC_MS = 800;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

export function PanneauDemande({ dossier, equipement, enregistrer, onChamp }: Props) {
  const session = useSession();
  const client = useQueryClient();
  const [params, setParams] = useSearchParams();
  const { id } = dossier.value;

  const liste = useDemandesDuDossier(id);
  const demandes = deLEquipement(liste.data ?? [], equipement);
  const choisie = params.get("demande");
  const newest = demandes[0];
  // Right after the answer the list may not have it yet, and an address may name a demande of another equipment.
  const pick = choisie && (!liste.data?.some((demande) => demande.id === choisie) || demandes.some((demande) => demande.id === choisie));
  const lue = useDemande(pick ? choisie : (newest?.id ?? null));
  const shown = lue.data?.value.dossier_id === id && lue.data.value.equipement === equipement ? lue.data.value : undefined;
  const others = demandes.filter((demande) => demande.id !== shown?.id);

  const pec = useVerification(dossier, equipement, "PEC");
  const cotation = useVerification(dossier, equipement, "COTATION");
  const vivante = pecVivante(demandes);

  const present = usePresent();
  const show = (demande: string) => {
    if (!present.current) return;
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        next.set("demande", demande);
        return next;
      },
      { replace: true },
    );
  };

  const running = useRef<Tentative | null>(null);
  const done = useRef<{ nature: Nature; le: number } | null>(null);
  const envoi = useMutation({
    mutationFn: async ({ nature, equipement: lequel, key }: Tentative): Promise<Versioned<Demande>> => {
      await enregistre(enregistrer);
      for (let essai = 1; ; essai += 1) {
        try {
          return await demander(id, nature, lequel, key);
        } catch (error) {
          // The same request still runs, e.g. of a page that was reloaded: its answer comes under the same key.
          if (!(error instanceof Probleme && error.is("requete-en-cours")) || essai >= 5) throw error;
          await pause(1_000);
        }
      }
    },
    onSuccess: async (next, { nature }) => {
      done.current = { nature, le: performance.now() };
      announce(`${LaDemande(next.value)} est enregistrée et part.`);
      client.setQueryData(cles.demande(next.value.id), (known: Versioned<Demande> | undefined) => known ?? next);
      show(next.value.id);
      await noteDemande(client, next);
    },
    onError: (error) => {
      if (!(error instanceof Probleme)) return;
      void client.invalidateQueries({ queryKey: ["dossiers", "verification", id] });
      void client.invalidateQueries({ queryKey: cles.credits });
      if (error.is("pec-en-cours") && error.document.demande_id) {
        show(error.document.demande_id);
        void client.invalidateQueries({ queryKey: cles.demandesDuDossier(id) });
      }
    },
    onSettled: () => {
      running.current = null;
    },
  });

  useNonEnregistre(dossier, envoi);

  // What failed without a word of the server, and may have been done: the same attempt goes on, unless its demande has shown up meanwhile.
  const told = envoi.error instanceof NonEnregistre || (envoi.error instanceof Probleme && envoi.error.status < 500);
  const failed = envoi.isError && !told ? envoi.variables : undefined;
  const found = failed !== undefined && newest !== undefined && newest.numero > failed.apres;
  const { reset } = envoi;
  useEffect(() => {
    if (found) reset();
  }, [found, reset]);

  const start = (nature: Nature) => {
    const doubled = done.current?.nature === nature && performance.now() - done.current.le < DOUBLE_CLIC_MS;
    if (running.current !== null || doubled) return;
    const fresh: Tentative = { nature, equipement, key: cleDemande(nature, id, equipement, demandes), apres: newest?.numero ?? 0 };
    const tentative = failed && !found && failed.nature === nature ? failed : fresh;
    running.current = tentative;
    envoi.mutate(tentative);
  };

  const commun = (): string | null => {
    if (!maySell(session)) return RESERVE_OPTICIEN;
    if (!liste.data) return "Les demandes de cet équipement se chargent.";
    if (envoi.isPending) return "Une demande est en cours d'envoi.";
    if (failed && !found) return "Nul ne sait si la demande précédente est partie : « Réessayer » le dit, sans la faire partir deux fois.";
    if (newest?.etat === "EN_TRANSMISSION") return enEnvoi(newest);
    return null;
  };
  const sansPec = commun() ?? (vivante ? compteEncore(vivante, session) : manque("PEC", pec.data));
  const sansCotation = commun() ?? manque("COTATION", cotation.data);

  useRaccourcis([
    { touche: "F8", quoi: "Demander la PEC", action: () => sansPec === null && start("PEC") },
    { touche: "F9", quoi: "Demander une cotation", action: () => sansCotation === null && start("COTATION") },
  ]);

  const toField = (pointeur: string) => {
    const box = pointeur === "/consentement" ? document.getElementById(CHAMP_CONSENTEMENT) : null;
    if (box) box.focus();
    else onChamp(pointeur);
  };

  const verification = (
    <Verification
      pec={pec.data}
      cotation={cotation.data}
      dossier={id}
      equipement={equipement}
      vivante={vivante !== null}
      onChamp={toField}
    />
  );
  return (
    <div className={shown ? classes.panneau : `${classes.panneau} ${classes.seul}`}>
      <div className={classes.tete}>
        {shown ? (
          <TeteDemande demande={shown}>
            <Autres demandes={others} />
          </TeteDemande>
        ) : (
          <section className={classes.bloc} aria-label="État de la demande">
            {liste.data && demandes.length === 0 && <Text size="sm">Aucune demande pour cet équipement.</Text>}
            {lue.error && <Erreur error={lue.error} onRetry={() => void lue.refetch()} />}
            {(lue.isLoading || liste.isLoading) && <Attente quoi="Chargement de la demande" />}
          </section>
        )}
      </div>
      <div className={classes.cote}>
        <Consentement dossier={dossier} equipement={equipement} enregistrer={enregistrer} demandable={vivante === null} />
        <section className={classes.bloc} aria-label="Demander">
          <div className={classes.boutons}>
            <Action
              empeche={sansPec}
              rightSection={<Kbd size="xs">F8</Kbd>}
              loading={envoi.isPending && envoi.variables.nature === "PEC"}
              onClick={() => start("PEC")}
            >
              {avecPrix("PEC", pec.data?.prix)}
            </Action>
            <Action
              variant="default"
              empeche={sansCotation}
              rightSection={<Kbd size="xs">F9</Kbd>}
              loading={envoi.isPending && envoi.variables.nature === "COTATION"}
              onClick={() => start("COTATION")}
            >
              {avecPrix("Cotation", cotation.data?.prix)}
            </Action>
          </div>
          {sansPec && (
            <Text size="sm" mt={6}>
              PEC : {sansPec}
            </Text>
          )}
          {sansCotation && sansCotation !== sansPec && (
            <Text size="sm" mt={2}>
              Cotation : {sansCotation}
            </Text>
          )}
          {envoi.error && !found && (
            <EchecEnvoi
              error={envoi.error}
              onRetry={() => start(envoi.variables?.nature ?? "PEC")}
              onChamp={toField}
              {...{ id, equipement }}
            />
          )}
          {/* What failed to be read is read again by itself; what was to be sent is what matters. */}
          {!failed && (
            <Erreur
              error={liste.error ?? pec.error ?? cotation.error}
              onRetry={() => void Promise.all([liste.refetch(), pec.refetch(), cotation.refetch()])}
            />
          )}
        </section>
        {shown && verification}
      </div>
      <div className={classes.cote}>
        {shown ? (
          <SuiteDemande
            demande={shown}
            dossier={dossier}
            enregistrer={enregistrer}
            onChamp={toField}
            onNouvelle={(demande) => show(demande.id)}
          />
        ) : (
          verification
        )}
      </div>
    </div>
  );
}

const lien = (demande: Demande) => (
  <li key={demande.id}>
    <Anchor component={Link} href={`/demandes/${demande.id}`} fz="inherit">
      {ligneDemande(demande)}
    </Anchor>
  </li>
);

/** How many of the others stand in view. */
const EN_VUE = 3;

/** The other demandes of the equipment, each a link. */
function Autres({ demandes }: { demandes: readonly Demande[] }) {
  if (demandes.length === 0) return null;
  const older = demandes.slice(EN_VUE);
  return (
    <nav aria-label="Autres demandes de cet équipement">
      <ul className={classes.anciennes}>{demandes.slice(0, EN_VUE).map(lien)}</ul>
      {older.length > 0 && (
        <details className={classes.depli}>
          <summary>Plus anciennes ({older.length})</summary>
          <ul className={classes.anciennes}>{older.map(lien)}</ul>
        </details>
      )}
    </nav>
  );
}

interface EchecProps {
  error: unknown;
  id: string;
  equipement: number;
  onRetry: () => void;
  onChamp: (pointeur: string) => void;
}

/** Why it was not sent, each fault at its field; where nobody knows whether it was, the same attempt again. */
function EchecEnvoi({ error, id, equipement, onRetry, onChamp }: EchecProps) {
  if (error instanceof Injoignable || !(error instanceof Probleme) || error.status >= 500 || error.status === 429)
    return <Erreur error={error} onRetry={onRetry} retry="La même demande est renvoyée : elle ne part qu'une fois." />;
  const { titre, detail } = inWords(error);
  const { demande_id } = error.document;
  return (
    <Alert color="red" role="alert" icon={<IconAlertCircle />} title={titre} mt="sm">
      {detail}
      {demande_id ? (
        <p style={{ margin: "0.4rem 0 0" }}>
          <Button component={Link} href={`/demandes/${demande_id}`} size="xs" variant="default">
            Voir la demande en cours
          </Button>
        </p>
      ) : (
        <Fautes erreurs={error.erreurs} dossier={id} equipement={equipement} onChamp={onChamp} />
      )}
    </Alert>
  );
}
