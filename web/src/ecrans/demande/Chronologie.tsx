/** The timeline of a demande: what happened, when, by whom; its reference, its entries of the ledger and its documents. */
import { Title } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, unwrap } from "@/api/client";
import { showDocument } from "@/api/documents";
import { cles } from "@/api/requetes";
import type { Demande, Mouvement } from "@/api/types";
import { Action } from "@/composants/Action";
import { Erreur } from "@/composants/Erreur";
import { horodatage, instant, pluriel } from "@/format/format";
import { maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import classes from "./Demande.module.css";
import { EVENEMENTS, empechement, MOUVEMENTS, motDuCredit } from "./mots";
import { type Enregistrer, enregistre } from "./ordres";

/** How many of the newest entries of the ledger are looked through; what is older is told by `credit` alone. */
const ENTREES = 100;

const useEntrees = (demande: Demande) =>
  useQuery({
    queryKey: [...cles.mouvements, "recents"],
    enabled: demande.credit !== "AUCUN",
    queryFn: async () =>
      (await unwrap(api.GET("/v1/credits/mouvements", { params: { query: { limite: ENTREES } } }))).mouvements as Mouvement[],
    select: (mouvements) => mouvements.filter(({ demande_id }) => demande_id === demande.id).reverse(),
  });

interface Props {
  demande: Demande;
  /** Saves what is typed in the dossier that is on the screen. */
  enregistrer?: Enregistrer;
}

export function Chronologie({ demande, enregistrer }: Props) {
  const session = useSession();
  const entrees = useEntrees(demande).data ?? [];
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
            {entrees.map(({ numero, type, quantite, le, solde }) => (
              <span key={numero} className={classes.quand} style={{ display: "block" }}>
                {MOUVEMENTS[type]} ({quantite}), {instant(le)} : solde {pluriel(solde, "crédit")}
              </span>
            ))}
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
      <Documents demande={demande} enregistrer={enregistrer} />
    </section>
  );
}

function Documents({ demande, enregistrer }: Props) {
  const session = useSession();
  const { id, dossier_id, equipement } = demande;
  const duDossier = async (nom: string) => {
    if (enregistrer && maySell(session)) await enregistre(enregistrer);
    return `/v1/dossiers/${dossier_id}/documents/${nom}.pdf?equipement=${equipement}`;
  };
  const impression = useMutation({ mutationFn: (path: () => string | Promise<string>) => showDocument(path()) });
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
