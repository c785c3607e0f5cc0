/**
 * What a browser must load before the start screen stands: not more than the budgets of the project, in bytes after gzip.
 *
 * Counted from Vite's manifest: the entry, the start screen, and all that either imports at once. Screens opened later are printed, not limited.
 */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const DIST = new URL("../dist/", import.meta.url);
const ECRAN_DE_DEPART = "src/ecrans/travail/Travail.tsx";
const BUDGETS = { js: 200_000, css: 20_000 };

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", DIST), "utf8"));
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
if (!entry || !manifest[ECRAN_DE_DEPART]) throw new Error(`the manifest has no entry or no ${ECRAN_DE_DEPART}`);

/** The files of a chunk and of all that it imports at once. */
function load(key, files = new Set(), seen = new Set()) {
  if (seen.has(key)) return files;
  seen.add(key);
  const chunk = manifest[key];
  files.add(chunk.file);
  for (const css of chunk.css ?? []) files.add(css);
  for (const imported of chunk.imports ?? []) load(imported, files, seen);
  return files;
}

const gzip = (file) => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length;
const weigh = (files, kind) => [...files].filter((file) => file.endsWith(`.${kind}`)).reduce((sum, file) => sum + gzip(file), 0);
const ko = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(9);

const initial = load(entry);
load(ECRAN_DE_DEPART, initial);

let fault = false;
for (const [kind, budget] of Object.entries(BUDGETS)) {
  const size = weigh(initial, kind);
  const over = size > budget;
  fault ||= over;
  process.stdout.write(`initial ${kind.padEnd(4)} ${ko(size)} of ${ko(budget).trim()} gzip${over ? "   TOO MUCH" : ""}\n`);
}
for (const key of Object.keys(manifest).filter((name) => manifest[name].isDynamicEntry && name !== ECRAN_DE_DEPART)) {
  const more = [...load(key)].filter((file) => !initial.has(file));
  process.stdout.write(`then ${ko(weigh(more, "js"))} js ${ko(weigh(more, "css"))} css  ${manifest[key].name}\n`);
}
process.exit(fault ? 1 : 0);
