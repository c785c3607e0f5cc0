import { beforeEach, expect, test, vi } from "vitest";
import { dropAllDrafts, dropDraft, dropDrafts, keepDraft, onSaveAll, ownDrafts, readDraft, saveAll, unsaved } from "./brouillons";

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
  // A form that is still on the screen goes on for a moment.
  keepDraft("client:c1", { nir: "2" });
  expect(Object.keys(sessionStorage)).toEqual(["autre"]);
});

test("what waits to be saved is what was typed, and is saved by the forms on the screen", async () => {
  ownDrafts("p1", "m1");
  keepDraft("recherche:clients", "X");
  expect(unsaved()).toBe(false);
  keepDraft("dossier:d1", { nom: "X" });
  expect(unsaved()).toBe(true);
  const stop = onSaveAll(async () => dropDraft("dossier:d1"));
  expect(await saveAll()).toBe(true);
  stop();
  keepDraft("dossier:d1", { nom: "X" });
  const refused = onSaveAll(() => Promise.reject(new Error("no")));
  expect(await saveAll()).toBe(false);
  refused();
});

test("a server that never answers does not hold up who wants to leave", async () => {
  vi.useFakeTimers();
  ownDrafts("p1", "m1");
  keepDraft("dossier:d1", { nom: "X" });
  const stop = onSaveAll(() => new Promise(() => {}));
  const saved = saveAll();
  await vi.runAllTimersAsync();
  expect(await saved).toBe(false);
  stop();
  vi.useRealTimers();
});

test("what was typed about a thing that is erased goes, and nothing else", () => {
  ownDrafts("p1", "m1");
  for (const name of ["dossier:d1", "dossier:nouveau:c1", "client:c1"]) keepDraft(name, { client: "c1" });
  keepDraft("dossier:d2", { client: "c2" });
  dropDrafts("dossier:", (value) => (value as { client: string }).client === "c1");
  expect(["dossier:d1", "dossier:nouveau:c1", "client:c1", "dossier:d2"].filter((name) => readDraft(name) !== null)).toEqual([
    "client:c1",
    "dossier:d2",
  ]);
});
