import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { cleanup, render, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Garde } from "./Garde";
import { INACTIVITE_MS } from "./inactivite";
import * as jeton from "./jeton";

vi.mock("./jeton");

const QUI = { sub: "p1", magasin: "m1", role: "GERANT" } as const;
let client: QueryClient;

beforeEach(() => {
  vi.resetAllMocks();
  sessionStorage.clear();
  vi.mocked(jeton.onSessionEnd).mockReturnValue(() => {});
  vi.mocked(jeton.identity).mockResolvedValue(QUI);
  vi.mocked(jeton.forget).mockImplementation(async () => void vi.mocked(jeton.identity).mockResolvedValue(null));
  client = new QueryClient();
});
afterEach(cleanup);

const ouvrir = () =>
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <Garde>
          <p>Dossier de Mme X</p>
        </Garde>
      </QueryClientProvider>
    </MantineProvider>,
  );

test("nobody is sent to the provider without having asked for it", async () => {
  vi.mocked(jeton.identity).mockResolvedValue(null);
  ouvrir();
  const button = await screen.findByRole("button", { name: "Se connecter" });
  expect(jeton.signIn).not.toHaveBeenCalled();
  vi.mocked(jeton.signIn).mockResolvedValue();
  button.click();
  expect(jeton.signIn).toHaveBeenCalledOnce();
});

test("a screen left alone forgets the tokens and what was read, and hides what it shows", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  try {
    ouvrir();
    await screen.findByText("Dossier de Mme X");
    client.setQueryData(["dossier"], { nom: "X" });
    vi.advanceTimersByTime(INACTIVITE_MS);
    await screen.findByRole("button", { name: "Se reconnecter", hidden: true });
    expect(jeton.forget).toHaveBeenCalledOnce();
    expect(client.getQueryData(["dossier"])).toBeUndefined();
    const overlay = document.querySelector<HTMLElement>(".mantine-Modal-overlay");
    expect(overlay?.style.getPropertyValue("--overlay-bg")).toMatch(/mantine-color-body.*transparent 0%/);
  } finally {
    vi.useRealTimers();
  }
});

test("a tab that the browser opens again after its time shows nothing of before", async () => {
  sessionStorage.setItem("activite", String(Date.now() - INACTIVITE_MS));
  ouvrir();
  await screen.findByRole("button", { name: "Se connecter" });
  expect(screen.queryByText("Dossier de Mme X")).toBeNull();
});

test("the back button after signing out shows no page of before", async () => {
  ouvrir();
  await screen.findByText("Dossier de Mme X");
  vi.mocked(jeton.identity).mockResolvedValue(null);
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  await waitFor(() => expect(screen.queryByText("Dossier de Mme X")).toBeNull());
  await screen.findByRole("button", { name: "Se connecter" });
});
