import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { ownDrafts, readDraft } from "@/session/brouillons";
import { useBrouillon } from "./brouillon";

interface Fiche {
  nom: string;
  fax: string;
}

const LUE = { etag: "1", value: { nom: "A", fax: "" } };

beforeEach(() => {
  sessionStorage.clear();
  ownDrafts("p1", "m1");
});

const ouvrir = () => renderHook(() => useBrouillon<Fiche>("magasin", LUE)).result;

test("what was typed while the save was on its way stays, over the version that was saved", () => {
  const form = ouvrir();
  act(() => form.current.poser("/nom", "B"));
  const envoye = form.current.value as Fiche;
  act(() => form.current.poser("/fax", "01"));
  act(() => form.current.enregistre(envoye, { etag: "2", value: { nom: "B.", fax: "" } }));
  expect(form.current).toMatchObject({ etag: "2", modifie: true, value: { nom: "B.", fax: "01" } });
  expect(readDraft("magasin")).toMatchObject({ etag: "2", value: { nom: "B.", fax: "01" } });
});

test("a save of all that was typed leaves nothing", () => {
  const form = ouvrir();
  act(() => form.current.poser("/nom", "B"));
  act(() => form.current.enregistre(form.current.value as Fiche, { etag: "2", value: { nom: "B", fax: "" } }));
  expect(form.current.modifie).toBe(false);
  expect(readDraft("magasin")).toBeNull();
});

test("what was typed while a new thing was being created is found under the name that it got", () => {
  const form = ouvrir();
  act(() => form.current.poser("/nom", "B"));
  const envoye = form.current.value as Fiche;
  act(() => form.current.poser("/fax", "01"));
  act(() => form.current.enregistre(envoye, { etag: "2", value: { nom: "B", fax: "" } }, "mutuelle:1"));
  expect(readDraft("magasin")).toBeNull();
  expect(readDraft("mutuelle:1")).toMatchObject({ etag: "2", value: { nom: "B", fax: "01" } });
});

test("what was given up while the save was on its way does not come back", () => {
  const form = ouvrir();
  act(() => form.current.poser("/nom", "B"));
  const envoye = form.current.value as Fiche;
  act(() => form.current.oublier());
  act(() => form.current.enregistre(envoye, { etag: "2", value: envoye }));
  expect(form.current.modifie).toBe(false);
});

test("the functions of an old render act on what was typed since", () => {
  const form = ouvrir();
  const vide = form.current;
  act(() => form.current.poser("/nom", "B"));
  const envoye = form.current.value as Fiche;
  const { rebaser, present, enregistre } = form.current;
  act(() => form.current.poser("/fax", "01"));
  act(() => vide.poser("/nom", "C"));
  act(() => rebaser("2"));
  expect(present()).toEqual({ nom: "C", fax: "01" });
  expect(form.current).toMatchObject({ etag: "2", value: { nom: "C", fax: "01" } });
  act(() => vide.rebaser("3", "1"));
  expect(form.current.etag).toBe("2");
  act(() => vide.rebaser("3", "2"));
  expect(form.current.etag).toBe("3");
  act(() => enregistre(envoye, { etag: "4", value: { nom: "B", fax: "" } }));
  expect(form.current).toMatchObject({ etag: "4", modifie: true, value: { nom: "C", fax: "01" } });
  expect(readDraft("magasin")).toMatchObject({ etag: "4", value: { nom: "C", fax: "01" } });
});
