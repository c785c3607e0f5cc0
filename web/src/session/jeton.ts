/**
 * Who signed in: OpenID Connect, code flow with PKCE, by `oidc-client-ts`.
 *
 * The provider is named by `/configuration.json` (Cognito in the cloud, the local runner's own issuer on one machine). Tokens are kept in the tab's
 * `sessionStorage`: a reload does not sign out, closing the tab does. No password is ever seen here.
 *
 * What must hold: who presses « Se connecter » shows who she is, even where the provider still knows somebody (a counter is a public place); a token
 * that was not made by this provider, for this client and this sign-in opens nothing; signing out forgets here whether the provider answers or not.
 * Deliberately absent: a check of the token's signature, which came over TLS from the provider itself (OpenID Connect Core, 3.1.3.7) and which the
 * API checks at every request.
 */
import { type User, UserManager, WebStorageStateStore } from "oidc-client-ts";
import type { Role } from "@/api/types";
import { touch } from "./inactivite";
import { direDeconnexion } from "./onglets";

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

/** What the library does not look at: whose token it is, and for whom (OpenID Connect Core, 3.1.3.7; Discovery, 4.3). */
async function isOurs(users: UserManager, { profile }: User): Promise<boolean> {
  const { authority, client_id } = users.settings;
  const said = await users.metadataService.getIssuer();
  return said === authority && profile.iss === authority && [profile.aud].flat().includes(client_id);
}

/** A user whose token is not for us is nobody. */
async function onlyOurs(users: UserManager, user: User | null): Promise<User | null> {
  if (!user || (await isOurs(users, user))) return user;
  await users.removeUser();
  return null;
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
    return tokenOf(await onlyOurs(users, await users.signinSilent().catch(() => null)));
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

/** Goes to the provider's page, where the person shows who she is, and comes back to `path`. */
export async function signIn(path: string): Promise<void> {
  await (await provider()).signinRedirect({ state: path, nonce: crypto.randomUUID(), prompt: "login", extraQueryParams: { lang: "fr" } });
}

/** Ends the way back from the provider's page: the path where the person was. */
export async function finishSignIn(): Promise<string> {
  const users = await provider();
  const user = await onlyOurs(users, await users.signinRedirectCallback());
  if (!user) throw new Error("a token for somebody else");
  touch();
  const path = typeof user.state === "string" ? user.state : "/";
  return path.startsWith("/") && !path.startsWith("//") ? path : "/";
}

/** Tells the provider, where it can be told, that nobody renews this session any more. Nothing waits for it: the tab has forgotten already. */
async function revoke(users: UserManager, user: User | null): Promise<void> {
  const token = user?.refresh_token;
  const endpoint = token && (await users.metadataService.getRevocationEndpoint());
  if (!endpoint) return;
  const body = new URLSearchParams({ token, client_id: users.settings.client_id });
  await fetch(endpoint, { method: "POST", keepalive: true, body });
}

/** Forgets the tokens of this tab. */
export async function forget(): Promise<void> {
  const users = await provider();
  const user = await users.getUser();
  await users.removeUser();
  revoke(users, user).catch(() => {});
}

/** Signs out here and in the other tabs, then at the provider; if it does not answer, here is what counts. */
export async function signOut(): Promise<void> {
  const users = await provider();
  const user = await users.getUser();
  await users.removeUser();
  if (user) direDeconnexion(user.profile.sub);
  revoke(users, user).catch(() => {});
  const { client_id, post_logout_redirect_uri: logout_uri = "/" } = users.settings;
  try {
    // Cognito knows the standard's parameters by names of its own.
    await users.signoutRedirect({ id_token_hint: user?.id_token, extraQueryParams: { client_id, logout_uri } });
  } catch {
    location.assign("/");
  }
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
