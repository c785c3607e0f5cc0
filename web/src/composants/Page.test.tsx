import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, waitFor } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { cles } from "@/api/requetes";
import { Page } from "./Page";

afterEach(cleanup);

test("the tab says on every screen how many demandes need a person, and no more once none does", async () => {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  const aVerifier = { id: "dem_1", etat: "A_VERIFIER", numero: 1, dossier_id: "dos_1", equipement: 1, nature: "PEC" };
  const lue = (demandes: object[]) => client.setQueryData(cles.travail, { demandes, entiereLe: 0 });
  lue([aVerifier, { ...aVerifier, id: "dem_2", numero: 2, etat: "ACCORDEE" }]);
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <Page titre="Réglages">…</Page>
      </QueryClientProvider>
    </MantineProvider>,
  );
  expect(document.title).toBe("(1) Réglages · optopec");
  act(() => void lue([]));
  await waitFor(() => expect(document.title).toBe("Réglages · optopec"));
});
