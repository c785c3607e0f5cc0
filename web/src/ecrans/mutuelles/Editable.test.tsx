import { MantineProvider } from "@mantine/core";
import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import { ChampMontant } from "@/champs/champs";
import { Editable } from "./Editable";

afterEach(cleanup);

function Ecran() {
  const [items, setItems] = useState<(number | null)[]>([100, 200, 300]);
  return (
    <MantineProvider env="test">
      <Editable
        titre="Forfaits"
        vide=""
        items={items}
        neuf={null}
        onItems={setItems}
        nommer={(item) => String(item)}
        montrer={(item) => item}
        champs={(item, _, poser) => <ChampMontant label="Montant" valeur={item} onValeur={poser} />}
        fautif={() => false}
        lectureSeule={false}
        max={50}
      />
    </MantineProvider>
  );
}

test("a text that could not be read stays when another line is removed, and goes with its own", () => {
  render(<Ecran />);
  const presser = (name: string) => act(() => screen.getByRole("button", { name }).click());
  const montant = () => screen.queryByRole<HTMLInputElement>("textbox", { name: "Montant" });
  presser("Éditer 200");
  const champ = montant() as HTMLInputElement;
  fireEvent.change(champ, { target: { value: "25O" } });
  fireEvent.blur(champ);
  presser("Supprimer 100");
  expect(montant()?.value).toBe("25O");
  expect(document.activeElement).toBe(montant());
  expect(screen.getByRole("button", { name: "Supprimer 100" })).toBeDefined();
  presser("Supprimer 200");
  expect(montant()).toBeNull();
  presser("Supprimer 100");
  expect(screen.queryByRole("button", { name: "Supprimer 100" })).toBeNull();
});
