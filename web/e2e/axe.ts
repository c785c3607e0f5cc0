/** What axe finds on the present page, in both schemes: one line for each fault, so that a failed test says what to mend. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function fautes(axe: AxeBuilder): Promise<string[]> {
  // There is no frame here, so axe needs no second page to gather what frames say.
  const { violations } = await axe.setLegacyMode().analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => `${id} ${target.join(" ")}: ${[...any, ...all, ...none][0]?.message ?? ""}`),
  );
}

/** Nothing is at fault, light or dark. The schemes differ by their colours only: dark is asked about those. */
export async function sansFaute(page: Page, quoi: string): Promise<void> {
  const light = await fautes(new AxeBuilder({ page }).withTags(REGLES));
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  const dark = await fautes(new AxeBuilder({ page }).withRules(["color-contrast", "link-in-text-block"]));
  await page.emulateMedia({ colorScheme: "light" });
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "light");
  expect.soft([...light, ...dark.map((fault) => `dark: ${fault}`)], quoi).toEqual([]);
}
