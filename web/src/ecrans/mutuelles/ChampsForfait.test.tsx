import { MantineProvider } from "@mantine/core";
import { cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test } from "vitest";
import type { Forfait } from "@/api/types";
import { ChampsForfait } from "./ChampsForfait";

afterEach(cleanup);

let present: Forfait = { id: "", libelle: "Optique", type: "POURCENTAGE", montant_centimes: null, pourcentage: null, assiette: "RESTE" };

function Essai() {
  const [forfait, setForfait] = useState(present);
  present = forfait;
  return <ChampsForfait forfait={forfait} pointeur="/forfaits/0" fautes={new Map()} onForfait={setForfait} />;
}

test("« 200 % du tarif » is understood in whatever order it is typed, and what it is a part of is asked first", () => {
  render(
    <MantineProvider env="test">
      <Essai />
    </MantineProvider>,
  );
  const part = screen.getByLabelText("Part (%)");
  const deQuoi = screen.getByLabelText("De quoi");
  expect(deQuoi.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING).toBeTruthy();
  fireEvent.change(part, { target: { value: "200" } });
  fireEvent.blur(part);
  expect(screen.getByText("Un pourcentage de 0 à 100.")).toBeDefined();
  fireEvent.change(deQuoi, { target: { value: "TARIF" } });
  expect(screen.queryByText(/^Un pourcentage/)).toBeNull();
  expect(present).toMatchObject({ pourcentage: "200", assiette: "TARIF" });
});
