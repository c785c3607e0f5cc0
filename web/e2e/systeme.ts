/**
 * The real system, started for a worker: the `optopec` program with a folder of its own, spoken to by HTTP as any client does.
 *
 * Each test makes its own shop, so that tests share a system and nothing else; but the clock is the system's, and a test that moves it far takes a
 * system of its own (`systemePropre`).
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { test as base, expect, type Page } from "@playwright/test";

const PROGRAMME = process.env.OPTOPEC_BIN ?? resolve(process.env.CARGO_TARGET_DIR ?? "../target", "debug/optopec");

type Json = Record<string, unknown>;

/** A client of the API with somebody's token. */
export class Api {
  constructor(
    private readonly url: string,
    private readonly jeton: string,
    readonly magasinId: string,
  ) {}

  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ statut: number; corps: Json; etag: string }> {
    const response = await fetch(this.url + path, {
      method,
      headers: { Authorization: `Bearer ${this.jeton}`, "Content-Type": "application/json", ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await response.text();
    return { statut: response.status, corps: text ? (JSON.parse(text) as Json) : {}, etag: response.headers.get("ETag") ?? "" };
  }

  /** An answer that must be a success. */
  async ok<T = Json>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const { statut, corps } = await this.send(method, path, body, headers);
    if (statut >= 300) throw new Error(`${method} ${path}: ${statut} ${JSON.stringify(corps)}`);
    return corps as T;
  }

  get = <T = Json>(path: string) => this.ok<T>("GET", path);
  post = <T = Json>(path: string, body: unknown = {}) => this.ok<T>("POST", path, body, { "Idempotency-Key": randomUUID() });

  /** Reads a thing, changes it and writes it back. */
  async change<T = Json>(path: string, edit: (body: T) => T): Promise<T> {
    const { corps, etag } = await this.send("GET", path);
    return this.ok<T>("PUT", path, edit(corps as T), { "If-Match": etag });
  }
}

/** One running system. */
export class Systeme {
  url = "";
  private readonly donnees = mkdtempSync(join(tmpdir(), "optopec-e2e-"));
  private process: ChildProcess | undefined;

  /** Starts the program, at the same address as before if it ran before. */
  async start(): Promise<this> {
    const port = this.url ? new URL(this.url).port : "0";
    const process_ = spawn(PROGRAMME, [], {
      env: { ...process.env, OPTOPEC_PORT: port, OPTOPEC_DONNEES: this.donnees, OPTOPEC_WEB: resolve("dist"), OPTOPEC_JOURNAL: "error" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.process = process_;
    // Its output stays open as long as it runs: a program whose reader is gone dies of its next line.
    const lines = createInterface({ input: process_.stdout });
    this.url = await new Promise<string>((found, failed) => {
      lines.on("line", (line) => {
        const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
        if (url) found(url);
      });
      process_.once("exit", () => failed(new Error(`${PROGRAMME} did not start`)));
    });
    return this;
  }

  /** Kills it without a word, as a power cut does. */
  async kill(): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const gone = new Promise((done) => running.once("exit", done));
    running.kill("SIGKILL");
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.donnees, { recursive: true, force: true });
  }

  async api(magasin: string, role: string): Promise<Api> {
    const response = await fetch(`${this.url}/local/jeton`, { method: "POST", body: JSON.stringify({ magasin, role }) });
    const { jeton, magasin: id } = (await response.json()) as { jeton: string; magasin: string };
    return new Api(this.url, jeton, id);
  }

  /** Moves the clock of the whole system. */
  async avancer(secondes: number): Promise<void> {
    await fetch(`${this.url}/local/horloge`, { method: "POST", body: JSON.stringify({ avancer_secondes: secondes }) });
  }
}

/** A shop made for one test. */
export interface Magasin {
  nom: string;
  api: Api;
}

interface Equipe {
  credits?: number;
  conventions?: boolean;
}

/** A shop in demonstration mode with credits, an identity and the conventions: ready to ask for a PEC. */
export async function magasinPret(systeme: Systeme, { credits = 100, conventions = true }: Equipe = {}): Promise<Magasin> {
  const nom = `essai-${randomUUID().slice(0, 8)}`;
  const api = await systeme.api(nom, "GERANT");
  const operateur = await systeme.api(nom, "OPERATEUR");
  await operateur.ok("PUT", `/v1/operateur/magasins/${api.magasinId}`, { option_pec: true, mode: "DEMONSTRATION" });
  if (credits > 0)
    await operateur.post("/v1/credits/recharges", { magasin: api.magasinId, quantite: credits, reference_paiement: `e2e-${nom}` });
  await api.change("/v1/magasin", (magasin) => ({
    ...magasin,
    nom: "Optique des Essais",
    finess: "750000002",
    adresse: { ligne1: "1 rue des Essais", ligne2: null, code_postal: "75001", localite: "Paris" },
    opticien: { nom: "Essai", prenom: "Camille", telephone: "0199000000", email: "contact@optique-essai.example" },
  }));
  if (conventions) await api.post("/v1/mutuelles/telechargement");
  return { nom, api };
}

/** The dossier of the manual: two lenses at 250.00, a frame at 214.00; the member number decides what the demonstration concentrator does. */
export async function dossierDuManuel(api: Api, numeroAdherent: string, signe = true): Promise<string> {
  const { mutuelles } = await api.get<{ mutuelles: { id: string }[] }>("/v1/mutuelles?q=90000001&limite=1");
  const verre = {
    categorie: "VER",
    quantite: 1,
    prix_unitaire_centimes: 25_000,
    code_lpp: "2203240",
    designation: "ESSILOR Advans Orma Optifog UV",
  };
  const { id } = await api.post<{ id: string }>("/v1/dossiers", {
    date: "2013-11-26",
    beneficiaire: { nom: "MONTFORT", prenom: "Fabienne", date_naissance: "1978-05-14", nir: "278052A00412358", qualite: "ASSURE" },
    equipements: [
      {
        numero: 1,
        type: "OPT",
        code_risque: "MALADIE",
        lignes: [
          { ...verre, cote: "OD" },
          { ...verre, cote: "OG" },
          {
            designation: "DOLCE GABBANA 339 720 51*19",
            categorie: "MON",
            quantite: 1,
            prix_unitaire_centimes: 21_400,
            code_lpp: "2223342",
          },
        ],
      },
    ],
    tiers_payant: { mutuelle_id: mutuelles[0]?.id, numero_adherent: numeroAdherent },
  });
  if (signe) await api.post(`/v1/dossiers/${id}/consentement`, { signe_le: new Date().toISOString().slice(0, 10), canal: "PAPIER" });
  return id;
}

/** Signs in as this role of this shop, by the sign-in page, and comes back to `path`. */
export async function connecter(page: Page, systeme: Systeme, magasin: string, { role = "Gérant", path = "/" } = {}): Promise<void> {
  await page.goto(systeme.url + path);
  await page.getByRole("button", { name: "Se connecter" }).click();
  await choisirMagasin(page, magasin, role);
  await expect(page.getByRole("link", { name: "optopec" })).toBeVisible();
}

/** The page of the local issuer. */
export async function choisirMagasin(page: Page, magasin: string, role = "Gérant"): Promise<void> {
  await page.getByLabel("Nom du magasin").fill(magasin);
  await page.getByLabel("Rôle").selectOption({ label: role });
  await page.getByRole("button", { name: "Se connecter" }).click();
}

interface PourChaque {
  /** A system that this test alone uses: it may move the clock or kill it. */
  systemePropre: Systeme;
}

interface PourTous {
  systeme: Systeme;
}

export const test = base.extend<PourChaque, PourTous>({
  systeme: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
    async ({}, use) => {
      const systeme = await new Systeme().start();
      await use(systeme);
      await systeme.remove();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from this pattern
  systemePropre: async ({}, use) => {
    const systeme = await new Systeme().start();
    await use(systeme);
    await systeme.remove();
  },
});

export { expect };
