/**
 * Who signed in: OpenID Connect, code flow with PKCE, by `oidc-client-ts`.
 *
 * The provider is named by `/configuration.json` (Cognito in the cloud, the local runner's own issuer on one machine). Tokens are kept in the tab's
 * `sessionStorage`: a reload does not sign out, closing the tab does. No password is ever seen here.
 */
import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Role } from "@/api/types";

interface Configuration {
  autorite: string;
  client_id: string;
}

/** What the screens know of the person. */
export interface Identite {
  sub: string;
  magasin: string;
  role: Role;
}

let manager: Promise<UserManager> | undefined;
let ended: (() => void) | undefined;
let renewing: Promise<string | null> | undefined;

async function configure(): Promise<UserManager> {
  const response = await fetch("/configuration.json", { cache: "no-store" });
  if (!response.ok) throw new Error(`configuration.json: ${response.status}`);
  const { autorite, client_id } = (await response.json()) as Configuration;
  return new UserManager({
    authority: autorite,
    client_id,
    redirect_uri: `${location.origin}/connexion/retour`,
    post_logout_redirect_uri: `${location.origin}/`,
    response_type: "code",
    scope: "openid profile",
    automaticSilentRenew: false,
    userStore: new WebStorageStateStore({ store: sessionStorage }),
    stateStore: new WebStorageStateStore({ store: sessionStorage }),
  });
}

function provider(): Promise<UserManager> {
  manager ??= configure().catch((cause: unknown) => {
    manager = undefined;
    throw cause;
  });
  return manager;
}

// The API's authorizer reads the shop and the role, which stand in the identity token only.
const tokenOf = (user: User | null): string | null => user?.id_token ?? null;

/** The token of this session, if somebody signed in. */
export async function currentToken(): Promise<string | null> {
  return tokenOf(await (await provider()).getUser());
}

/** A newer token than the one that was refused, or `null` if the session is over. Several requests refused at once renew once. */
export async function renewToken(refused: string | null): Promise<string | null> {
  renewing ??= (async () => {
    const users = await provider();
    const user = await users.getUser();
    if (!user?.refresh_token) return null;
    const present = tokenOf(user);
    if (present && present !== refused) return present;
    return tokenOf(await users.signinSilent().catch(() => null));
  })().finally(() => {
    renewing = undefined;
  });
  return renewing;
}

/** Who signed in, read from the token (the API checks it; the screens only show it). */
export async function identity(): Promise<Identite | null> {
  const user = await (await provider()).getUser();
  if (!user) return null;
  const profile = user.profile as Record<string, unknown>;
  return {
    sub: user.profile.sub,
    magasin: String(profile["custom:magasin"] ?? ""),
    role: String(profile["custom:role"] ?? "LECTURE") as Role,
  };
}

/** Goes to the provider's page, and comes back to `path`. */
export async function signIn(path: string): Promise<void> {
  await (await provider()).signinRedirect({ state: path, extraQueryParams: { lang: "fr" } });
}

/** Ends the way back from the provider's page: the path where the person was. */
export async function finishSignIn(): Promise<string> {
  const user = await (await provider()).signinRedirectCallback();
  const path = typeof user.state === "string" ? user.state : "/";
  return path.startsWith("/") && !path.startsWith("//") ? path : "/";
}

/** Forgets the tokens of this tab. */
export async function forget(): Promise<void> {
  await (await provider()).removeUser();
}

/** Signs out here and at the provider; Cognito asks for its own names of what OpenID Connect calls `post_logout_redirect_uri`. */
export async function signOut(): Promise<void> {
  const users = await provider();
  const { client_id } = users.settings;
  await users.signoutRedirect({ extraQueryParams: { client_id, logout_uri: `${location.origin}/` } });
}

/** Says that the session is over; the frame listens. */
export function endSession(): void {
  ended?.();
}

/** What happens when the session is over. */
export function onSessionEnd(listener: () => void): () => void {
  ended = listener;
  return () => {
    ended = undefined;
  };
}
