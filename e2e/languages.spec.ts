import type { Page } from "@playwright/test";
import { ar } from "#designer/locales/ar.ts";
import { en } from "#designer/locales/en.ts";
import { photographPath } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

const anyLanguage = /\/designer\/assets\/(en|de|fr|es|ar)-[^/]+\.js$/;
const arabic = /\/designer\/assets\/ar-[^/]+\.js$/;

/** The languages whose texts the page asks for, in order; those of the first screen are files of their own. */
function recordLanguages(page: Page): ReadonlySet<string> {
  const asked = new Set<string>();
  page.on("request", (request) => {
    const [, language] = anyLanguage.exec(request.url()) ?? [];
    if (language !== undefined) asked.add(language);
  });
  return asked;
}

/** Every id of a text that was to be read instead of the text, in whatever frame, for however short a time. */
async function watchForIds(page: Page): Promise<() => Promise<string[]>> {
  await page.addInitScript((ids: string[]) => {
    const known = new Set(ids);
    const seen: string[] = [];
    Object.assign(window, { seenIds: seen });
    const look = () => {
      const words = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
      for (let node = words.nextNode(); node !== null; node = words.nextNode()) {
        if (known.has((node.textContent ?? "").trim())) seen.push(node.textContent ?? "");
      }
      if (known.has(document.title)) seen.push(document.title);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  }, Object.keys(en));
  const read = () => (window as unknown as { seenIds: string[] }).seenIds;
  return async () => (await Promise.all(page.frames().map((frame) => frame.evaluate(read)))).flat();
}

test("only the language that is shown is loaded, which for de-AT is de, and no id of a text is ever read", async ({
  bank,
  page,
}) => {
  const asked = recordLanguages(page);
  const idsRead = await watchForIds(page);
  await bank.open({ locale: "de-AT" });
  await bank.place(photographPath("march-pastoral"));
  expect([...asked]).toEqual(["de"]);
  expect(await idsRead()).toEqual([]);
});

test("Arabic as it is written in Egypt, and only that: its digits, from right to left, and fields that take either digits", async ({
  bank,
  page,
}) => {
  const asked = recordLanguages(page);
  const idsRead = await watchForIds(page);
  await bank.open({ locale: "ar-EG" });
  const root = bank.designer.locator("html");
  await expect(root).toHaveAttribute("lang", "ar-EG");
  await expect(root).toHaveAttribute("dir", "rtl");
  await expect(page.locator("iframe")).toHaveAttribute("title", ar["app.title"]);
  await expect(bank.designer.getByText("٥١٨ × ٣٣٢")).toBeVisible();
  await bank.place(photographPath("march-pastoral"));
  expect([...asked]).toEqual(["ar"]);
  expect(await idsRead()).toEqual([]);
  await bank.check(bank.designer.getByRole("radio", { name: ar["design.tab.adjust"] }));
  const turn = bank.designer.getByRole("spinbutton", { name: ar["design.turn"] });
  for (const [typed, shown] of [
    ["٧", "٧٫٠"],
    ["7", "٧٫٠"],
    ["-١٢٫٥", "\u061c-١٢٫٥"],
    ["٣-", "\u061c-٣٫٠"],
  ] as const) {
    await turn.fill(typed);
    await turn.press("Enter");
    await expect(turn).toHaveValue(shown);
  }
  const slider = bank.designer.getByRole("slider", { name: ar["design.turn"] });
  await expect(slider).toHaveValue("-3");
  await expect(slider).toHaveAttribute("aria-valuetext", "\u061c-٣°");
});

test("the page changes the language while a design is on the screen: all stays, and the last wish counts", async ({
  bank,
  page,
}) => {
  const asked = recordLanguages(page);
  const idsRead = await watchForIds(page);
  await bank.open();
  await bank.place(photographPath("march-pastoral"));
  expect([...asked], "only the language that is shown").toEqual(["en"]);
  await bank.adjust({ Zoom: 120, Turn: 4 });
  const { promise: mayCome, resolve: letCome } = Promise.withResolvers<void>();
  await page.route(arabic, async (route) => {
    await mayCome;
    await route.continue();
  });
  const coming = page.waitForRequest(arabic);
  await page.getByRole("combobox", { name: /Language|اللغة/ }).selectOption("ar");
  await coming;
  await page.getByRole("combobox", { name: /Language|اللغة/ }).selectOption("en");
  const came = page.waitForResponse(arabic);
  letCome();
  await (await came).finished();
  await page.getByRole("combobox", { name: /Language|اللغة/ }).selectOption("ar");
  await expect(bank.designer.getByRole("button", { name: ar["design.next"] })).toBeVisible();
  await page.getByRole("combobox", { name: /Language|اللغة/ }).selectOption("en");
  await expect(bank.designer.getByRole("button", { name: "See the print preview" })).toBeVisible();
  await expect(bank.numberField("Zoom")).toHaveValue("120");
  await expect(bank.numberField("Turn")).toHaveValue("4.0");
  expect([...asked]).toEqual(["en", "ar"]);
  expect(await idsRead()).toEqual([]);
});

test("the texts cannot be loaded: that is said in their language, and trying again loads them", async ({
  bank,
  page,
  demo,
}) => {
  await page.route(anyLanguage, (route) => route.abort());
  const idsRead = await watchForIds(page);
  await page.goto(`${demo.bankUrl}/?locale=ar-EG`);
  await bank.expectHeading(ar["closed.not-loaded.title"]);
  await expect(bank.designer.locator("html")).toHaveAttribute("dir", "rtl");
  expect(await idsRead()).toEqual([]);
  await page.unroute(anyLanguage);
  await bank.press(ar["closed.retry"]);
  await bank.expectHeading(ar["pick.title"]);
});

test("another language cannot be loaded while a design is on the screen: it stays, and the page is told", async ({
  bank,
  page,
}) => {
  await bank.open();
  await bank.place(photographPath("march-pastoral"));
  await page.route(arabic, (route) => route.abort());
  await page.getByRole("combobox", { name: /Language|اللغة/ }).selectOption("ar");
  await expect(page.locator("#events [data-type=problem]").last()).toContainText("stays in the language it has");
  await expect(bank.designer.locator("html")).toHaveAttribute("lang", "en");
  await bank.preview();
});
