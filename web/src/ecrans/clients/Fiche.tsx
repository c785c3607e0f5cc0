/** A client's file on the screen: who she is, who insures her, her mutuelles, her dossiers; for the manager, who saw her numbers. */
import { IconPlus } from "@tabler/icons-react";
import { useCallback, useEffect } from "react";
import { useLocation } from "wouter";
import type { Client } from "@/api/types";
import { allerAuChamp } from "@/brouillon/allerAuChamp";
import { FormulaireContexte } from "@/brouillon/contexte";
import { AlertesSaisie, LigneEtat } from "@/brouillon/EtatSaisie";
import type { Enregistreur } from "@/brouillon/enregistreur";
import { useFormulaire, useVue } from "@/brouillon/useEnregistreur";
import { validerSaisie } from "@/champs/valider";
import { Action } from "@/composants/Action";
import { Page } from "@/composants/Page";
import { usePresent } from "@/composants/usePresent";
import { ChampsPersonne } from "@/ecrans/dossier/ChampsPersonne";
import classes from "@/ecrans/dossier/dossier.module.css";
import { motDuChamp } from "@/ecrans/dossier/libelles";
import { personne } from "@/format/format";
import { mayManage, maySell, RESERVE_OPTICIEN, useSession } from "@/session/contexte";
import { Acces } from "./Acces";
import { ActionsClient } from "./ActionsClient";
import { DossiersDuClient } from "./DossiersDuClient";
import { MutuellesClient } from "./MutuellesClient";
import { sansDossier } from "./modele";

export function Fiche({ store }: { store: Enregistreur<Client> }) {
  const vue = useVue(store);
  const { etat: client, base } = vue;
  const session = useSession();
  const lecture = !maySell(session);
  const [, navigate] = useLocation();
  const present = usePresent();
  const fige = useCallback(() => lecture, [lecture]);
  const formulaire = useFormulaire(store, vue, fige);
  const id = base?.value.id ?? null;

  useEffect(() => {
    if (!store.instantane().base) allerAuChamp(["/nom"]);
  }, [store]);

  const nouveauDossier = async () => {
    validerSaisie();
    const saved = await store.flush();
    if (saved && present.current) navigate(`/dossiers/nouveau?client=${saved.value.id}`);
  };

  return (
    <FormulaireContexte.Provider value={formulaire}>
      <Page
        titre={personne(client) || "Nouveau client"}
        actions={
          <>
            {id && <ActionsClient client={client} id={id} store={store} />}
            <Action
              leftSection={<IconPlus size={16} aria-hidden />}
              empeche={lecture ? RESERVE_OPTICIEN : sansDossier(vue)}
              onClick={() => void nouveauDossier()}
            >
              Nouveau dossier
            </Action>
          </>
        }
      >
        <div className={classes.tete} data-tete>
          {lecture ? (
            <div>Lecture seule</div>
          ) : (
            <LigneEtat vue={vue} attente="Nouveau client : la fiche s'enregistre dès que le nom est saisi." />
          )}
        </div>
        <AlertesSaisie vue={vue} store={store} motDuChamp={motDuChamp} onChamp={(champ) => allerAuChamp([champ])} />
        <section className={classes.bloc} aria-labelledby="titre-identite">
          <h2 id="titre-identite">Identité</h2>
          <ChampsPersonne store={store} etat={client} p="" />
        </section>
        <MutuellesClient client={client} store={store} lecture={lecture} />
        {id && <DossiersDuClient id={id} />}
        {id && mayManage(session) && <Acces id={id} />}
      </Page>
    </FormulaireContexte.Provider>
  );
}
