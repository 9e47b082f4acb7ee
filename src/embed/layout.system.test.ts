import type { Page } from "playwright";
import { expect } from "vitest";
import type { LayoutPhase } from "#contracts/frame-messages.ts";
import { findFrame, inBank, inFrame, mountReady, openBank, sendFromFrame, settle, test } from "./testing/visit.ts";

const phone = { width: 390, height: 664 };

/** Puts the designer into a long page with a button before it, scrolled down by 200 px, and the focus on the button. */
async function furnish(page: Page, placeStyle = ""): Promise<void> {
  await page.setViewportSize(phone);
  await page.evaluate(`
    document.querySelector("#mount").style.cssText = "display: flow-root; margin: 300px 20px 2000px;" + ${JSON.stringify(placeStyle)};
    const header = Object.assign(document.createElement("header"), { textContent: "Bank" });
    header.style.cssText = "position: sticky; top: 0; z-index: 9; height: 30px; background: white";
    header.append(Object.assign(document.createElement("button"), { id: "before" }));
    document.body.prepend(header); scrollTo(0, 200); document.querySelector("#before").focus()`);
}

const tellPhase = async (page: Page, phase: LayoutPhase) =>
  sendFromFrame(await findFrame(page), { type: "phase", phase });

/** Whether the frame is exactly what is seen of the page, the page can be reached, and what the frame heard last. */
const look = (page: Page) =>
  inBank(page, (bank) => {
    const { document, innerWidth, innerHeight } = bank;
    const frame = document.querySelector("iframe");
    const { x, y, width, height } = frame?.getBoundingClientRect() ?? new DOMRect();
    const isFull = x === 0 && y === 0 && width === innerWidth && height === innerHeight;
    const isSeen = document.elementFromPoint(5, 5) === frame;
    const isShut =
      document.querySelector("header")?.inert === true && document.querySelector("#card-designer[inert]") !== null;
    return [isFull, isSeen, isShut];
  });
const covered = [true, true, true];
const inThePage = [false, false, false];

/** All that the page is, but for the height of the frame. */
const pageNow = (page: Page) =>
  inBank(page, ({ document, scrollY }) => {
    const html = document.documentElement.outerHTML.replace(/; height: [\d.]+px !important| style=""/g, "");
    return [html, scrollY, document.activeElement?.id];
  });

for (const [name, style] of [
  ["a plain page", ""],
  ["an ancestor that holds what is fixed in it", "transform: translateX(1px); overflow: hidden; contain: paint"],
] as const) {
  test(`with a photo the frame lies over ${name}, and gives it back as it was`, async ({ page }) => {
    await furnish(page, style);
    const frame = await mountReady(page);
    await tellPhase(page, "first");
    await expect.poll(() => inFrame(frame, ({ layouts }) => layouts.at(-1)?.type)).toBe("inline");
    const before = await pageNow(page);
    for (const [phase, expected] of [
      ["photo", covered],
      ["first", inThePage],
      ["photo", covered],
      ["left", inThePage],
    ] as const) {
      await tellPhase(page, phase);
      await expect.poll(() => look(page), { message: phase }).toEqual(expected);
      if (expected === covered) {
        expect((await pageNow(page)).slice(1), "the page does not jump, and the focus is in the frame").toEqual([
          200,
          "",
        ]);
        await expect
          .poll(() => inFrame(frame, ({ layouts }) => layouts.at(-1)))
          .toEqual({ type: "full", safeAreas: "0px" });
      } else expect(await pageNow(page)).toEqual(before);
    }
    expect(await inBank(page, ({ asked }) => asked), "the frame is never loaded again").toEqual(["start"]);
  });
}

test("a phone that is turned, and a window that is resized, are decided on anew", async ({ page }) => {
  await furnish(page);
  const frame = await mountReady(page);
  await tellPhase(page, "photo");
  for (const [width, height, expected] of [
    [844, 390, covered],
    [1440, 900, inThePage],
    [360, 640, covered],
  ] as const) {
    await page.setViewportSize({ width, height });
    await expect.poll(() => look(page), { message: `${width}` }).toEqual(expected);
    const isInline = expected === inThePage;
    await expect.poll(() => inFrame(frame, ({ layouts }) => layouts.at(-1)?.type)).toBe(isInline ? "inline" : "full");
  }
  await inBank(page, ({ handle }) => handle.update({ layout: "inline" }));
  await expect.poll(() => look(page)).toEqual(inThePage);
});

test("in the page, the frame hears which part of it is on screen", async ({ page }) => {
  await furnish(page);
  const frame = await mountReady(page);
  await tellPhase(page, "first");
  const visible = () => inFrame(frame, ({ layouts }) => layouts.at(-1));
  await sendFromFrame(frame, { type: "height", heightPx: 1000 });
  const top = await page.locator("iframe").evaluate((element) => element.getBoundingClientRect().top + scrollY);
  for (const scrolled of [0, 100, top + 50, top + 900]) {
    await page.evaluate(`scrollTo(0, ${scrolled})`);
    const expected = {
      type: "inline",
      topPx: expect.closeTo(Math.max(0, scrolled - top), 0),
      bottomPx: expect.closeTo(Math.min(1000, scrolled + phone.height - top), 0),
    };
    await expect.poll(visible, { message: `${scrolled}` }).toEqual(expected);
  }
});

test("an older browser's frame lies over the page where that does not hold it, and otherwise stays in it", async ({
  page,
  sites,
}) => {
  await page.addInitScript("delete HTMLElement.prototype.showPopover");
  for (const [style, expected] of [
    ["", covered],
    ["transform: translateX(1px)", inThePage],
  ] as const) {
    await openBank(page, `${sites.bankOrigin}/`);
    await furnish(page, style);
    const frame = await mountReady(page);
    await tellPhase(page, "first");
    await expect.poll(() => inFrame(frame, ({ layouts }) => layouts.length)).toBeGreaterThan(0);
    const before = await pageNow(page);
    await tellPhase(page, "photo");
    if (expected === inThePage) await settle(page);
    await expect.poll(() => look(page)).toEqual(expected);
    await tellPhase(page, "left");
    await expect.poll(() => pageNow(page)).toEqual(before);
  }
});

test("from the start, never, and by a frame that does not know of it", async ({ page }) => {
  await furnish(page);
  for (const [layout, phase, expected] of [
    ["full", "first", covered],
    ["full", "left", inThePage],
    ["inline", "photo", inThePage],
    ["full", undefined, inThePage],
  ] as const) {
    await page.evaluate(`mount({ layout: "${layout}" }).ready`);
    if (phase !== undefined) await tellPhase(page, phase);
    if (expected === inThePage) await settle(page);
    await expect.poll(() => look(page), { message: `${layout} ${phase}` }).toEqual(expected);
  }
  expect(await inFrame(await findFrame(page), ({ layouts }) => layouts)).toEqual([]);
});

test("a designer that is taken off a page that it covers leaves nothing behind, a hundred times over", async ({
  page,
}) => {
  await furnish(page);
  const before = await pageNow(page);
  for (const how of ["handle.destroy()", "document.querySelector('iframe').remove()"]) {
    await mountReady(page);
    await tellPhase(page, "photo");
    await expect.poll(() => look(page)).toEqual(covered);
    await page.evaluate(how);
    await expect.poll(() => pageNow(page), { message: how }).toEqual(before);
  }
  await page.evaluate("for (let count = 0; count < 100; count++) mount(); handle.destroy()");
  await expect.poll(() => pageNow(page)).toEqual(before);
});

test("a dialog of the page, opened over the designer, can be used", async ({ page }) => {
  await furnish(page);
  await page.evaluate(`
    const ask = document.createElement("dialog");
    ask.append(Object.assign(document.createElement("button"), { id: "yes" })); document.body.append(ask)`);
  await mountReady(page);
  await tellPhase(page, "photo");
  await expect.poll(() => look(page)).toEqual(covered);
  await page.evaluate(`document.querySelector("dialog").showModal()`);
  expect((await pageNow(page))[2]).toBe("yes");
  await page.locator("#yes").click({ timeout: 5_000 });
  await page.evaluate(`document.querySelector("dialog").close()`);
  await expect.poll(() => look(page)).toEqual(covered);
});

test("a page that hides the designer while it is covered is given back, until it is shown again", async ({ page }) => {
  await furnish(page);
  await mountReady(page);
  await tellPhase(page, "photo");
  await expect.poll(() => look(page)).toEqual(covered);
  await page.evaluate(`document.querySelector("#mount").style.display = "none"`);
  await expect.poll(() => look(page)).toEqual(inThePage);
  expect((await pageNow(page))[0]).not.toContain("overflow");
  await page.evaluate(`document.querySelector("#mount").style.display = ""`);
  await expect.poll(() => look(page)).toEqual(covered);
});

test("a keyboard that takes of the page's height, and zooming by pinching, change nothing", async ({ page }) => {
  await furnish(page);
  const frame = await mountReady(page);
  // The frame is told of each decision.
  const expectDecided = async (expected: readonly boolean[], message: string, change: () => Promise<unknown>) => {
    await inFrame(frame, ({ layouts }) => layouts.splice(0));
    await change();
    await expect.poll(() => inFrame(frame, ({ layouts }) => layouts.length), { message }).toBeGreaterThan(0);
    await settle(page);
    expect(await look(page), message).toEqual(expected);
  };
  await page.setViewportSize({ width: 800, height: 900 });
  await tellPhase(page, "photo");
  const resize = (width: number, height: number) => () => page.setViewportSize({ width, height });
  await expectDecided(inThePage, "keyboard", resize(800, 400));
  const zoom = () =>
    page.evaluate(`const own = Object.getOwnPropertyDescriptor(window, "innerWidth");
      Object.defineProperty(window, "innerWidth", { value: 400, configurable: true });
      dispatchEvent(new Event("resize")); Object.defineProperty(window, "innerWidth", own)`);
  await resize(800, 900)();
  await expectDecided(inThePage, "zoomed, as WebKit says it", zoom);
  await expectDecided(covered, "turned", resize(844, 390));
  await expectDecided(covered, "without a keyboard", resize(844, 700));
});

test("a page that moves all its changes slowly is covered, and given back, at once", async ({ page }) => {
  await furnish(page);
  await page.evaluate(`const sheet = new CSSStyleSheet(); sheet.replaceSync("* { transition: all 0.3s }");
    document.adoptedStyleSheets = [sheet]`);
  await mountReady(page);
  await tellPhase(page, "first");
  await settle(page);
  const before = await pageNow(page);
  await tellPhase(page, "photo");
  await expect.poll(() => look(page), { timeout: 5_000 }).toEqual(covered);
  await tellPhase(page, "left");
  await expect.poll(() => look(page)).toEqual(inThePage);
  expect(await pageNow(page)).toEqual(before);
});

test("a bank's page that is in a frame itself is not covered", async ({ page, sites }) => {
  await page.setViewportSize(phone);
  const portal = `${sites.bankOrigin}/portal`;
  await page.route(portal, (route) =>
    route.fulfill({ contentType: "text/html", body: `<iframe src="/" style="width: 100%; height: 1500px"></iframe>` }),
  );
  await page.goto(portal);
  const bank = await (await page.waitForSelector("iframe")).contentFrame();
  await bank?.evaluate("loaded.then(() => mount().ready)");
  const frame = await (await bank?.waitForSelector("iframe"))?.contentFrame();
  if (!bank || !frame) throw new Error("the frame has no page");
  await sendFromFrame(frame, { type: "phase", phase: "photo" });
  await expect.poll(() => inFrame(frame, ({ layouts }) => layouts.at(-1)?.type)).toBe("inline");
  expect(await bank.evaluate(() => document.documentElement.style.overflow)).toBe("");
});

test("what a page adds while it is covered cannot be reached, and what it makes inert itself stays so", async ({
  page,
}) => {
  await furnish(page);
  await mountReady(page);
  await tellPhase(page, "photo");
  await expect.poll(() => look(page)).toEqual(covered);
  await page.evaluate(`document.body.append(Object.assign(document.createElement("button"), { id: "chat" }));
    document.querySelector("header").inert = true`);
  const inert = () =>
    inBank(page, ({ document }) =>
      [...document.body.querySelectorAll("[inert]")].map(({ id, localName }) => id || localName),
    );
  await expect.poll(inert).toEqual(["header", "card-designer", "chat"]);
  await tellPhase(page, "left");
  await expect.poll(inert).toEqual(["header"]);
});

test("the focus stays where the page has put it, and goes back into another tree", async ({ page }) => {
  await furnish(page);
  await mountReady(page);
  await tellPhase(page, "photo");
  await expect.poll(() => look(page)).toEqual(covered);
  await page.evaluate(`
    const next = document.body.appendChild(Object.assign(document.createElement("button"), { id: "next" }));
    next.focus(); handle.destroy()`);
  expect((await pageNow(page))[2]).toBe("next");

  await page.evaluate(`const place = document.createElement("div");
    document.querySelector("#mount").attachShadow({ mode: "open" }).append(place);
    (window.handle = designer.mount(place, options)).ready`);
  await tellPhase(page, "photo");
  await expect.poll(async () => (await pageNow(page))[2]).toBe("mount");
  await tellPhase(page, "left");
  await expect.poll(async () => (await pageNow(page))[2]).toBe("next");
});

test("what is in an older browser's way is seen at either edge, and tried again in a window of another width", async ({
  page,
  sites,
}) => {
  await page.addInitScript("delete HTMLElement.prototype.showPopover");
  await openBank(page, `${sites.bankOrigin}/`);
  await furnish(page);
  const frame = await mountReady(page);
  await page.evaluate(`const chat = document.body.appendChild(document.createElement("aside"));
    chat.style.cssText = "position: fixed; right: 0; bottom: 0; width: 60px; height: 60px; z-index: 2147483647"`);
  await tellPhase(page, "photo");
  await expect.poll(() => inFrame(frame, ({ layouts }) => layouts.at(-1)?.type)).toBe("inline");
  await settle(page);
  expect(await look(page)).toEqual(inThePage);
  await page.evaluate(`document.querySelector("aside").remove()`);
  await page.setViewportSize({ width: 400, height: 664 });
  await expect.poll(() => look(page)).toEqual(covered);
});
