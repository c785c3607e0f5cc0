import { MantineProvider, Modal } from "@mantine/core";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, cleanup, render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Injoignable } from "@/api/problemes";
import { dropDraft, keepDraft, onSaveAll, unsaved } from "./brouillons";
import { Garde } from "./Garde";
import { INACTIVITE_MS } from "./inactivite";
import * as jeton from "./jeton";
import { direDeconnexion } from "./onglets";

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

const ouvrir = (dialogue?: ReactNode) =>
  render(
    <MantineProvider>
      <QueryClientProvider client={client}>
        <Garde>
          <p>Dossier de Mme X</p>
          {dialogue}
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

test("whoever signs out in another tab leaves this one too, once what was typed is saved; somebody else stays", async () => {
  ouvrir();
  await screen.findByText("Dossier de Mme X");
  client.setQueryData(["dossier"], { nom: "X" });
  keepDraft("dossier:d1", { nom: "X" });
  const stop = onSaveAll(async () => {
    expect(jeton.forget).not.toHaveBeenCalled();
    dropDraft("dossier:d1");
  });
  direDeconnexion("p2");
  await new Promise((done) => setTimeout(done, 50));
  expect(screen.queryByRole("button", { name: "Se reconnecter", hidden: true })).toBeNull();
  direDeconnexion(QUI.sub);
  await screen.findByRole("button", { name: "Se reconnecter", hidden: true });
  await vi.waitFor(() => expect(jeton.forget).toHaveBeenCalledOnce());
  expect(unsaved()).toBe(false);
  expect(client.getQueryData(["dossier"])).toBeUndefined();
  stop();
});

test("a tab that the browser opens again after its time shows nothing of before", async () => {
  sessionStorage.setItem("activite", String(Date.now() - INACTIVITE_MS));
  ouvrir();
  await screen.findByRole("button", { name: "Se connecter" });
  expect(screen.queryByText("Dossier de Mme X")).toBeNull();
});

test("a page that the browser kept is loaded anew: nobody sees, or goes on with, what somebody else read there", async () => {
  const reload = vi.spyOn(window.location, "reload").mockImplementation(() => {});
  ouvrir();
  await screen.findByText("Dossier de Mme X");
  vi.mocked(jeton.identity).mockResolvedValue({ ...QUI, sub: "p2", magasin: "m2" });
  window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
  expect(reload).toHaveBeenCalledOnce();
  expect(document.documentElement.hidden).toBe(true);
  document.documentElement.hidden = false;
});

test("a page of the provider that cannot be reached is said, also where the session ended", async () => {
  let finir = () => {};
  vi.mocked(jeton.onSessionEnd).mockImplementation((listener) => {
    finir = listener;
    return () => {};
  });
  ouvrir();
  await screen.findByText("Dossier de Mme X");
  act(() => finir());
  vi.mocked(jeton.signIn).mockRejectedValue(new Injoignable());
  (await screen.findByRole("button", { name: "Se reconnecter", hidden: true })).click();
  await screen.findByText(/Serveur injoignable/);
});

test("once the session ended, Escape closes no dialog under it, wherever the focus is: what was typed there would go", async () => {
  let finir = () => {};
  vi.mocked(jeton.onSessionEnd).mockImplementation((listener) => {
    finir = listener;
    return () => {};
  });
  const onClose = vi.fn();
  ouvrir(<Modal opened title="Décider" onClose={onClose} />);
  await screen.findByText("Dossier de Mme X");
  const echap = (from: Element) => act(() => void from.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true })));
  act(() => finir());
  const text = await screen.findByText(/Ce que vous avez tapé est gardé/);
  for (const from of [document.body, text, screen.getByRole("button", { name: "Se reconnecter", hidden: true })]) echap(from);
  expect(onClose).not.toHaveBeenCalled();
});

test("whoever closes the tab is asked while something is not saved, and only then", async () => {
  ouvrir();
  await screen.findByText("Dossier de Mme X");
  const asked = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  expect(asked()).toBe(false);
  keepDraft("dossier:d1", { nom: "X" });
  expect(asked()).toBe(true);
  dropDraft("dossier:d1");
  expect(asked()).toBe(false);
});
