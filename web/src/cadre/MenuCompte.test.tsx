import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Annonces } from "@/composants/Annonce";
import { dropDraft, keepDraft, onSaveAll, ownDrafts } from "@/session/brouillons";
import { Session } from "@/session/contexte";
import * as jeton from "@/session/jeton";
import MenuCompte from "./MenuCompte";

vi.mock("@/session/jeton");

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

test("where the system is dark the screen is offered light, and becomes so at the first click", async () => {
  vi.stubGlobal("matchMedia", (media: string) => ({
    media,
    matches: media.includes("dark"),
    addEventListener: () => {},
    removeEventListener: () => {},
  }));
  render(
    <MantineProvider defaultColorScheme="auto" env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Session.Provider value={{ sub: "p1", magasin: "m1", role: "GERANT" }}>
          <MenuCompte onAide={() => {}} />
        </Session.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  const clair = await screen.findByRole("menuitem", { name: "Écran clair", hidden: true });
  act(() => clair.click());
  expect(document.documentElement.getAttribute("data-mantine-color-scheme")).toBe("light");
});

test("signing out says that it saves first, and does it once however often it is pressed", async () => {
  ownDrafts("p1", "m1");
  keepDraft("dossier:d1", { nom: "X" });
  let finir = () => {};
  const write = vi.fn(
    () =>
      new Promise<void>((done) => {
        finir = done;
      }),
  );
  const stop = onSaveAll(write);
  render(
    <MantineProvider env="test">
      <QueryClientProvider client={new QueryClient()}>
        <Session.Provider value={{ sub: "p1", magasin: "m1", role: "GERANT" }}>
          <MenuCompte onAide={() => {}} />
          <Annonces />
        </Session.Provider>
      </QueryClientProvider>
    </MantineProvider>,
  );
  const sortie = await screen.findByRole("menuitem", { name: "Se déconnecter", hidden: true });
  act(() => sortie.click());
  act(() => sortie.click());
  expect(write).toHaveBeenCalledOnce();
  await screen.findByText("Enregistrement avant la déconnexion…");
  expect(jeton.signOut).not.toHaveBeenCalled();
  dropDraft("dossier:d1");
  finir();
  await waitFor(() => expect(jeton.signOut).toHaveBeenCalledOnce());
  stop();
});
