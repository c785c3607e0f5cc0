/** What axe finds on the present page, in both schemes: one line for each fault, so that a failed test says what to mend. */
import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const REGLES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

async function fautes(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(REGLES).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, any, all, none }) => `${id} ${target.join(" ")}: ${[...any, ...all, ...none][0]?.message ?? ""}`),
  );
}

/** Nothing is at fault, light or dark. */
export async function sansFaute(page: Page, quoi: string): Promise<void> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", colorScheme);
    for (const fault of await fautes(page)) found.push(`${colorScheme}: ${fault}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  expect.soft(found, quoi).toEqual([]);
}
