/**
 * The one place that turns what went wrong into words.
 *
 * The API answers every refusal as a problem document (RFC 9457) whose `detail` and `erreurs` are French sentences for a person at the counter:
 * they are shown as they are. What has no such document (no network, a proxy's page) gets its words here, and an unknown failure its reference.
 */
import { duree } from "@/format/format";
import type { components } from "./schema";

type Document = components["schemas"]["Probleme"];

/** One fault of one field; `champ` is a JSON pointer into the dossier, the magasin or the body. */
export type ErreurChamp = components["schemas"]["ErreurDto"];

/** The server answered, and refused. */
export class Probleme extends Error {
  constructor(
    readonly document: Document,
    /** In how many seconds the server will listen again, where it said so. */
    readonly attente: number | null = null,
  ) {
    super(document.detail);
    this.name = "Probleme";
  }

  get status(): number {
    return this.document.status;
  }

  get erreurs(): ErreurChamp[] {
    return this.document.erreurs ?? [];
  }

  /** Whether it is this kind of problem, e.g. `pec-en-cours`. */
  is(kind: string): boolean {
    return this.document.type === `/problemes/${kind}`;
  }
}

/** Nobody answered: what was asked may have been done or not. */
export class Injoignable extends Error {
  constructor() {
    super("Le serveur ne répond pas.");
    this.name = "Injoignable";
  }
}

/** The session is over; the frame of the page asks to sign in again, and keeps what was typed. */
export class SessionTerminee extends Error {
  constructor() {
    super("Votre session est terminée : reconnectez-vous pour continuer.");
    this.name = "SessionTerminee";
  }
}

/** What a person reads of a failure. */
export interface EnMots {
  titre: string;
  detail: string;
  /** To be told to the support, where the words explain nothing. */
  reference: string | null;
}

/** Beyond this a number of seconds tells nobody anything; the sentence of the server says when. */
const ATTENTE_MAX_S = 3_600;

const ATTENTE = "Réessayez : rien ne sera envoyé deux fois.";

/** Any failure, in words. */
export function inWords(error: unknown): EnMots {
  if (error instanceof Probleme) {
    const { status, title, detail, instance } = error.document;
    if (status >= 500) return { titre: title, detail: `${detail} ${ATTENTE}`, reference: instance || null };
    const { attente } = error;
    const combien = attente === null || attente > ATTENTE_MAX_S ? "" : ` À attendre : ${duree(attente)}.`;
    return { titre: title, detail: detail + combien, reference: null };
  }
  if (error instanceof Injoignable) return { titre: "Serveur injoignable", detail: `${error.message} ${ATTENTE}`, reference: null };
  if (error instanceof SessionTerminee) return { titre: "Session terminée", detail: error.message, reference: null };
  return { titre: "Erreur inattendue", detail: "L'écran n'a pas pu faire ce qui était demandé. Rechargez la page.", reference: null };
}

/** The problem of an answer, whatever stands in its body. */
export function problemOf(response: Response, body: unknown): Probleme {
  const retryAfter = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const attente = Number.isFinite(retryAfter) ? retryAfter : null;
  const known = typeof body === "object" && body !== null && "detail" in body && "type" in body;
  if (known) return new Probleme({ ...(body as Document), status: response.status }, attente);
  const instance = response.headers.get("x-request-id") ?? response.headers.get("apigw-requestid") ?? "";
  const detail = `Le serveur a répondu « ${response.status} » sans explication.`;
  return new Probleme(
    { type: "about:blank", title: "Réponse inattendue", status: response.status, detail, instance, erreurs: [] },
    attente,
  );
}

/** The faults by field: JSON pointer → sentences. */
export function byField(erreurs: readonly ErreurChamp[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const { champ, message } of erreurs) fields.set(champ, fields.has(champ) ? `${fields.get(champ)} ${message}` : message);
  return fields;
}
