/**
 * What was typed and is not saved yet, kept in the tab (`sessionStorage`) under the person and the shop, so that a reload, a session that ends or a
 * server that is down loses nothing. It goes with the save that succeeds, with the sign-out and with the tab.
 */
const PREFIX = "brouillon:";
/** What was looked for is kept too, but there is nothing to save of it. */
export const RECHERCHE = "recherche:";

/** `null` where nobody is signed in: nothing is kept for nobody. */
let owner: string | null = null;
const PATIENCE_MS = 5_000;
/** Writes what the forms on the screen still have to write. */
const writers = new Set<() => Promise<unknown>>();

/** Whose drafts these are; those of anybody else are dropped. */
export function ownDrafts(sub: string, magasin: string): void {
  owner = `${PREFIX}${magasin}:${sub}:`;
  for (const key of keys()) if (!key.startsWith(owner)) sessionStorage.removeItem(key);
}

/** Keeps a draft under a name, e.g. `dossier:dos_…`. */
export function keepDraft(name: string, value: unknown): void {
  if (owner !== null) sessionStorage.setItem(owner + name, JSON.stringify(value));
}

/** The draft of this name, as its form kept it. */
export function readDraft<T>(name: string): T | null {
  const text = sessionStorage.getItem(`${owner}${name}`);
  return text === null ? null : (JSON.parse(text) as T);
}

/** The draft was saved, or given up. */
export function dropDraft(name: string): void {
  sessionStorage.removeItem(`${owner}${name}`);
}

/** What these drafts were of is gone. */
export function dropDrafts(prefix: string, isOfIt: (value: unknown) => boolean): void {
  const names = keys().flatMap((key) => (owner !== null && key.startsWith(owner + prefix) ? [key.slice(owner.length)] : []));
  for (const name of names) if (isOfIt(readDraft(name))) dropDraft(name);
}

/** Whether something was typed that would go with the tab. */
export const unsaved = (): boolean => keys().some((key) => owner !== null && key.startsWith(owner) && !key.startsWith(owner + RECHERCHE));

/** A form that saves itself is on the screen, until the returned function is called. */
export function onSaveAll(write: () => Promise<unknown>): () => void {
  writers.add(write);
  return () => void writers.delete(write);
}

/** Lets the forms on the screen save; whether nothing stays unsaved. A server that does not answer is not waited for. */
export async function saveAll(): Promise<boolean> {
  if (unsaved())
    await Promise.race([Promise.allSettled([...writers].map((write) => write())), new Promise((done) => setTimeout(done, PATIENCE_MS))]);
  return !unsaved();
}

/** At sign-out nothing stays, and nothing comes after it. */
export function dropAllDrafts(): void {
  owner = null;
  for (const key of keys()) sessionStorage.removeItem(key);
}

const keys = (): string[] => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
