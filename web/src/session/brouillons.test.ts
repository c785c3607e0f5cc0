import { beforeEach, expect, test } from "vitest";
import { dropAllDrafts, keepDraft, ownDrafts, readDraft } from "./brouillons";

beforeEach(() => sessionStorage.clear());

test("a draft comes back to the person and the shop that typed it, and is dropped for anybody else", () => {
  ownDrafts("p1", "m1");
  keepDraft("dossier:d1", { nom: "X" });
  ownDrafts("p1", "m1");
  expect(readDraft("dossier:d1")).toEqual({ nom: "X" });
  for (const [sub, magasin] of [
    ["p2", "m1"],
    ["p1", "m2"],
  ] as const) {
    ownDrafts("p1", "m1");
    keepDraft("dossier:d1", { nom: "X" });
    ownDrafts(sub, magasin);
    expect(readDraft("dossier:d1")).toBeNull();
    ownDrafts("p1", "m1");
    expect(readDraft("dossier:d1")).toBeNull();
  }
});

test("signing out leaves no draft", () => {
  ownDrafts("p1", "m1");
  keepDraft("client:c1", { nir: "2" });
  sessionStorage.setItem("autre", "x");
  dropAllDrafts();
  expect(Object.keys(sessionStorage)).toEqual(["autre"]);
});
