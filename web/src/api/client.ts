/**
 * The API's client, generated from `openapi.json`: paths, bodies and answers are typed, nothing is `any`.
 *
 * A 401 renews the token once and asks again; if that fails the session is over. A request that nobody answered is {@link Injoignable}: whoever
 * sent it may send it again with the same `Idempotency-Key`.
 */
import createClient from "openapi-fetch";
import { currentToken, endSession, renewToken } from "@/session/jeton";
import { noteClock } from "./horloge";
import { Injoignable, problemOf, SessionTerminee } from "./problemes";
import { noteReachable, noteUnreachable } from "./reseau";
import type { paths } from "./schema";

async function send(request: Request, token: string | null): Promise<Response> {
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  try {
    const response = await fetch(request);
    noteReachable();
    noteClock(response.headers.get("Date"));
    return response;
  } catch (cause) {
    // A cancelled request says nothing about the network.
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    noteUnreachable();
    throw new Injoignable();
  }
}

/** `fetch` with the token of the session. */
export async function authorizedFetch(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await currentToken();
  const response = await send(request, token);
  if (response.status !== 401) return response;
  const fresh = await renewToken(token);
  const second = fresh ? await send(again, fresh) : null;
  if (second && second.status !== 401) return second;
  endSession();
  throw new SessionTerminee();
}

/** The typed client. Several values of one parameter are separated by commas, as the contract says. */
export const api = createClient<paths>({
  baseUrl: "/",
  fetch: authorizedFetch,
  querySerializer: { array: { style: "form", explode: false } },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * What the server answered.
 *
 * @throws Probleme if it refused.
 */
export async function unwrap<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer;
  if (!response.ok) throw problemOf(response, error);
  return data as T;
}

/** An answer and its version, for the PUT that follows and for « has it changed? ». */
export interface Versioned<T> {
  value: T;
  etag: string;
}

/** Like {@link unwrap}, with the `ETag`; a 304 is what was known before. */
export async function unwrapVersioned<T>(answer: Promise<Answer<unknown>>, known?: Versioned<T>): Promise<Versioned<T>> {
  const { data, error, response } = await answer;
  if (response.status === 304 && known) return known;
  if (!response.ok) throw problemOf(response, error);
  return { value: data as T, etag: response.headers.get("ETag") ?? "" };
}

/** The header that asks for nothing where nothing changed. */
export const ifChanged = (known?: Versioned<unknown>) => (known?.etag ? { "If-None-Match": known.etag } : {});

/** A key for one attempt to write: made when the form opens, the same for every repetition of that attempt. */
export const newKey = (): string => crypto.randomUUID();
