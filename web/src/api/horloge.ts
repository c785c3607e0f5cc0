/** The server's clock: a counter's computer may be an hour off, and ages are told from what the server wrote. */
let ecart = 0;

/** Notes the `Date` of an answer (whole seconds). */
export function noteClock(date: string | null): void {
  const serveur = date ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(serveur)) return;
  const fresh = serveur - Date.now();
  // The header has no fraction of a second: smaller differences are only its rounding.
  if (Math.abs(fresh - ecart) > 1_500) ecart = fresh;
}

/** Now, in milliseconds since 1970, by the server's clock. */
export const maintenant = (): number => Date.now() + ecart;
