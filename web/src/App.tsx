/** Which screen an address shows. Screens are loaded when they are first opened; the address holds all of their state. */
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { patiently } from "./api/reseau";
import { Cadre } from "./cadre/Cadre";
import { Attente } from "./composants/Attente";
import { Rempart } from "./composants/Rempart";
import { Garde } from "./session/Garde";
import { Retour } from "./session/Retour";

const Travail = lazy(() => patiently(() => import("./ecrans/travail/Travail")));
const Clients = lazy(() => patiently(() => import("./ecrans/clients/Clients")));
const FicheClient = lazy(() => patiently(() => import("./ecrans/clients/FicheClient")));
const FicheDossier = lazy(() => patiently(() => import("./ecrans/dossier/FicheDossier")));
const FicheDemande = lazy(() => patiently(() => import("./ecrans/demande/FicheDemande")));
const Mutuelles = lazy(() => patiently(() => import("./ecrans/mutuelles/Mutuelles")));
const FicheMutuelle = lazy(() => patiently(() => import("./ecrans/mutuelles/FicheMutuelle")));
const ImportMutuelles = lazy(() => patiently(() => import("./ecrans/mutuelles/ImportMutuelles")));
const PageCredits = lazy(() => patiently(() => import("./ecrans/credits/PageCredits")));
const Tableau = lazy(() => patiently(() => import("./ecrans/tableau/Tableau")));
const Reglages = lazy(() => patiently(() => import("./ecrans/reglages/Reglages")));
const Introuvable = lazy(() => patiently(() => import("./ecrans/Introuvable")));

export function App() {
  return (
    <Switch>
      <Route path="/connexion/retour">
        <Retour />
      </Route>
      <Route>
        <Garde>
          <Cadre>
            <Rempart>
              <Suspense fallback={<Attente />}>
                <Switch>
                  <Route path="/" component={Travail} />
                  <Route path="/clients" component={Clients} />
                  <Route path="/clients/:id">{({ id }) => <FicheClient id={id} />}</Route>
                  <Route path="/dossiers/:id">{({ id }) => <FicheDossier id={id} />}</Route>
                  <Route path="/demandes/:id">{({ id }) => <FicheDemande key={id} id={id} />}</Route>
                  <Route path="/mutuelles" component={Mutuelles} />
                  <Route path="/mutuelles/import" component={ImportMutuelles} />
                  <Route path="/mutuelles/:id">{({ id }) => <FicheMutuelle key={id} id={id} />}</Route>
                  <Route path="/credits" component={PageCredits} />
                  <Route path="/tableau-de-bord" component={Tableau} />
                  <Route path="/reglages" component={Reglages} />
                  <Route component={Introuvable} />
                </Switch>
              </Suspense>
            </Rempart>
          </Cadre>
        </Garde>
      </Route>
    </Switch>
  );
}
