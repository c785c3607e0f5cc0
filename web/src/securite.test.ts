/** What no source of the client may do, whoever writes the next screen (docs/asvs.md). */
import { expect, test } from "vitest";
import { fusionner } from "@/brouillon/fusion";
import { withAt } from "@/champs/pointeur";

const SOURCES = Object.entries(import.meta.glob<string>("/src/**/*.{ts,tsx}", { query: "?raw", import: "default", eager: true })).filter(
  ([path]) => !/\.test\.tsx?$|schema\.d\.ts$/.test(path),
);

/** The files that hold a pattern, in the order of their names. */
const holding = (pattern: RegExp) =>
  SOURCES.filter(([, text]) => pattern.test(text))
    .map(([path]) => path)
    .sort();

test("the sources are there to be looked at", () => {
  expect(SOURCES.length).toBeGreaterThan(80);
});

test("text is shown as text, and no text is run", () => {
  for (const pattern of [
    /dangerouslySetInnerHTML/,
    /\b(inner|outer)HTML\b/,
    /insertAdjacentHTML/,
    /document\.write/,
    /\beval\(/,
    /new Function\b/,
  ])
    expect(holding(pattern), String(pattern)).toEqual([]);
});

test("nothing is kept beyond the tab, and only the session and its drafts in it", () => {
  for (const pattern of [/\blocalStorage\b/, /document\.cookie/, /\bindexedDB\b/, /\bcaches\./, /serviceWorker/])
    expect(holding(pattern), String(pattern)).toEqual([]);
  expect(holding(/\bsessionStorage\./)).toEqual(["/src/session/brouillons.ts", "/src/session/inactivite.ts"]);
  expect(holding(/store: sessionStorage/)).toEqual(["/src/session/jeton.ts"]);
});

test("no message of another window is listened to, and one window is opened, for a document", () => {
  expect(holding(/["']message["']|(?<!\bcanal\.)postMessage/)).toEqual([]);
  // A channel reaches tabs of this origin alone; all that is said there is who signed out.
  expect(holding(/BroadcastChannel/)).toEqual(["/src/session/onglets.ts"]);
  expect(holding(/window\.open\(/)).toEqual(["/src/api/documents.ts"]);
});

test("a link leads inside: none is made of what somebody typed", () => {
  for (const [path, text] of SOURCES)
    for (const [link] of text.matchAll(/\bhref=(?:"[^"]*"|\{[^\n]*)/g))
      expect(link, path).toMatch(/^href=(?:"[/#]|\{[`"][/#]|\{chemin\w*[}(]|\{lieu\.ou === "page" \? lieu\.chemin : chemin)/);
});

test("a name that stands for the prototype changes no other object", () => {
  withAt({}, "/__proto__/pollue", true);
  withAt({}, "/constructor/prototype/pollue", true);
  const hostile: unknown = JSON.parse('{"a":{"__proto__":{"pollue":true}},"__proto__":{"pollue":true}}');
  fusionner({}, hostile, hostile);
  fusionner({}, { a: {} }, hostile);
  expect(({} as Record<string, unknown>).pollue).toBeUndefined();
});
