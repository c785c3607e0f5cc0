import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { cles } from "@/api/requetes";
import type { Demande } from "@/api/types";
import { keepDraft, ownDrafts, unsaved } from "@/session/brouillons";
import { Session } from "@/session/contexte";
import { Actions } from "./Actions";

afterEach(cleanup);

test("a reason typed for an order that the demande does not allow any more goes, the other is shown again", () => {
  ownDrafts("p1", "m1");
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(cles.demandesDuDossier("dos_1"), []);
  const montrer = (actions: Demande["actions"]) =>
    render(
      <MantineProvider env="test">
        <QueryClientProvider client={client}>
          <Session.Provider value={{ sub: "p1", magasin: "m1", role: "OPTICIEN" }}>
            <Actions
              demande={
                {
                  id: "dem_1",
                  numero: 1,
                  nature: "PEC",
                  etat: "ACCORDEE",
                  dossier_id: "dos_1",
                  equipement: 1,
                  version: 1,
                  actions,
                } as Demande
              }
              dossier={undefined}
              onNouvelle={() => undefined}
            />
          </Session.Provider>
        </QueryClientProvider>
      </MantineProvider>,
    );
  keepDraft("ordre:dem_1", { ordre: "ANNULER", key: "k", saisie: { motif: "Erreur de saisie" } });
  const { unmount } = montrer(["ANNULER"]);
  expect(screen.getByRole<HTMLInputElement>("textbox", { name: /Motif/ }).value).toBe("Erreur de saisie");
  expect(unsaved()).toBe(true);
  unmount();
  montrer(["ACTUALISER"]);
  expect(unsaved()).toBe(false);
});
