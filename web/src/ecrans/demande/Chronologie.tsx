/** The timeline of a demande: what happened, when, by whom; its reference, its entries of the ledger and its documents. */
import { Anchor, Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap, type Versioned } from "@/api/client";
import { showDocument } from "@/api/documents";
import type { Demande, Dossier, Mouvement } from "@/api/types";
import { Action } from "@/composants/Action";
import { Erreur } from "@/composants/Erreur";
import { horodatage, instant, nombre, pluriel } from "@/format/format";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import classes from "./Demande.module.css";
import { lireEntrees, PAGES_MAX, PAR_PAGE } from "./entrees";
import { EVENEMENTS, empechement, MOUVEMENTS, motDuCredit } from "./mots";
import { type Enregistrer, enregistre } from "./ordres";
import { useNonEnregistre } from "./useNonEnregistre";

export const useEntrees = (demande: Demande) =>
  useQuery({
    // Each entry comes with a new version of its demande: the ledger is long, and is read again for nothing else.
    queryKey: ["ecritures", demande.id, demande.version],
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (avant, query) => (query?.queryKey[1] === demande.id ? avant : undefined),
    enabled: demande.credit !== "AUCUN",
    queryFn: () =>
      lireEntrees(demande, async (suivant) => {
        const page = await unwrap(api.GET("/v1/credits/mouvements", { params: { query: { limite: PAR_PAGE, suivant } } }));
        return { mouvements: page.mouvements as Mouvement[], suivant: page.suivant ?? null };
      }),
  });

interface Props {
  demande: Demande;
  dossier: Versioned<Dossier> | undefined;
  /** Saves what is typed in the dossier that is on the screen. */
  enregistrer?: Enregistrer;
}

export function Chronologie({ demande, dossier, enregistrer }: Props) {
  const session = useSession();
  const entrees = useEntrees(demande).data;
  const { derniere_actualisation, prochaine_actualisation } = demande;
  const qui = (par: string) => (par === session.sub ? "vous" : par);
  return (
    <section className={classes.bloc} aria-label="Chronologie">
      <Title order={2} size="h5">
        Chronologie
      </Title>
      <dl className={classes.faits}>
        <div>
          <dt>Référence de la demande</dt>
          <dd>{demande.reference}</dd>
        </div>
        <div>
          <dt>Mutuelle</dt>
          <dd>{demande.mutuelle_nom}</dd>
        </div>
        {derniere_actualisation && (
          <div>
            <dt>Dernière actualisation</dt>
            <dd>{instant(derniere_actualisation)}</dd>
          </div>
        )}
        {prochaine_actualisation && (
          <div>
            <dt>Prochaine vérification automatique</dt>
            <dd>{instant(prochaine_actualisation)}</dd>
          </div>
        )}
        <div className={classes.large}>
          <dt>Crédit</dt>
          <dd>
            {motDuCredit(demande)}
            {entrees?.mouvements.map(({ numero, type, quantite, le, solde }) => (
              <span key={numero} className={classes.quand} style={{ display: "block" }}>
                {MOUVEMENTS[type]} ({quantite}), {instant(le)} : solde {pluriel(solde, "crédit")}
              </span>
            ))}
            {entrees?.entieres === false && (
              <span className={classes.quand} style={{ display: "block" }}>
                Ses écritures sont plus anciennes que les {nombre(PAGES_MAX * PAR_PAGE)} dernières :{" "}
                <Anchor component={Link} href="/credits" fz="inherit" underline="always">
                  voir les mouvements
                </Anchor>
                .
              </span>
            )}
          </dd>
        </div>
      </dl>
      <ol className={classes.historique}>
        {(demande.evenements ?? []).map(({ le, quoi, par, detail }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two events may happen in the same second, and the list only grows
          <li key={`${le}${quoi}${index}`}>
            <strong>{EVENEMENTS[quoi]}</strong>{" "}
            <span className={classes.quand}>
              <time dateTime={le}>{horodatage(le)}</time> · {qui(par)}
            </span>
            {detail && <div>{detail}</div>}
          </li>
        ))}
      </ol>
      <Documents demande={demande} dossier={dossier} enregistrer={enregistrer} />
    </section>
  );
}

function Documents({ demande, dossier, enregistrer }: Props) {
  const session = useSession();
  const { id, dossier_id, equipement } = demande;
  const duDossier = async (nom: string) => {
    if (enregistrer && maySell(session)) await enregistre(enregistrer);
    return `/v1/dossiers/${dossier_id}/documents/${nom}.pdf?equipement=${equipement}`;
  };
  const impression = useMutation({ mutationFn: (path: () => string | Promise<string>) => showDocument(path()) });
  useNonEnregistre(dossier, impression);
  const vente = demande.effacee_le ? "Effacée : il n'y a plus rien à imprimer." : maySell(session) ? null : RESERVE_OPTICIEN;
  const documents = [
    {
      mot: "Réponse de la mutuelle",
      chemin: () => `/v1/demandes/${id}/documents/reponse.pdf`,
      empeche: empechement("IMPRIMER_REPONSE", demande, session),
    },
    { mot: "Consentement de prise en charge", chemin: () => duDossier("consentement"), empeche: vente },
    { mot: "Demande par fax", chemin: () => duDossier("demande-fax"), empeche: vente },
    { mot: "Devis", chemin: () => duDossier("devis"), empeche: demande.effacee_le ? vente : null },
  ];
  return (
    <>
      <Title order={3} size="h6" mt="sm" mb={4}>
        Documents
      </Title>
      <div className={classes.boutons}>
        {documents.map(({ mot, chemin, empeche }) => (
          <Action key={mot} size="compact-sm" variant="default" empeche={empeche} onClick={() => impression.mutate(chemin)}>
            {mot}
          </Action>
        ))}
      </div>
      <Erreur error={impression.error} />
    </>
  );
}
