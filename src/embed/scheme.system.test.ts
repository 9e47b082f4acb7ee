import type { Page } from "playwright";
import { describe, expect } from "vitest";
import { findFrame, inBank, inFrame, mountReady, mountWaiting, test } from "./testing/visit.ts";

/** As a page for people who want no motion has it, or a test's. */
const noMotion = "*, *::before { transition: none !important; animation: none !important }";

/** Gives the bank's page this style and head. */
async function dress(page: Page, css: string, head = ""): Promise<void> {
  // The page's policy allows it no style elements, which a constructed sheet is not.
  await page.evaluate(`{ const sheet = window.sheet = new CSSStyleSheet(); sheet.replaceSync(${JSON.stringify(css)});
    document.adoptedStyleSheets = [sheet]; }`);
  if (head !== "") {
    await page.evaluate(
      `document.head.append(Object.assign(document.createElement("meta"), { name: "color-scheme", content: ${JSON.stringify(head)} }))`,
    );
  }
}
const nameOf = async (page: Page) => inFrame(await findFrame(page), ({ name }) => name);
const schemesOf = async (page: Page) => inFrame(await findFrame(page), ({ schemes }) => schemes);

describe("the frame is loaded in the scheme of the page around it", () => {
  test.for([
    ["says nothing, as most white pages", "", "", "dark", "light"],
    ["is dark", "html { color-scheme: dark }", "", "light", "dark"],
    ["follows the system", "html { color-scheme: light dark }", "", "dark", "dark"],
    ["follows the system", "html { color-scheme: dark light }", "", "light", "light"],
    ["is always light", "html { color-scheme: only light }", "", "dark", "light"],
    ["is always dark", "body { color-scheme: dark only }", "", "light", "dark"],
    ["has a dark place for it", "#mount { color-scheme: dark }", "", "light", "dark"],
    [
      "has a light place in a dark page",
      "html { color-scheme: dark } #mount { color-scheme: light }",
      "",
      "dark",
      "light",
    ],
    ["says it in its head", "", "light dark", "dark", "dark"],
    ["says it in its head, and otherwise in its style", "html { color-scheme: light }", "dark", "dark", "light"],
  ] as const)("a page that %s: %s %s, in a %s system", async ([, css, head, system, expected], { page }) => {
    await page.emulateMedia({ colorScheme: system });
    await dress(page, css, head);
    await mountReady(page);
    expect(await nameOf(page)).toBe(`fullbleed-${expected}`);
    expect(await schemesOf(page)).toEqual([]);
  });

  test.for(["light", "dark"] as const)(
    "a page that asks for %s gets it, whatever the page is",
    async (asked, { page }) => {
      const other = asked === "light" ? "dark" : "light";
      await page.emulateMedia({ colorScheme: other });
      await dress(page, `html { color-scheme: ${other} }`);
      await page.evaluate(`mount({ colorScheme: "${asked}" }).ready`);
      expect(await nameOf(page)).toBe(`fullbleed-${asked}`);
      expect(await page.locator("iframe").evaluate((frame) => getComputedStyle(frame).colorScheme)).toBe(asked);
    },
  );
});

test("every change of the page's scheme reaches the designer at once, whatever brought it about", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "light", reducedMotion: "reduce" });
  await dress(page, `${noMotion} .dark, [data-theme="dark"] #mount { color-scheme: dark }`);
  await mountReady(page);
  const changes = [
    "document.documentElement.classList.add('dark')",
    "document.documentElement.classList.remove('dark')",
    "document.body.style.colorScheme = 'dark'",
    "document.body.style.colorScheme = ''",
    "document.documentElement.dataset.theme = 'dark'",
    "delete document.documentElement.dataset.theme",
    "document.querySelector('#mount').style.colorScheme = 'only dark'",
    "document.querySelector('#mount').removeAttribute('style')",
    "sheet.insertRule('html { color-scheme: dark }')",
    "sheet.cssRules[0].style.colorScheme = 'light dark'",
  ];
  const expected: string[] = [];
  for (const change of changes) {
    expected.push(expected.at(-1) === "dark" ? "light" : "dark");
    await page.evaluate(change);
    await expect.poll(() => schemesOf(page), { message: change }).toEqual(expected);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  await expect.poll(() => schemesOf(page), { message: "the system" }).toEqual([...expected, "dark"]);
  expect(await nameOf(page)).toMatch(/^fullbleed-/);
});

test("a change while the designer is not displayed reaches it when it is displayed again", async ({ page }) => {
  await mountReady(page);
  await page.evaluate("document.querySelector('#mount').style.display = 'none'");
  await page.evaluate("document.documentElement.style.colorScheme = 'dark'");
  await page.evaluate("document.querySelector('#mount').style.display = ''");
  await expect.poll(() => schemesOf(page)).toEqual(["dark"]);
});

test("update changes the scheme, and gives it back to the page", async ({ page }) => {
  await mountReady(page);
  await inBank(page, ({ handle }) => handle.update({ colorScheme: "dark" }));
  await expect.poll(() => schemesOf(page)).toEqual(["dark"]);
  await page.evaluate("document.documentElement.style.colorScheme = 'dark'");
  await inBank(page, ({ handle }) => handle.update({ colorScheme: "light" }));
  await expect.poll(() => schemesOf(page)).toEqual(["dark", "light"]);
  await inBank(page, ({ handle }) => handle.update({ colorScheme: "page" }));
  await expect.poll(() => schemesOf(page)).toEqual(["dark", "light", "dark"]);
});

test.for(["location.reload()", "parent"])(
  "a designer that is loaded again (%s) has the scheme of now",
  async (how, { page }) => {
    const frame = await mountReady(page);
    await page.evaluate("document.documentElement.style.colorScheme = 'dark'");
    await expect.poll(() => schemesOf(page)).toEqual(["dark"]);
    if (how === "parent") await page.evaluate("document.body.append(document.querySelector('iframe'))");
    else await frame.evaluate(how).catch(() => {});
    await expect.poll(() => inBank(page, ({ events }) => events.length)).toBe(2);
    await expect.poll(() => schemesOf(page)).toEqual(["dark"]);
  },
);

test("the page's own transitions of the frame stay, and the page's listeners hear nothing of ours", async ({
  page,
}) => {
  await dress(page, "iframe { transition: height 10ms; column-rule-color: red }");
  await page.evaluate(
    `window.heard = []; addEventListener("transitionend", ({ propertyName }) => heard.push(propertyName))`,
  );
  await mountReady(page);
  await page.evaluate("document.documentElement.style.colorScheme = 'dark'");
  await expect.poll(() => schemesOf(page)).toEqual(["dark"]);
  await page.evaluate("document.querySelector('iframe').style.height = '700px'");
  await expect.poll(() => page.evaluate("heard")).toEqual(["height"]);
});

test("a page in the designer's place is in the page's scheme too", async ({ page }) => {
  await page.evaluate("document.documentElement.style.colorScheme = 'dark'");
  await mountWaiting(page, "sess_manual");
  const scheme = () => page.locator("iframe").evaluate(({ style }) => style.colorScheme);
  await expect.poll(scheme).toBe("dark");
  await (await findFrame(page)).evaluate("void begin()");
  await expect.poll(scheme).toBe("");
});
