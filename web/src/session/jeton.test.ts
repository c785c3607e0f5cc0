import { beforeEach, describe, expect, test, vi } from "vitest";

const AUTORITE = "https://emetteur.example/pool";
const CLIENT = "optopec-web";

/** A provider: what it is asked, and what its next token says. */
class Fournisseur {
  readonly appels: { url: string; corps: URLSearchParams }[] = [];
  metadata: Record<string, string> = {
    issuer: AUTORITE,
    authorization_endpoint: "https://page.example/authorize",
    token_endpoint: "https://page.example/token",
    end_session_endpoint: "https://page.example/logout",
    revocation_endpoint: "https://page.example/revoke",
  };
  claims: Record<string, unknown> = {};
  present = true;

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const url = String(input instanceof Request ? input.url : input);
    if (url === "/configuration.json") return Response.json({ autorite: AUTORITE, client_id: CLIENT });
    if (!this.present) throw new TypeError("nobody");
    if (url === `${AUTORITE}/.well-known/openid-configuration`) return Response.json(this.metadata);
    this.appels.push({ url, corps: new URLSearchParams(String(init?.body ?? "")) });
    if (url.endsWith("/token")) {
      const [head, body] = [{ alg: "RS256" }, this.claims].map((part) => btoa(JSON.stringify(part)).replaceAll("=", ""));
      return Response.json({
        id_token: `${head}.${body}.x`,
        access_token: "acces",
        refresh_token: "rafraichir",
        token_type: "Bearer",
        expires_in: 3600,
      });
    }
    return new Response(null, { status: 200 });
  };
}

let fournisseur: Fournisseur;
let jeton: typeof import("./jeton");
let allees: URL[];

beforeEach(async () => {
  vi.restoreAllMocks();
  sessionStorage.clear();
  fournisseur = new Fournisseur();
  allees = [];
  vi.stubGlobal("fetch", fournisseur.fetch);
  vi.spyOn(window.location, "assign").mockImplementation((url) => void allees.push(new URL(String(url), "http://ici.example")));
  vi.resetModules();
  jeton = await import("./jeton");
});

/** Asks for the provider's page; the promise itself waits for a page that never comes. */
async function demander(path = "/credits"): Promise<URLSearchParams> {
  const before = allees.length;
  void jeton.signIn(path);
  await vi.waitFor(() => expect(allees.length).toBeGreaterThan(before));
  return (allees.at(-1) as URL).searchParams;
}

/** Comes back from the page with a token that says so. */
async function revenir(asked: URLSearchParams, claims: Record<string, unknown> = {}): Promise<string> {
  fournisseur.claims = { iss: AUTORITE, aud: CLIENT, sub: "p1", nonce: asked.get("nonce"), "custom:role": "GERANT", ...claims };
  history.replaceState(null, "", `/connexion/retour?code=c1&state=${asked.get("state")}`);
  return jeton.finishSignIn();
}

const stored = () => Object.keys(sessionStorage).filter((key) => key.startsWith("oidc.user"));

describe("signing in", () => {
  test("each attempt has its own challenge, state and nonce, and asks who one is even where the provider still knows", async () => {
    const [one, two] = [await demander(), await demander()];
    for (const asked of [one, two]) {
      expect(asked.get("response_type")).toBe("code");
      expect(asked.get("code_challenge_method")).toBe("S256");
      expect(asked.get("code_challenge")).toMatch(/^[\w-]{43}$/);
      expect(asked.get("prompt")).toBe("login");
    }
    for (const name of ["code_challenge", "state", "nonce"]) {
      expect(one.get(name)?.length).toBeGreaterThanOrEqual(32);
      expect(one.get(name)).not.toBe(two.get(name));
    }
  });

  test("one comes back where one was, and is who the token says by its sub", async () => {
    expect(await revenir(await demander("/clients?onglet=x"))).toBe("/clients?onglet=x");
    expect(await jeton.identity()).toMatchObject({ sub: "p1", role: "GERANT" });
    expect(fournisseur.appels[0]?.corps.get("code_verifier")).toMatch(/^[\w.~-]{43,128}$/);
  });

  test("nobody is sent to another site on the way back", async () => {
    expect(await revenir(await demander("//autre.example/x"))).toBe("/");
  });

  test.each([
    ["another nonce", { nonce: "autre" }],
    ["no nonce", { nonce: undefined }],
    ["another issuer", { iss: "https://autre.example" }],
    ["another audience", { aud: "autre" }],
    ["no subject", { sub: undefined }],
  ])("a token with %s opens nothing", async (_, claims) => {
    await expect(revenir(await demander(), claims)).rejects.toThrow();
    expect(stored()).toEqual([]);
    expect(await jeton.currentToken()).toBeNull();
  });

  test("a provider whose description names another issuer is not believed", async () => {
    const asked = await demander();
    fournisseur.metadata = { ...fournisseur.metadata, issuer: "https://autre.example" };
    vi.resetModules();
    jeton = await import("./jeton");
    await expect(revenir(asked)).rejects.toThrow();
    expect(stored()).toEqual([]);
  });

  test("a state that this tab did not make spends no code", async () => {
    await demander();
    await expect(revenir(new URLSearchParams({ state: "inconnu" }))).rejects.toThrow();
    expect(fournisseur.appels).toEqual([]);
  });

  test("a renewed token for somebody else ends the session", async () => {
    await revenir(await demander());
    const token = await jeton.currentToken();
    fournisseur.claims = { ...fournisseur.claims, aud: "autre" };
    expect(await jeton.renewToken(token)).toBeNull();
    expect(stored()).toEqual([]);
  });
});

describe("signing out", () => {
  test("the tokens go, the provider is told in both of its languages, and no renewal is left", async () => {
    await revenir(await demander());
    const before = allees.length;
    void jeton.signOut();
    await vi.waitFor(() => expect(allees.length).toBeGreaterThan(before));
    expect(stored()).toEqual([]);
    const said = (allees.at(-1) as URL).searchParams;
    expect(said.get("id_token_hint")).toBeTruthy();
    expect(said.get("client_id")).toBe(CLIENT);
    expect(said.get("logout_uri")).toBe(said.get("post_logout_redirect_uri"));
    await vi.waitFor(() => expect(fournisseur.appels.at(-1)?.url).toBe("https://page.example/revoke"));
    expect(fournisseur.appels.at(-1)?.corps.get("token")).toBe("rafraichir");
  });

  test("a provider that does not answer keeps nobody signed in", async () => {
    await revenir(await demander());
    vi.resetModules();
    jeton = await import("./jeton");
    fournisseur.present = false;
    await jeton.signOut();
    expect(stored()).toEqual([]);
    expect(allees.at(-1)?.pathname).toBe("/");
  });
});

test("signing out is told to the other tabs, with who it was", async () => {
  await revenir(await demander());
  const { surDeconnexion } = await import("./onglets");
  const dits: string[] = [];
  const stop = surDeconnexion((sub) => dits.push(sub));
  void jeton.signOut();
  await vi.waitFor(() => expect(dits).toEqual(["p1"]));
  stop();
});
