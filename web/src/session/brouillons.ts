/**
 * What was typed and is not saved yet, kept in the tab (`sessionStorage`) under the person and the shop, so that a reload, a session that ends or a
 * server that is down loses nothing. It goes with the save that succeeds, with the sign-out and with the tab.
 */
const PREFIX = "brouillon:";

let owner = "";

/** Whose drafts these are; those of anybody else are dropped. */
export function ownDrafts(sub: string, magasin: string): void {
  owner = `${PREFIX}${magasin}:${sub}:`;
  for (const key of keys()) if (!key.startsWith(owner)) sessionStorage.removeItem(key);
}

/** Keeps a draft under a name, e.g. `dossier:dos_…`. */
export function keepDraft(name: string, value: unknown): void {
  sessionStorage.setItem(owner + name, JSON.stringify(value));
}

/** The draft of this name, as its form kept it. */
export function readDraft<T>(name: string): T | null {
  const text = sessionStorage.getItem(owner + name);
  return text === null ? null : (JSON.parse(text) as T);
}

/** The draft was saved, or given up. */
export function dropDraft(name: string): void {
  sessionStorage.removeItem(owner + name);
}

/** At sign-out nothing stays. */
export function dropAllDrafts(): void {
  for (const key of keys()) sessionStorage.removeItem(key);
}

const keys = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
