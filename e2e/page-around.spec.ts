import type { Page } from "@playwright/test";
import type { CardDesigner, Handle, Options } from "#embed/options.ts";
import { photographPath } from "./support/photos.ts";
import { decode } from "./support/pictures.ts";
import type { TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

// The designer in other pages than our demo bank's.

interface Mounting {
  readonly rootStyle?: string;
  /** The page's own style sheet. */
  readonly css?: string;
  /** The designer lies in an open dialog, under a header that stays while the dialog is scrolled. */
  readonly isInDialog?: boolean;
  readonly options?: Pick<Options, "colorScheme" | "theme" | "messages">;
}

/** The demo bank's page, emptied of everything but the designer. */
async function openPage(
  page: Page,
  demo: TestDemo,
  { rootStyle = "", css = "", isInDialog = false, options = {} }: Mounting,
): Promise<void> {
  await page.route(/\/(app\.js|styles\.css)$/, (route) => route.abort());
  await page.goto(demo.bankUrl);
  await page.evaluate(
    async ({ rootStyle, css, isInDialog, options }) => {
      const bank = window as typeof window & {
        events: unknown[];
        handle?: Handle;
        Fullbleed?: { loadCardDesigner(): Promise<CardDesigner | null> };
      };
      const place = document.createElement("div");
      document.querySelector("meta[name=color-scheme]")?.remove();
      document.documentElement.style.cssText = rootStyle;
      document.body.style.margin = "0";
      document.body.replaceChildren(place);
      const sheet = new CSSStyleSheet();
      await sheet.replace(css);
      document.adoptedStyleSheets = [sheet];
      if (isInDialog) {
        const dialog = document.createElement("dialog");
        dialog.append(document.createElement("header"), place);
        document.body.append(dialog);
        dialog.showModal();
      }
      bank.events = [];
      const designer = await bank.Fullbleed?.loadCardDesigner();
      if (!designer) throw new Error("the loader is not there");
      bank.handle = designer.mount(place, {
        ...options,
        fetchSession: async (why) => {
          const body = JSON.stringify({ why, productId: "photo-landscape", locale: "en" });
          const headers = { "content-type": "application/json" };
          return (await fetch("/api/card-session", { method: "POST", headers, body })).json();
        },
        onEvent: (event) => bank.events.push(event),
      });
    },
    { rootStyle, css, isInDialog, options },
  );
}

/** What the page's upper left corner is, where the frame is. */
async function cornerOf(page: Page): Promise<"light" | "dark" | "neither"> {
  const clip = { x: 1, y: 1, width: 2, height: 2 };
  const { data } = await decode(await page.screenshot({ clip }));
  const lightness = data[1] ?? Number.NaN;
  if (lightness > 200) return "light";
  return lightness < 60 ? "dark" : "neither";
}

for (const [scheme, system, rootStyle] of [
  ["light", "dark", ""],
  ["dark", "light", "color-scheme: dark; background: #1a1a1a"],
] as const) {
  test(`in a ${scheme} page the designer is ${scheme} from the first moment, though the system is ${system}`, async ({
    page,
    demo,
  }) => {
    await page.emulateMedia({ colorScheme: system });
    let goOn = (): void => {};
    const slow = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const asked = page.waitForRequest(/\/designer\/assets\/index-[^/]*\.js$/);
    await page.route(/\/designer\/assets\/index-[^/]*\.js$/, async (route) => {
      await slow;
      await route.continue();
    });
    await openPage(page, demo, { rootStyle });
    await asked;
    const frame = page.frameLocator("iframe");
    await expect(frame.locator("link[rel=stylesheet]").last()).toBeAttached();
    for (let look = 0; look < 5; look += 1) expect(await cornerOf(page)).toBe(scheme);
    goOn();
    const photo = frame.locator("input[type=file]").first();
    do expect(await cornerOf(page)).toBe(scheme);
    while ((await photo.count()) === 0);
    expect(await cornerOf(page)).toBe(scheme);
    const schemes = await frame
      .locator("html")
      .evaluate((html) => [
        getComputedStyle(html).colorScheme,
        document.querySelector<HTMLMetaElement>("meta[name=color-scheme]")?.content,
      ]);
    expect(schemes).toEqual([scheme, scheme]);

    await page.evaluate((other) => document.body.style.setProperty("color-scheme", other), system);
    await expect.poll(() => cornerOf(page)).toBe(system);
  });
}

test("a page whose accent or version of the rules cannot be seen is told so after the designer is ready, and the words can be read", async ({
  page,
  demo,
}) => {
  const messages = { "rules.version": "\u00a0" };
  await openPage(page, demo, { options: { colorScheme: "dark", theme: { accent: "#0b5cff" }, messages } });
  const read = () => page.evaluate<{ type: string; code?: string; detail?: string }[]>("window.events");
  await expect.poll(async () => (await read()).map(({ type }) => type)).toEqual(["ready", "problem", "problem"]);
  const details = Object.fromEntries((await read()).map(({ code = "", detail }) => [code, detail]));
  expect(details).toMatchObject({
    "rules-version-blank": "Nothing can be seen of your text rules.version: 2026-11 is used.",
    "theme-contrast": expect.stringContaining("accent-text #0b5cff has 2.97 : 1 on accent-tint"),
  });
  expect(await page.evaluate("handle.ready")).toBe(undefined);
  const current = page.frameLocator("iframe").locator("[aria-current=step]").first();
  expect(await current.evaluate((step) => getComputedStyle(step).color)).toBe("rgb(72, 133, 255)");
});

test("in a dialog with a header that stays, under styles made for videos, nothing is cut or covered, and Escape is told", async ({
  page,
  demo,
}) => {
  const css = `dialog { width: 1000px; height: 560px; padding: 0; overflow: auto; transform: translateX(1px) }
    header { position: sticky; top: 0; height: 120px; background: silver; z-index: 1 }
    iframe { width: 560px !important; max-width: 50%; height: auto !important; max-height: 315px !important;
      aspect-ratio: 16 / 9; padding: 9px !important; border: 9px solid red !important }`;
  await openPage(page, demo, { css, isInDialog: true });
  const frame = page.frameLocator("iframe");
  await frame.locator("input[type=file]:not([capture])").first().setInputFiles(photographPath("march-pastoral"));
  await expect(frame.getByRole("application")).toBeVisible();
  const readSizes = () => frame.locator("html").evaluate((html) => [innerWidth, html.scrollHeight - innerHeight]);
  const placeWidth = await page.locator("dialog").evaluate((dialog) => dialog.clientWidth);
  await expect.poll(readSizes).toEqual([placeWidth, 0]);

  await page.locator("dialog").evaluate((dialog) => dialog.scrollTo(0, dialog.scrollHeight));
  await frame.getByRole("button", { name: "See the print preview" }).click();
  const heading = frame.getByRole("heading", { name: "Check your card" });
  const headerEnd = await page.locator("header").evaluate((header) => header.getBoundingClientRect().bottom);
  await expect.poll(async () => (await heading.boundingBox())?.y).toBeGreaterThan(headerEnd);

  const told = () => page.evaluate(`events.filter(({ type }) => type === "escape").length`);
  await heading.press("Escape");
  await expect.poll(told).toBe(1);
  expect(await page.evaluate(`document.querySelector("dialog").open`), "the page decides").toBe(true);
});
