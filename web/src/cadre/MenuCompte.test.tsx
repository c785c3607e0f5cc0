import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { Session } from "@/session/contexte";
import MenuCompte from "./MenuCompte";

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
