/** What the tabs of one browser tell each other: tokens are kept by tab, but whoever signs out leaves the counter. */
const CANAL = "optopec:deconnexion";

/** Tells the other tabs that this person signed out. */
export function direDeconnexion(sub: string): void {
  const canal = new BroadcastChannel(CANAL);
  canal.postMessage(sub);
  canal.close();
}

/** Calls back with who signed out in another tab, until the returned function is called. */
export function surDeconnexion(listener: (sub: string) => void): () => void {
  const canal = new BroadcastChannel(CANAL);
  canal.onmessage = ({ data }: MessageEvent<string>) => listener(data);
  return () => canal.close();
}
