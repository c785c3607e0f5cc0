/** A dossier on the screen: its three tabs, how its saving stands, its totals, and the way to any of its fields. */
import { Button, Tabs } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useCallback, useEffect, useState } from "react";
import { Link, useLocation, useSearchParams } from "wouter";
import { useDemandesDuDossier } from "@/api/requetes";
import type { Dossier } from "@/api/types";
import { allerAuChamp } from "@/brouillon/allerAuChamp";
import { FormulaireContexte } from "@/brouillon/contexte";
import { AlertesSaisie, LigneEtat } from "@/brouillon/EtatSaisie";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { useFormulaire, useVue } from "@/brouillon/useEnregistreur";
import { useRaccourcis } from "@/cadre/raccourcis";
import { validerSaisie } from "@/champs/valider";
import { Page } from "@/composants/Page";
import { deNom, personne } from "@/format/format";
import { maySell, useSession } from "@/session/contexte";
import classes from "./dossier.module.css";
import { EffacementDossier } from "./EffacementDossier";
import { EquipementEngage, Fige } from "./Engage";
import { Impressions } from "./Impressions";
import { motDuChamp } from "./libelles";
import { OngletEquipements } from "./OngletEquipements";
import { OngletPrescription } from "./OngletPrescription";
import { OngletTiersPayant } from "./OngletTiersPayant";
import { candidats, indexEquipement, ONGLETS, type Onglet, ongletDe, ouEst } from "./ou";
import { demandeQuiFige } from "./suggestions";
import { Totaux } from "./Totaux";

const MOTS: Record<Onglet, string> = {
  prescription: "Client et prescription",
  equipements: "Équipements",
  "tiers-payant": "Détail tiers payant",
};

export function Formulaire({ store }: { store: Enregistreur<Dossier> }) {
  const vue = useVue(store);
  const { etat: dossier, base } = vue;
  const [, navigate] = useLocation();
  const [params, setParams] = useSearchParams();
  /** The line whose details are open, of its equipment: lines of another one have the same numbers. */
  const [detail, setDetail] = useState<{ equipement: number; ligne: number } | null>(null);
  const lecture = !maySell(useSession());
  const demandes = useDemandesDuDossier(base?.value.id ?? null).data ?? [];

  const onglet = ongletDe(params.get("onglet"));
  const index = indexEquipement(dossier, params.get("equipement"));
  const numero = dossier.equipements[index]?.numero;
  const figeant = numero === undefined ? undefined : demandeQuiFige(demandes, numero);
  const figes = dossier.equipements.map((equipement) => demandeQuiFige(demandes, equipement.numero) !== undefined).join();

  const fige = useCallback(
    (pointeur: string) => {
      const equipement = /^\/equipements\/(\d+)\//.exec(pointeur)?.[1];
      return lecture || (equipement !== undefined && figes.split(",")[Number(equipement)] === "true");
    },
    [lecture, figes],
  );
  const formulaire = useFormulaire(store, vue, fige);

  const montrer = useCallback(
    (change: Record<string, string | null>, replace = false) => {
      validerSaisie();
      setParams(
        (avant) => {
          for (const [nom, valeur] of Object.entries(change)) {
            if (valeur === null) avant.delete(nom);
            else avant.set(nom, valeur);
          }
          return avant;
        },
        { replace },
      );
    },
    [setParams],
  );

  const aller = useCallback(
    (pointeur: string) => {
      const lieu = ouEst(pointeur);
      if (!lieu) {
        navigate(AILLEURS[pointeur] ?? `/reglages?champ=${encodeURIComponent(pointeur)}`);
        return;
      }
      const equipement = lieu.equipement === null ? undefined : store.instantane().etat.equipements[lieu.equipement];
      const ligne = lieu.ligne === null ? undefined : equipement?.lignes[lieu.ligne];
      if (lieu.detail && equipement && ligne) setDetail({ equipement: equipement.numero, ligne: ligne.numero });
      montrer({ onglet: lieu.onglet, champ: null, ...(equipement ? { equipement: String(equipement.numero) } : {}) }, true);
      allerAuChamp(candidats(pointeur));
    },
    [store, montrer, navigate],
  );

  // A new dossier opens where one types first.
  useEffect(() => {
    const { base: enregistre, etat } = store.instantane();
    if (!enregistre && !location.search.includes("champ=")) allerAuChamp([etat.client_id ? "/prescription/date" : "/beneficiaire/nom"]);
  }, [store]);

  const demande = params.get("champ");
  useEffect(() => {
    if (demande) aller(demande);
  }, [demande, aller]);

  // A new equipment has its number only once it is saved: the address follows it.
  const voulu = params.get("equipement");
  useEffect(() => {
    if (voulu !== null && numero !== undefined && voulu !== String(numero)) {
      const last = Number(voulu) < 0 ? dossier.equipements.at(-1)?.numero : numero;
      setParams(
        (avant) => {
          avant.set("equipement", String(last));
          return avant;
        },
        { replace: true },
      );
    }
  }, [voulu, numero, dossier.equipements, setParams]);

  const ouvrir = (choisi: Onglet) => montrer({ onglet: choisi });
  /** The field that had the focus goes with its tab: the next Tab leads into the new one. */
  const parTouche = (choisi: Onglet) => {
    ouvrir(choisi);
    document.querySelector<HTMLElement>(`[role="tab"][data-onglet="${choisi}"]`)?.focus();
  };
  useRaccourcis(ONGLETS.map((choisi, i) => ({ touche: `Alt+${i + 1}`, quoi: MOTS[choisi], action: () => parTouche(choisi) })));

  const enregistrer = useCallback(async () => {
    validerSaisie();
    const saved = await store.flush();
    // What stops it is said at the top.
    if (!saved) scrollTo({ top: 0 });
    return saved;
  }, [store]);

  const nom = personne(dossier.beneficiaire);
  return (
    <FormulaireContexte.Provider value={formulaire}>
      <Page
        titre={nom ? `Dossier ${deNom(nom)}` : "Nouveau dossier"}
        actions={
          <>
            {dossier.client_id && (
              <Button
                component={Link}
                href={`/clients/${dossier.client_id}`}
                variant="default"
                leftSection={<IconUser size={16} aria-hidden />}
              >
                Fiche du client
              </Button>
            )}
            <Impressions dossier={dossier} index={index} enregistrer={enregistrer} />
            {base && <EffacementDossier dossier={base.value} store={store} />}
          </>
        }
      >
        <div className={classes.tete} data-tete>
          {lecture ? (
            <div>Lecture seule</div>
          ) : (
            <LigneEtat vue={vue} attente="Nouveau dossier : il s'enregistre dès que le nom est saisi." />
          )}
          <Totaux totaux={dossier.totaux} attente={vue.phase !== "calme"} />
        </div>
        <AlertesSaisie
          vue={vue}
          store={store}
          motDuChamp={motDuChamp}
          onChamp={aller}
          explique={(erreur) => <EquipementEngage erreur={erreur} store={store} />}
        />
        <Tabs value={onglet} onChange={(choisi) => ouvrir(ongletDe(choisi))} keepMounted={false}>
          <Tabs.List>
            {ONGLETS.map((choisi, i) => (
              <Tabs.Tab key={choisi} value={choisi} data-onglet={choisi} aria-keyshortcuts={`Alt+${i + 1}`} title={`Alt+${i + 1}`}>
                {MOTS[choisi]}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="prescription" pt="sm">
            <OngletPrescription dossier={dossier} store={store} lecture={lecture} />
          </Tabs.Panel>
          <Tabs.Panel value="equipements" pt="xs">
            <OngletEquipements
              dossier={dossier}
              index={index}
              store={store}
              lecture={lecture}
              figeant={<Fige demande={figeant} />}
              fige={lecture || figeant !== undefined}
              detail={detail && detail.equipement === numero ? detail.ligne : null}
              onDetail={(ligne) => setDetail(ligne === null || numero === undefined ? null : { equipement: numero, ligne })}
              onEquipement={(n) => montrer({ equipement: String(n) })}
            />
          </Tabs.Panel>
          <Tabs.Panel value="tiers-payant" pt="xs">
            <OngletTiersPayant
              dossier={dossier}
              base={base}
              index={index}
              store={store}
              lecture={lecture}
              fige={lecture || figeant !== undefined}
              enregistrer={enregistrer}
              onChamp={aller}
              onEquipement={(n) => montrer({ equipement: String(n) })}
            />
          </Tabs.Panel>
        </Tabs>
      </Page>
    </FormulaireContexte.Provider>
  );
}

/** Where what a shop lacks is put right. */
const AILLEURS: Readonly<Record<string, string>> = {
  "/magasin/credit": "/credits",
  "/magasin/conventions": "/mutuelles",
  "/magasin/option_pec": "/credits",
};
