import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Versioned } from "@/api/client";
import type { Dossier } from "@/api/types";
import { dossierVide } from "@/ecrans/dossier/modele";
import { Session } from "@/session/contexte";
import { demande } from "./exemples";
import { PanneauDemande } from "./PanneauDemande";

vi.mock("@/session/jeton", () => ({ currentToken: async () => "jeton", renewToken: async () => null, endSession: () => {} }));

const PEC = demande();
const ADRESSE = `/dossiers/${PEC.dossier_id}?onglet=tiers-payant&equipement=1`;

/** Lets the server answer what was sent. */
let repondre: () => void;

beforeEach(() => {
  history.replaceState(null, "", ADRESSE);
  const envoi = new Promise<void>((done) => {
    repondre = done;
  });
  vi.stubGlobal("fetch", async ({ method, url }: Request) => {
    if (method === "POST") {
      await envoi;
      return Response.json(PEC, { status: 202, headers: { ETag: '"1"' } });
    }
    if (url.includes("/verification")) return Response.json({ pret: true, erreurs: [], avertissements: [], prix: 1, apercu: null });
    if (url.includes(PEC.id)) return Response.json(PEC, { headers: { ETag: '"1"' } });
    return Response.json({ demandes: [], mouvements: [], suivant: null });
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const dossier = (version = 1): Versioned<Dossier> => ({
  etag: `"${version}"`,
  value: { ...dossierVide("2013-11-26"), id: PEC.dossier_id, version },
});

function ouvrir(enregistrer: () => Promise<Versioned<Dossier> | null> = async () => dossier(), lu?: Versioned<Dossier>) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false, networkMode: "always" } } });
  const panneau = (equipement: number, version = 1) => (
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <Session.Provider value={{ sub: "p1", magasin: "m1", role: "GERANT" }}>
          <PanneauDemande
            key={equipement}
            dossier={lu ?? dossier(version)}
            equipement={equipement}
            enregistrer={enregistrer}
            onChamp={() => {}}
          />
        </Session.Provider>
      </QueryClientProvider>
    </MantineProvider>
  );
  const { rerender } = render(panneau(1));
  return { client, montrer: (equipement: number, version?: number) => rerender(panneau(equipement, version)) };
}

async function demanderPec() {
  const bouton = await screen.findByRole("button", { name: /^PEC/ });
  await waitFor(() => expect(bouton.getAttribute("aria-disabled")).not.toBe("true"));
  act(() => bouton.click());
}

test("a demande that was sent is shown, by its address too", async () => {
  ouvrir();
  await demanderPec();
  repondre();
  await waitFor(() => expect(location.search).toContain(`demande=${PEC.id}`));
});

test("who looks at another equipment while a demande is being sent is not taken back", async () => {
  const { client, montrer } = ouvrir();
  await demanderPec();
  const ailleurs = ADRESSE.replace("equipement=1", "equipement=2");
  act(() => history.pushState(null, "", ailleurs));
  montrer(2);
  repondre();
  await waitFor(() => expect(client.getQueryData(["demandes", "une", PEC.id])).toBeDefined());
  await waitFor(() => expect(client.isMutating()).toBe(0));
  expect(location.pathname + location.search).toBe(ailleurs);
});

test("« Dossier non enregistré » goes once the dossier is saved", async () => {
  const { montrer } = ouvrir(async () => null);
  await demanderPec();
  await screen.findByText("Dossier non enregistré");
  montrer(1, 1);
  expect(screen.getByText("Dossier non enregistré")).toBeDefined();
  montrer(1, 2);
  await waitFor(() => expect(screen.queryByText("Dossier non enregistré")).toBeNull());
});

test("while nobody knows whether a PEC was sent, one box says what trying again does, and nothing else is offered", async () => {
  ouvrir();
  await screen.findByText("Rien ne manque.");
  vi.stubGlobal("fetch", async () => {
    throw new TypeError("no network");
  });
  await demanderPec();
  await screen.findByText(/La même demande est renvoyée : elle ne part qu'une fois\./);
  expect(screen.getAllByText("Serveur injoignable")).toHaveLength(1);
  expect(screen.getAllByRole("button", { name: "Réessayer" })).toHaveLength(1);
  for (const name of [/^PEC/, /^Cotation/]) {
    const bouton = screen.getByRole("button", { name });
    expect(bouton.getAttribute("aria-disabled")).toBe("true");
    expect(bouton.textContent).toContain("Nul ne sait si la demande précédente est partie");
  }
});

test("an equipment that a PEC was granted for asks for no other signature", async () => {
  const accordee = { ...PEC, etat: "ACCORDEE" as const, actions: [] };
  const raison = "Une donnée a été ajoutée à la transmission.";
  const faute = { champ: "/consentement", code: "CONSENTEMENT", message: "Faites signer." };
  const repondre = (demandes: unknown[]) =>
    vi.stubGlobal("fetch", async ({ url }: Request) => {
      if (url.includes("/verification")) return Response.json({ pret: false, erreurs: [faute], avertissements: [], prix: 1, apercu: null });
      if (url.includes(PEC.id)) return Response.json(accordee, { headers: { ETag: '"1"' } });
      return Response.json({ demandes, mouvements: [], suivant: null });
    });
  const { etag, value } = dossier();
  const perime = { etag, value: { ...value, consentement: { ...value.consentement, raison } } };
  repondre([]);
  ouvrir(undefined, perime);
  await screen.findByText(raison);
  cleanup();
  repondre([accordee]);
  ouvrir(undefined, perime);
  await screen.findByText("Pour une autre cotation");
  expect(screen.queryByText(raison)).toBeNull();
});
