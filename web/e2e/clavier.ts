/**
 * A page that is reached by the keyboard only.
 *
 * A scenario that gets this instead of Playwright's page has no mouse to call: it tabs, types and reads. What the browser itself saw is checked too:
 * one event of a mouse, a finger or a pen anywhere in the scenario fails it.
 */
import { type Download, expect, type Locator, type Page } from "@playwright/test";

/** What has a role and a name. */
export type Role = Parameters<Page["getByRole"]>[0];
type Nom = string | RegExp;

interface Options {
  /** How many tabs at most: a control that is further away is too far for a person too. */
  tabs?: number;
  /** Backwards, by Shift+Tab. */
  arriere?: boolean;
  /** The n-th of several. */
  rang?: number;
}

export class Clavier {
  private pointeurs = 0;

  private constructor(private readonly page: Page) {}

  static async de(page: Page): Promise<Clavier> {
    const clavier = new Clavier(page);
    await page.exposeFunction("pointeurVu", () => {
      clavier.pointeurs += 1;
    });
    await page.addInitScript(() => {
      for (const kind of ["pointerdown", "mousedown", "touchstart"])
        addEventListener(kind, () => (window as unknown as { pointeurVu: () => void }).pointeurVu(), true);
    });
    return clavier;
  }

  /** No pointer was used since the beginning. */
  sansSouris(): void {
    expect(this.pointeurs, "events of a pointer").toBe(0);
  }

  /** Opens an address, as one types it. */
  ouvrir = (adresse: string) => this.page.goto(adresse);

  url = () => this.page.url();

  /** Tabs until what has this role and this name has the focus. */
  async aller(role: Role, nom: Nom, { tabs = 40, arriere = false, rang }: Options = {}): Promise<void> {
    const locator = this.trouver(role, nom, rang);
    await expect(locator.first()).toBeAttached();
    for (let tab = 0; tab <= tabs; tab += 1) {
      if (await locator.evaluateAll((found) => found.some((element) => element === document.activeElement))) return;
      await this.page.keyboard.press(arriere ? "Shift+Tab" : "Tab");
    }
    throw new Error(`${tabs} tabs do not lead to the ${role} « ${nom} »; the focus is on ${await this.foyer()}`);
  }

  /** Waits until the screen itself put the focus there. */
  async arrive(role: Role, nom: Nom): Promise<void> {
    await expect(this.trouver(role, nom).first()).toBeFocused();
  }

  /** Goes there and presses Enter. */
  async presser(role: Role, nom: Nom, options?: Options): Promise<void> {
    await this.aller(role, nom, options);
    await this.page.keyboard.press("Enter");
  }

  /** Goes to a tick and sets it. */
  async cocher(nom: Nom, options?: Options): Promise<void> {
    await this.aller("checkbox", nom, options);
    await this.page.keyboard.press("Space");
  }

  /** Goes to a field, writes over what stands in it, and leaves it. */
  async remplir(nom: Nom, texte: string, options: Options & { role?: Role } = {}): Promise<void> {
    await this.aller(options.role ?? "textbox", nom, options);
    await this.page.keyboard.press("ControlOrMeta+a");
    await this.page.keyboard.type(texte);
    await this.page.keyboard.press("Tab");
  }

  /** Goes to a list of words, and down it until this one is taken. */
  async choisir(nom: Nom, mot: string, options?: Options): Promise<void> {
    await this.aller("combobox", nom, options);
    await this.page.keyboard.press("Home");
    for (let bas = 0; bas < 20; bas += 1) {
      const present = await this.page.evaluate(() => (document.activeElement as HTMLSelectElement).selectedOptions[0]?.label);
      if (present === mot) return;
      await this.page.keyboard.press("ArrowDown");
    }
    throw new Error(`the list has no « ${mot} »`);
  }

  taper = (texte: string) => this.page.keyboard.type(texte);
  touche = (touche: string) => this.page.keyboard.press(touche);

  /** That this stands on the page, as words. */
  async lire(texte: Nom): Promise<void> {
    await expect(this.page.getByText(texte).first()).toBeVisible();
  }

  async neLitPas(texte: Nom): Promise<void> {
    await expect(this.page.getByText(texte)).toHaveCount(0);
  }

  /** The words of what has this role and name. */
  async contient(role: Role, nom: Nom, texte: Nom): Promise<void> {
    await expect(this.trouver(role, nom).first()).toContainText(texte);
  }

  async valeur(nom: Nom, valeur: string | RegExp, rang = 0): Promise<void> {
    await expect(this.page.getByLabel(nom, { exact: true }).nth(rang)).toHaveValue(valeur);
  }

  /** That something can be used now. */
  async actif(role: Role, nom: Nom): Promise<void> {
    await expect(this.trouver(role, nom)).not.toHaveAttribute("aria-disabled", "true");
  }

  async inactif(role: Role, nom: Nom): Promise<void> {
    await expect(this.trouver(role, nom)).toHaveAttribute("aria-disabled", "true");
  }

  /** The words of a row of the body of a table. */
  async rangee(table: Nom, rang: number, texte: RegExp): Promise<void> {
    const found = this.page.getByRole("table", { name: table }).locator("tbody tr:has(td:nth-child(3))").nth(rang);
    await expect(found).toContainText(texte);
  }

  /** What a list of facts says, among other things. */
  async faits(nom: string, mots: readonly string[]): Promise<void> {
    for (const mot of mots) await expect(this.page.getByLabel(nom)).toContainText(mot);
  }

  /** What stands in the address. */
  parametre = (nom: string): string | null => new URL(this.page.url()).searchParams.get(nom);

  /** F5: a headless browser has no frame that would take the key. */
  recharger = () => this.page.reload();

  titre = (nom: Nom) => expect(this.page.getByRole("heading", { level: 1, name: nom })).toBeVisible();

  /** The PDF that an action prints, in the tab of its own that it opens. */
  async imprimer(chemin: RegExp, action: () => Promise<void>): Promise<Buffer> {
    // Read on its way: the browser does not keep the body of what becomes a blob.
    let content: Buffer = Buffer.alloc(0);
    await this.page.route(chemin, async (route) => {
      const response = await route.fetch();
      content = await response.body();
      await route.fulfill({ response, body: content });
    });
    const opened: Promise<Page | Download> = Promise.race([this.page.waitForEvent("popup"), this.page.waitForEvent("download")]);
    await action();
    const shown = await opened;
    await expect.poll(() => content.length).toBeGreaterThan(0);
    await this.page.unroute(chemin);
    if ("close" in shown) await shown.close();
    return content;
  }

  private trouver(role: Role, nom: Nom, rang?: number): Locator {
    const all = this.page.getByRole(role, typeof nom === "string" ? { name: nom, exact: true } : { name: nom });
    return rang === undefined ? all : all.nth(rang);
  }

  private foyer(): Promise<string> {
    return this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200) ?? "nothing");
  }
}
