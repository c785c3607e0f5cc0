import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Versioned } from "@/api/client";
import { cles } from "@/api/requetes";
import type { Demande, Dossier, Equipement, Ligne } from "@/api/types";
import { dossierVide } from "@/ecrans/dossier/modele";
import { keepDraft, ownDrafts, unsaved } from "@/session/brouillons";
import { Session } from "@/session/contexte";
import { Actions } from "./Actions";
import { envoye } from "./envoye";
import { demande as exemple } from "./exemples";

vi.mock("@/session/jeton", () => ({ currentToken: async () => "jeton", renewToken: async () => null, endSession: () => {} }));

let envois: string[];
beforeEach(() => {
  envois = [];
  vi.stubGlobal("fetch", async ({ method, url }: Request) => {
    if (method === "POST") envois.push(new URL(url).pathname);
    if (method === "POST") return Response.json(exemple({ id: "dem_9" }), { status: 201, headers: { ETag: '"1"' } });
    return Response.json({ pret: true, erreurs: [], avertissements: [], prix: 1, apercu: null, demandes: [], disponibles: 1 });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function montrer(demande: Demande, dossier?: Versioned<Dossier>, autres: Demande[] = []) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY, networkMode: "always" } } });
  client.setQueryData(cles.demandesDuDossier(demande.dossier_id), [demande, ...autres]);
  return render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <Session.Provider value={{ sub: "p1", magasin: "m1", role: "OPTICIEN" }}>
          <Actions demande={demande} dossier={dossier} onNouvelle={() => undefined} />
        </Session.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

test("a reason typed for an order that the demande does not allow any more goes, the other is shown again", () => {
  ownDrafts("p1", "m1");
  const accordee = (actions: Demande["actions"]) => exemple({ id: "dem_1", etat: "ACCORDEE", actions });
  keepDraft("ordre:dem_1", { ordre: "ANNULER", key: "k", saisie: { motif: "Erreur de saisie" } });
  const { unmount } = montrer(accordee(["ANNULER"]));
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: /Motif/ }).value).toBe("Erreur de saisie");
  expect(unsaved()).toBe(true);
  unmount();
  montrer(accordee(["ACTUALISER"]));
  expect(unsaved()).toBe(false);
});

const equipement = (prix: number) =>
  ({ numero: 1, lignes: [{ numero: 1, designation: "Verre", valeur_centimes: prix, occulte: false } as Ligne] }) as Equipement;
const dossier = (prix: number): Versioned<Dossier> => ({
  etag: '"1"',
  value: { ...dossierVide("2013-11-26"), id: exemple().dossier_id, equipements: [equipement(prix)] },
});
/** A granted cotation of 90 €, which this page saw under way. */
function cotation(id: string): Demande {
  const partie = exemple({ id, nature: "COTATION", numero: 12, lignes: [{ numero: 1, rc_centimes: null }] });
  envoye(partie, equipement(9_000));
  return { ...partie, etat: "ACCORDEE", lignes: [{ numero: 1, rc_centimes: 7_200 }], actions: ["TRANSFERER", "TRANSFORMER"] };
}
const bouton = (name: RegExp) => screen.getByRole("button", { name });
const transformer = () => act(() => bouton(/^Transformer en PEC/).click());

test("a cotation whose equipment is as it was becomes a PEC by one click", async () => {
  montrer(cotation("dem_2"), dossier(9_000));
  transformer();
  await waitFor(() => expect(envois).toEqual(["/v1/demandes/dem_2/transformation"]));
});

test("a cotation whose equipment changed says so before a PEC of it is sent, and its amounts cannot be transferred", async () => {
  montrer(cotation("dem_3"), dossier(12_000));
  expect(bouton(/^Transférer vers le dossier/).textContent).toContain("L'équipement a changé depuis cette demande");
  transformer();
  const question = await screen.findByText(/L'équipement a changé depuis la cotation/);
  expect(question.textContent).toMatch(/90,00.€ alors, 120,00.€ maintenant/);
  expect(envois).toEqual([]);
  act(() => bouton(/^Envoyer la PEC/).click());
  await waitFor(() => expect(envois).toEqual(["/v1/demandes/dem_3/transformation"]));
});

test("while a PEC of the equipment lives, a cotation is not transformed, and says why", () => {
  montrer(cotation("dem_4"), dossier(9_000), [exemple({ numero: 13, etat: "ACCORDEE", actions: [] })]);
  expect(bouton(/^Transformer en PEC/).getAttribute("aria-disabled")).toBe("true");
  expect(bouton(/^Transformer en PEC/).textContent).toContain("La PEC n° 13 compte encore");
});

test("what was transferred says when, and is no longer what is to be done", () => {
  const evenements = [{ le: "2013-11-26T16:31:00Z", quoi: "TRANSFEREE" as const, par: "p1", detail: null }];
  montrer(cotation("dem_5"), dossier(9_000));
  expect(bouton(/^Transférer/).dataset.variant).toBe("filled");
  cleanup();
  montrer({ ...cotation("dem_5"), evenements }, dossier(9_000));
  expect(bouton(/^Transférer/).dataset.variant).toBe("default");
  expect(screen.getByText(/Montants transférés vers le dossier le 26\/11\/2013/)).toBeDefined();
});
