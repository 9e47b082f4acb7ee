import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { type Locale, walkScreens } from "./support/screens.ts";
import { expect, test } from "./support/test.ts";

/** What axe finds on the page and in every frame in it: no rule and no element is left out. One line for each. */
async function findViolations(page: Page): Promise<string[]> {
  // Its types come with another copy of Playwright's core.
  const { violations, passes } = await new AxeBuilder({ page: page as never }).analyze();
  // A node in a frame has a path: the frame on the page, then the node in the frame.
  const framesSeen = passes.some(({ nodes }) => nodes.some(({ target }) => target.length > 1));
  expect(framesSeen, "axe looks into the designer's frame").toBe((await page.locator("iframe").count()) > 0);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(" > ")}\n${html}\n${failureSummary}`),
  );
}

/** Switches between light and dark and waits until every frame has heard of it: one in another process does so later. */
async function switchScheme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  for (const frame of page.frames()) {
    const isThere = () =>
      frame.evaluate((wanted) => matchMedia(`(prefers-color-scheme: ${wanted})`).matches, colorScheme);
    await expect.poll(isThere).toBe(true);
  }
}

for (const locale of ["en", "ar"] satisfies Locale[]) {
  test(`axe finds nothing on any screen, light and dark: ${locale}`, async ({ bank, page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await walkScreens(bank, locale, async (screen) => {
      for (const colorScheme of ["light", "dark"] as const) {
        await switchScheme(page, colorScheme);
        expect.soft(await findViolations(page), `${screen}, ${colorScheme}`).toEqual([]);
      }
    });
  });
}
