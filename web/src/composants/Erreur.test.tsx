import { MantineProvider } from "@mantine/core";
import { cleanup, render, screen } from "@testing-library/react";
import { afterEach, expect, test } from "vitest";
import { Probleme } from "@/api/problemes";
import { keepDraft, ownDrafts, readDraft, unsaved } from "@/session/brouillons";
import { Erreur } from "./Erreur";

afterEach(cleanup);

test("the draft of a thing that does not exist any more goes, that of one that could not be read stays", () => {
  ownDrafts("p1", "m1");
  keepDraft("dossier:d1", { nom: "X" });
  const montrer = (status: number) =>
    render(
      <MantineProvider>
        <Erreur
          error={new Probleme({ type: "/problemes/x", title: "x", status, detail: "x", instance: "", erreurs: [] })}
          lue={{ quoi: "Ce dossier", chemin: "/clients", mot: "Clients et dossiers", brouillon: "dossier:d1" }}
        />
      </MantineProvider>,
    );
  montrer(503);
  expect(readDraft("dossier:d1")).not.toBeNull();
  montrer(404);
  expect(unsaved()).toBe(false);
});

test("« Réessayer » is not offered for what trying again cannot mend", () => {
  const montrer = (status: number, attente: number | null = null) => {
    cleanup();
    const error = new Probleme({ type: "/problemes/x", title: "x", status, detail: "x", instance: "", erreurs: [] }, attente);
    render(
      <MantineProvider>
        <Erreur error={error} onRetry={() => {}} />
      </MantineProvider>,
    );
    return screen.queryByRole("button", { name: "Réessayer" }) !== null;
  };
  expect(montrer(503)).toBe(true);
  expect(montrer(404)).toBe(false);
  expect(montrer(409)).toBe(false);
  // The same request still runs.
  expect(montrer(409, 1)).toBe(true);
});
