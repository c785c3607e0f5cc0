import type { Page } from "@playwright/test";
import { test } from "./donnees";
import { ecrans, ouvrir, PARTIES } from "./ecrans";
import { connecter, expect } from "./systeme";

test.setTimeout(180_000);

/** The sizes that must work; 200 % zoom of 1280×720 is half as many pixels of CSS, twice as dense. The focus is followed where there is least room. */
const TAILLES = [
  { nom: "1280×720", viewport: { width: 1280, height: 720 }, deviceScaleFactor: 1, foyer: false },
  { nom: "1920×1080", viewport: { width: 1920, height: 1080 }, deviceScaleFactor: 1, foyer: false },
  { nom: "a tablet held upright", viewport: { width: 768, height: 1024 }, deviceScaleFactor: 1, foyer: false },
  { nom: "200 % zoom", viewport: { width: 640, height: 360 }, deviceScaleFactor: 2, foyer: true },
] as const;

for (const { nom, viewport, deviceScaleFactor, foyer } of TAILLES)
  test.describe(nom, () => {
    test.use({ viewport, deviceScaleFactor });

    for (const partie of PARTIES)
      test(`no screen scrolls sideways, targets are large enough, the focus is never covered: ${partie}, ${nom}`, async ({
        page,
        systeme,
        rempli,
      }) => {
        await connecter(page, systeme, rempli.nom);
        for (const ecran of ecrans(rempli)[partie]) {
          await ouvrir(page, systeme, ecran.chemin);
          expect.soft(await debordement(page), `sideways: ${ecran.nom}`).toEqual([]);
          expect.soft(await ciblesTropPetites(page), `targets: ${ecran.nom}`).toEqual([]);
          if (foyer) expect.soft(await foyersCouverts(page), `covered focus: ${ecran.nom}`).toEqual([]);
        }
      });
  });

/** What is wider than the page, if the page scrolls sideways. */
function debordement(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return [];
    const wide = [...document.querySelectorAll("body *")].filter((element) => {
      const { right, width } = element.getBoundingClientRect();
      return width > 0 && right > clientWidth + 1 && !element.closest(".defile");
    });
    return [`${scrollWidth} > ${clientWidth}`, ...wide.slice(0, 5).map((element) => element.outerHTML.slice(0, 120))];
  });
}

/** Targets below 24 × 24 pixels that none of the exceptions of WCAG 2.2, 2.5.8, allows: spacing, inline in a sentence, or a label that is as good. */
function ciblesTropPetites(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const MIN = 24;
    const SELECTEUR =
      "a[href], button, input, select, textarea, summary, [role=button], [role=tab], [role=option], [role=menuitem], [role=switch]";
    interface Cible {
      element: Element;
      x: number;
      y: number;
      rects: DOMRect[];
      petite: boolean;
    }
    const rectOf = (element: Element): DOMRect => {
      const own = element.getBoundingClientRect();
      if (!(element instanceof HTMLInputElement)) return own;
      // A tap on the label is a tap on the input.
      const rects = [own, ...[...(element.labels ?? [])].map((label) => label.getBoundingClientRect())].filter(({ width }) => width > 0);
      const left = Math.min(...rects.map((rect) => rect.left));
      const top = Math.min(...rects.map((rect) => rect.top));
      return new DOMRect(
        left,
        top,
        Math.max(...rects.map(({ right }) => right)) - left,
        Math.max(...rects.map(({ bottom }) => bottom)) - top,
      );
    };
    const inline = (element: Element): boolean =>
      getComputedStyle(element).display.startsWith("inline") &&
      [...(element.parentElement?.childNodes ?? [])].some(
        (node) => node.nodeType === Node.TEXT_NODE && (node.textContent ?? "").trim() !== "",
      );
    const cibles: Cible[] = [...document.querySelectorAll(SELECTEUR)]
      .filter(
        (element) =>
          element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && !element.classList.contains("evitement"),
      )
      .map((element) => {
        const rect = rectOf(element);
        return {
          element,
          x: rect.x + rect.width / 2,
          y: rect.y + rect.height / 2,
          rects: [rect],
          petite: rect.width > 0 && (rect.width < MIN - 0.5 || rect.height < MIN - 0.5),
        };
      });
    const near = (cible: Cible, other: Cible): boolean => {
      if (other.element === cible.element || other.element.contains(cible.element) || cible.element.contains(other.element)) return false;
      if (other.petite && Math.hypot(cible.x - other.x, cible.y - other.y) < MIN) return true;
      return other.rects.some(
        (rect) =>
          Math.hypot(
            cible.x - Math.max(rect.left, Math.min(cible.x, rect.right)),
            cible.y - Math.max(rect.top, Math.min(cible.y, rect.bottom)),
          ) <
          MIN / 2,
      );
    };
    return cibles
      .filter((cible) => cible.petite && !inline(cible.element) && cibles.some((other) => near(cible, other)))
      .map(
        ({ element, rects: [rect] }) =>
          `${Math.round(rect?.width ?? 0)}×${Math.round(rect?.height ?? 0)} ${element.outerHTML.slice(0, 140)}`,
      );
  });
}

/** How many tabs are followed down a screen, then back up: the way back is where a sticky header covers what it meets. */
const TABS = 25;

async function foyersCouverts(page: Page): Promise<string[]> {
  const covered = new Set<string>();
  await page.evaluate(() => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    scrollTo(0, 0);
  });
  for (const key of ["Tab", "Shift+Tab"])
    for (let tab = 0; tab < TABS; tab += 1) {
      await page.keyboard.press(key);
      const fault = await page.evaluate(() => {
        const element = document.activeElement;
        const header = document.querySelector("header");
        if (
          !element ||
          !header ||
          element === document.body ||
          header.contains(element) ||
          element.closest(".evitement, nav, [role=dialog]")
        )
          return null;
        const rect = element.getBoundingClientRect();
        // Under the header stands how the saving stands, where something is saved.
        const tete = document.querySelector("[data-tete]");
        const barre = tete && getComputedStyle(tete).display === "contents" ? tete.firstElementChild : tete;
        if (barre?.contains(element)) return null;
        const bottom = Math.max(
          ...[header, barre]
            .flatMap((stuck) => (stuck ? [stuck.getBoundingClientRect()] : []))
            .filter(({ top }) => top <= 57)
            .map((stuck) => stuck.bottom),
        );
        const taller = rect.height > innerHeight - bottom;
        // A table that scrolls in itself is no control: it must be seen, not seen whole.
        const region = element.matches(".defile, section[tabindex]");
        if (taller || region ? rect.bottom > bottom + 24 : rect.top >= bottom - 1) return null;
        return `${Math.round(rect.top)} above ${Math.round(bottom)}: ${element.outerHTML.slice(0, 140)}`;
      });
      if (fault) covered.add(fault);
      if (key === "Tab" && (await page.evaluate(() => document.activeElement === document.body))) break;
    }
  return [...covered];
}
