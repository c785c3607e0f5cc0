/** « Crédits »: what can be spent, what is set aside, what was used; the ledger, word for word, and what each month used. */
import { Alert, Button } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { Link } from "wouter";
import { api, unwrap } from "@/api/client";
import { maintenant } from "@/api/horloge";
import { cles, useCredits } from "@/api/requetes";
import { useTravail } from "@/api/travail";
import type { Credits, Demande, Mouvement } from "@/api/types";
import { Attente } from "@/composants/Attente";
import { Erreur } from "@/composants/Erreur";
import { NATURES } from "@/composants/etats";
import { Page } from "@/composants/Page";
import table from "@/composants/Table.module.css";
import { dateParis, instant, nombre, pluriel } from "@/format/format";
import { useSession } from "@/session/contexte";
import { Figure } from "../tableau/Figure";
import { debutDeMois, moisEntre, nomDuMois } from "../tableau/periode";
import { useStatistiques } from "../tableau/useStatistiques";
import classes from "./Credits.module.css";
import { auteur, effet, libelle, signe } from "./mouvements";

/** How many months the chart goes back. */
const MOIS = 6;
const PAGE = 50;

const useMouvements = () =>
  useInfiniteQuery({
    queryKey: cles.mouvements,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam }) => {
      const query = { limite: PAGE, ...(pageParam ? { suivant: pageParam } : {}) };
      const page = await unwrap(api.GET("/v1/credits/mouvements", { params: { query } }));
      return { mouvements: page.mouvements as Mouvement[], suivant: page.suivant ?? null };
    },
    getNextPageParam: (last) => last.suivant,
  });

export default function PageCredits() {
  const { data: credits, error, refetch } = useCredits();
  return (
    <Page titre="Crédits">
      <Erreur error={error} onRetry={() => void refetch()} />
      {credits ? <Soldes credits={credits} /> : !error && <Attente quoi="Lecture du solde" />}
      <div className={classes.colonnes}>
        <Compte />
        <Consommation />
      </div>
    </Page>
  );
}

function Soldes({ credits: { disponibles, reserves, consommes, seuil_alerte, alerte } }: { credits: Credits }) {
  return (
    <>
      {alerte && (
        <Alert color="red" icon={<IconAlertTriangle />} mb="sm" title={`Il reste ${pluriel(disponibles, "crédit")}`}>
          Votre solde est sous le seuil d'alerte. Demandez une recharge au fournisseur de votre abonnement : sans crédit, aucune PEC ne
          part.
        </Alert>
      )}
      <dl className={classes.soldes}>
        <div>
          <dt>Disponibles</dt>
          <dd className={alerte ? classes.bas : undefined}>{nombre(disponibles)}</dd>
        </div>
        <div>
          <dt>Réservés</dt>
          <dd>
            {nombre(reserves)}
            <small>demandes sans issue connue</small>
          </dd>
        </div>
        <div>
          <dt>Consommés</dt>
          <dd>{nombre(consommes)}</dd>
        </div>
        <div>
          <dt>Seuil d'alerte</dt>
          <dd>
            {nombre(seuil_alerte)}
            <small>solde sous lequel vous êtes averti</small>
          </dd>
        </div>
      </dl>
    </>
  );
}

function Compte() {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useMouvements();
  const demandes = useTravail().data;
  const byId = useMemo(() => new Map((demandes ?? []).map((demande) => [demande.id, demande])), [demandes]);
  const mouvements = useMemo(() => {
    // A movement that arrives between two pages shifts the next one: what stands on both counts once.
    const all = new Map((data?.pages ?? []).flatMap((page) => page.mouvements).map((mouvement) => [mouvement.numero, mouvement]));
    return [...all.values()];
  }, [data]);

  return (
    <div>
      <h2 className={table.titre} id="mouvements">
        Mouvements
      </h2>
      <Erreur error={error} onRetry={() => void refetch()} />
      {!data && !error && <Attente quoi="Lecture des mouvements" />}
      {data && mouvements.length === 0 && (
        <p className={`${table.cadre} ${table.vide}`}>Aucun mouvement : le premier sera votre première recharge.</p>
      )}
      {mouvements.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the screen is scrolled by the keyboard too
        <section className={`defile ${table.cadre}`} tabIndex={0} aria-labelledby="mouvements">
          <table className={table.table} aria-labelledby="mouvements">
            <thead>
              <tr>
                <th scope="col" className={table.droite}>
                  N°
                </th>
                <th scope="col">Date</th>
                <th scope="col">Mouvement</th>
                <th scope="col">Par</th>
                <th scope="col" className={table.droite}>
                  Crédits
                </th>
                <th scope="col" className={table.droite}>
                  Solde
                </th>
              </tr>
            </thead>
            <tbody>
              {mouvements.map((mouvement) => (
                <Rangee
                  key={mouvement.numero}
                  mouvement={mouvement}
                  demande={mouvement.demande_id ? byId.get(mouvement.demande_id) : undefined}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      {hasNextPage && (
        <Button mt="xs" size="xs" variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Charger la suite
        </Button>
      )}
      <p className="invisible" role="status">
        {mouvements.length > 0 && `${pluriel(mouvements.length, "mouvement affiché", "mouvements affichés")}`}
      </p>
    </div>
  );
}

function Rangee({ mouvement, demande }: { mouvement: Mouvement; demande: Demande | undefined }) {
  const { sub } = useSession();
  const { numero, type, quantite, solde, demande_id, le, par, motif } = mouvement;
  return (
    <tr>
      <th scope="row" className={table.droite}>
        {numero}
      </th>
      <td className={classes.le}>{instant(le)}</td>
      <td>
        {libelle(mouvement)}{" "}
        {demande_id && (
          <Link href={`/demandes/${demande_id}`} className={`${table.lien} ${classes.demande}`}>
            {demande ? `la ${NATURES[demande.nature] === "PEC" ? "PEC" : "cotation"} n° ${demande.numero}` : "cette demande"}
          </Link>
        )}
        {motif && <span className={classes.doux}>{motif}</span>}
        {type === "CONSOMMATION" && (
          <span className={classes.doux}>{pluriel(quantite, "crédit déjà réservé", "crédits déjà réservés")}</span>
        )}
      </td>
      <td title={par}>{auteur(par, sub)}</td>
      <td className={table.droite}>{signe(effet(mouvement))}</td>
      <td className={table.droite}>{nombre(solde)}</td>
    </tr>
  );
}

function Consommation() {
  const au = dateParis(new Date(maintenant()));
  const du = debutDeMois(au, MOIS - 1);
  const { data, error, refetch } = useStatistiques(du, au);
  if (error) return <Erreur error={error} onRetry={() => void refetch()} />;
  if (!data) return <Attente quoi="Lecture de la consommation" />;
  const used = new Map(data.credits_par_mois.map(({ mois, consommes }) => [mois, consommes]));
  const points = moisEntre(du, au).map((mois) => ({ nom: nomDuMois(mois), valeurs: [used.get(mois) ?? 0] }));
  return (
    <Figure
      titre="Crédits consommés par mois"
      precision="D'après le mois où la demande a été faite."
      quoi="Mois"
      series={[{ nom: "Crédits consommés", dire: nombre }]}
      points={points}
      sens="debout"
    />
  );
}
