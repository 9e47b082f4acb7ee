import type { Page } from "@playwright/test";
import axe from "axe-core";
import { findFaults } from "#designer/app/testing/find-faults.ts";
import { ar } from "#designer/locales/ar.ts";
import { en } from "#designer/locales/en.ts";
import type { BankPage } from "./support/bank-page.ts";
import { photographPath } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

// What belongs to the pages around the designer; the designer's own screens, all of them, are looked at by
// designer/app/screens.browser.test.tsx.

const texts = { en, ar } as const;
type Locale = keyof typeof texts;

const sizes = {
  "320 px wide": { width: 320, height: 640 },
  "400 % zoom": { width: 320, height: 256 },
  "a phone": { width: 390, height: 844 },
  "a phone on its side": { width: 844, height: 390 },
  "a desk": { width: 1440, height: 900 },
} as const;

/**
 * What axe finds on the page and in every frame in it: no element is left out, and no rule unless told. One line for each. In
 * each frame by itself: from the page, axe gives a frame half a second to answer and goes on without it, too short on a busy machine.
 */
async function findViolations(page: Page, rules: axe.RunOptions): Promise<string[]> {
  const found: string[] = [];
  for (const frame of page.frames()) {
    await frame.evaluate(`if (window.axe === undefined) { ${axe.source} }`);
    const options: axe.RunOptions = { ...rules, iframes: false, resultTypes: ["violations"] };
    const { violations } = await frame.evaluate(
      (asked) => (window as unknown as { axe: typeof axe }).axe.run(document, asked),
      options,
    );
    for (const { id, nodes } of violations)
      for (const { target, html, failureSummary } of nodes)
        found.push(`${frame.url()} ${id}: ${target.join(" > ")}\n${html}\n${failureSummary}`);
  }
  return found;
}

/** Switches between light and dark and waits until every frame has heard of it: one in another process does so later. */
async function switchScheme(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  for (const frame of page.frames()) {
    const isThere = () =>
      frame.evaluate((wanted) => {
        // The designer hears from the page around it.
        const { scheme = wanted } = document.documentElement.dataset;
        return scheme === wanted && matchMedia(`(prefers-color-scheme: ${wanted})`).matches;
      }, colorScheme);
    await expect.poll(isThere).toBe(true);
  }
}

async function faultsOf(page: Page): Promise<string[]> {
  // A frame in another process hears of its new size a little later.
  const frame = page.frames().at(1);
  const widthPx = await page.locator("iframe").evaluateAll(([element]) => element?.clientWidth);
  const inFramePx = await frame?.evaluate(() => window.innerWidth);
  if (widthPx !== inFramePx) return [`the frame is ${inFramePx} px wide and not yet ${widthPx}`];
  const found = await Promise.all(page.frames().map((frame) => frame.evaluate(findFaults)));
  return found.flat();
}

const schemes = { en: ["light", "dark"], ar: ["dark"] } as const satisfies Record<Locale, readonly string[]>;
const colourRules = ["color-contrast", "link-in-text-block"];
const ofColours: axe.RunOptions = { runOnly: colourRules };
const ofAllElse: axe.RunOptions = { rules: Object.fromEntries(colourRules.map((id) => [id, { enabled: false }])) };

/** Looks at the screen that is there now. */
async function look({ page }: BankPage, locale: Locale, screen: string): Promise<void> {
  for (const scheme of schemes[locale]) {
    await switchScheme(page, scheme);
    // Colours are the same in every language.
    const rules = locale === "en" ? (scheme === "light" ? {} : ofColours) : ofAllElse;
    expect.soft(await findViolations(page, rules), `${screen}, ${scheme}`).toEqual([]);
  }
  for (const [name, size] of Object.entries(sizes)) {
    await page.setViewportSize(size);
    await expect
      .configure({ soft: true })
      .poll(() => faultsOf(page), { message: `${screen}, ${name}` })
      .toEqual([]);
  }
}

for (const locale of ["en", "ar"] satisfies Locale[]) {
  const t = texts[locale];
  const expectHeading = (bank: BankPage, id: keyof typeof en) =>
    expect(bank.designer.getByRole("heading", { level: 1, name: t[id] })).toBeVisible();

  test.describe(`accessible, and nothing cut off, small or out of reach: ${locale}`, () => {
    test.beforeEach(async ({ page }) => {
      await page.emulateMedia({ reducedMotion: "reduce" });
    });

    test("while the designer is not there", async ({ bank, page, demo }) => {
      const address = `${demo.bankUrl}/?locale=${locale}`;
      // Nobody answers.
      await page.route("**/v1/sessions/*/tokens", () => {});
      await page.goto(address);
      await expectHeading(bank, "loading.title");
      await look(bank, locale, "loading");
      await page.route("**/embed/*.js", (route) => route.abort());
      await page.goto(address);
      await page.getByRole("alert").locator("h2").waitFor();
      await look(bank, locale, "the bank's page without the designer");
      await page.goto(`${demo.designerUrl}/frame/nobody?locale=${locale}`);
      await look(bank, locale, "a frame that is not there");
      await page.goto(demo.platformUrl);
      await look(bank, locale, "the platform's page");
    });

    test("on the way", async ({ bank, page }) => {
      const press = (id: keyof typeof en) =>
        bank.pressButton(bank.designer.getByRole("button", { name: t[id] }).first());
      await bank.open({ locale });
      await expectHeading(bank, "pick.title");
      await look(bank, locale, "pick");
      await bank.place(photographPath("march-pastoral"));
      await page.locator("summary").click();
      await page.locator("input[name=product]").last().click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await look(bank, locale, "the bank asks whether to leave");
      await page.getByRole("dialog").getByRole("button").first().click();
      await press("design.next");
      await expectHeading(bank, "preview.title");
      await bank.check(bank.designer.getByRole("checkbox"));
      await press("preview.send");
      await expectHeading(bank, "follow.title.approved");
      await bank.expectSentence(t["follow.matches"]);
      await look(bank, locale, "approved");
    });
  });
}
