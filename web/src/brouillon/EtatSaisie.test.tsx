import { MantineProvider } from "@mantine/core";
import { act, cleanup, render, screen } from "@testing-library/react";
import { useSyncExternalStore } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { AlertesSaisie, LigneEtat } from "./EtatSaisie";
import { Enregistreur, type Ports } from "./enregistreur";

afterEach(cleanup);

test("what came back is said until it is saved and something else is typed, which nobody is asked to give up", async () => {
  const recu = { value: { nom: "B" }, etag: "2" };
  const ports = {
    garder: vi.fn(),
    modifier: async () => recu,
    apparier: (etat: Chose) => etat,
    version: () => 1,
    maintenant: () => 0,
    onEnregistre: vi.fn(),
  } as unknown as Ports<Chose>;
  const base = { value: { nom: "A" }, etag: "1" };
  const store = new Enregistreur<Chose>(ports, base, { nom: "" }, { base, etat: { nom: "B" }, creation: null });
  render(
    <MantineProvider env="test">
      <Ecran store={store} />
    </MantineProvider>,
  );
  expect(screen.getByText(/n'était pas encore enregistré/)).toBeTruthy();
  await act(() => store.flush());
  expect(screen.getByText(/a été repris, et est enregistré/)).toBeTruthy();
  act(() => store.modifier("/nom", "C"));
  expect(screen.queryByText("Votre saisie est revenue")).toBeNull();
});

test("trouble leads to what explains it, wherever one has scrolled", () => {
  const lue = { value: { nom: "A" }, etag: "1" };
  const store = new Enregistreur<Chose>({ garder: vi.fn() } as unknown as Ports<Chose>, lue, { nom: "" });
  render(
    <MantineProvider env="test">
      <Ecran store={store} />
    </MantineProvider>,
  );
  expect(screen.queryByRole("button", { name: /^Voir/ })).toBeNull();
  act(() => store.signaler("/nom", { texte: "x", erreur: "Un nombre." }));
  act(() => screen.getByRole("button", { name: "Voir ce qui empêche d'enregistrer" }).click());
  expect(document.activeElement?.textContent).toContain("À corriger pour enregistrer");
});

interface Chose {
  nom: string;
}

function Ecran({ store }: { store: Enregistreur<Chose> }) {
  const vue = useSyncExternalStore(store.subscribe, store.instantane);
  return (
    <>
      <LigneEtat vue={vue} attente="" />
      <AlertesSaisie vue={vue} store={store} motDuChamp={() => "Lentilles par boîte"} onChamp={() => undefined} />
    </>
  );
}

test("a text of a field that is not shown any more can be given up, and stops nothing then", async () => {
  const garder = vi.fn();
  const lue = { value: { nom: "A" }, etag: "1" };
  const store = new Enregistreur<Chose>({ garder } as unknown as Ports<Chose>, lue, { nom: "" });
  render(
    <MantineProvider env="test">
      <Ecran store={store} />
    </MantineProvider>,
  );
  act(() => store.signaler("/par_boite", { texte: "x", erreur: "Un nombre." }));
  expect(screen.getByRole("alert").textContent).toContain("« x » n'a pas été compris. Un nombre.");
  expect(await store.flush()).toBeNull();
  act(() => screen.getByRole("button", { name: "Oublier « x »" }).click());
  expect(screen.queryByRole("alert")).toBeNull();
  expect(await store.flush()).toBe(lue);
  expect(garder).toHaveBeenLastCalledWith(null, lue);
});
