import { MantineProvider } from "@mantine/core";
import { act, cleanup, render, screen } from "@testing-library/react";
import { useSyncExternalStore } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { AlertesSaisie } from "./EtatSaisie";
import { Enregistreur, type Ports } from "./enregistreur";

afterEach(cleanup);

interface Chose {
  nom: string;
}

function Ecran({ store }: { store: Enregistreur<Chose> }) {
  const vue = useSyncExternalStore(store.subscribe, store.instantane);
  return <AlertesSaisie vue={vue} store={store} motDuChamp={() => "Lentilles par boîte"} onChamp={() => undefined} />;
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
