import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { photographPath } from "./support/photos.ts";
import { type Locale, walkScreens } from "./support/screens.ts";
import { expect, test } from "./support/test.ts";

/** What axe finds on the page and in every frame in it: no rule and no element is left out. One line for each. */
async function findViolations(page: Page): Promise<string[]> {
  const hasFrame = (await page.locator("iframe").count()) > 0;
  // It gives a frame a second to take axe in and goes on without it: too short at times on a busy machine.
  for (let attempt = 1; attempt <= 4; attempt++) {
    // Its types come with another copy of Playwright's core.
    const { violations, passes } = await new AxeBuilder({ page: page as never }).analyze();
    // A node in a frame has a path: the frame on the page, then the node in the frame.
    const sawFrame = passes.some(({ nodes }) => nodes.some(({ target }) => target.length > 1));
    if (sawFrame !== hasFrame) continue;
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(" > ")}\n${html}\n${failureSummary}`),
    );
  }
  throw new Error("axe did not look into the designer's frame");
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

/** What moves on the page and in its frames. */
async function findMotion(page: Page): Promise<string[]> {
  const found = page.frames().map((frame) =>
    frame.evaluate(() =>
      document
        .getAnimations()
        .filter(({ playState }) => playState === "running")
        .map(({ effect }) => (effect instanceof KeyframeEffect ? (effect.target?.outerHTML.slice(0, 200) ?? "") : "")),
    ),
  );
  return (await Promise.all(found)).flat();
}

const looks = { en: ["light", "dark"], ar: ["dark"] } as const satisfies Record<Locale, readonly string[]>;

for (const locale of ["en", "ar"] satisfies Locale[]) {
  test(`axe finds nothing on any screen, ${looks[locale].join(" and ")}: ${locale}`, async ({ bank, page }) => {
    test.setTimeout(300_000);
    await page.emulateMedia({ reducedMotion: "reduce" });
    await walkScreens(bank, locale, async (screen) => {
      await expect.poll(() => findMotion(page), `${screen}: nothing moves under reduced motion`).toEqual([]);
      for (const colorScheme of looks[locale]) {
        await switchScheme(page, colorScheme);
        expect.soft(await findViolations(page), `${screen}, ${colorScheme}`).toEqual([]);
      }
    });
  });
}

/** Buttons without an edge of their own where backgrounds are taken away, and what is chosen but does not show it. */
function findEdgeless(): string[] {
  const isDrawn = (element: Element): boolean => {
    const { borderTopStyle, borderTopWidth, borderTopColor, outlineStyle, backgroundColor } = getComputedStyle(element);
    const bordered = borderTopStyle !== "none" && Number.parseFloat(borderTopWidth) >= 1;
    return (bordered && borderTopColor !== backgroundColor) || outlineStyle !== "none";
  };
  const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true });
  const buttons = [...document.querySelectorAll("button")].filter(
    (button) => visible(button) && ![button, ...button.children].some(isDrawn),
  );
  const chosen = [...document.querySelectorAll("input[type=radio]:checked")].map((radio) => radio.closest("label"));
  return [...buttons, ...chosen.filter((label) => label !== null && !isDrawn(label))].map(
    (element) => element?.outerHTML.slice(0, 200) ?? "",
  );
}

test("in forced colours every button has an edge, and what is chosen shows", async ({ bank, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  const expectEdges = async (screen: string) => {
    for (const frame of page.frames()) expect.soft(await frame.evaluate(findEdgeless), screen).toEqual([]);
  };
  await bank.open();
  await expectEdges("pick");
  await bank.place(photographPath("march-pastoral"));
  await bank.adjust({ Zoom: 300 });
  await expectEdges("design");
  await bank.adjust({ Zoom: 100 });
  await bank.preview();
  await bank.agree();
  await expectEdges("preview");
  await bank.press("Send my card");
  await bank.expectHeading(/Approved/);
  await expect(bank.designer.getByRole("img", { name: "Your card as the card maker shows it" })).toBeVisible();
  await expectEdges("follow");
});
