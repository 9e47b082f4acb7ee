import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import type { IssuerEvent } from "#contracts/webhook.ts";
import { listenLocally } from "#providers/testing/listen.ts";
import { chromiumArguments, findChromium } from "../../../scripts/browsers.mjs";
import { type RunningBank, startBank } from "./bank.ts";
import type { BankConfig } from "./config.ts";
import { openNews } from "./news.ts";
import { openVisits } from "./sessions.ts";
import { makeBankConfig } from "./testing/bank-config.ts";

/** Stands for the loader: mounts an empty frame, asks for a session, and lets the test tell the page things. */
const loader = `
  window.mounts = [];
  window.Fullbleed = { loadCardDesigner: async () => ({ mount(element, options) {
    const mount = { options, updates: [], alive: true };
    window.mounts.push(mount);
    const ready = options.fetchSession("start").then(() => {
      element.append(document.createElement("iframe")); options.onEvent({ eventId: "r", type: "ready" }); });
    return { ready, update: (changes) => mount.updates.push(changes), focus() {},
      submit: async () => { throw Object.assign(new Error(), { code: "agreement-missing", detail: "Agree first." }); },
      destroy: async () => { mount.alive = false; element.replaceChildren(); } };
  } }) };
`;

let browser: Browser;
let designer: Server;
let config: BankConfig;
let bank: RunningBank;
let context: BrowserContext;
let page: Page;
let opened: number;
const dataFolder = mkdtempSync(path.join(tmpdir(), "bank-page-"));

beforeAll(async () => {
  designer = createServer((request, response) => {
    if (request.url === "/embed/card-designer.js")
      return void response.setHeader("content-type", "text/javascript").end(loader);
    opened += 1;
    response.writeHead(opened === 1 ? 503 : 201, { "content-type": "application/json" });
    response.end(JSON.stringify({ sessionId: `sess_${opened}`, clientSecret: "secret", expiresAt: 1 }));
  });
  const designerUrl = await listenLocally(designer);
  config = makeBankConfig({ dataFolder, designerUrl });
  bank = await startBank(config);
  browser = await chromium.launch({ ...findChromium(), args: chromiumArguments() });
});
afterAll(async () => {
  await browser.close();
  await bank.stop();
  designer.close().closeAllConnections();
  rmSync(dataFolder, { recursive: true });
});
beforeEach(() => {
  opened = 1;
});
afterEach(() => context.close());

/** The bank is told, by a webhook, that this visitor's card has come to `state`. */
async function tellBank(state: "in-review" | "approved", seq: number): Promise<void> {
  const [cookie] = await context.cookies();
  const visits = openVisits(config);
  const news = openNews(dataFolder);
  const cardholderId = visits.find(cookie?.value ?? "")?.cardholderId ?? "";
  const data = { cardholderId, productId: "photo-landscape", state, updatedAt: Date.now() };
  news.keep({ id: `evt_${seq}`, seq, data } as IssuerEvent);
  news.close();
  visits.close();
}

async function openPage(options: Parameters<Browser["newContext"]>[0] = {}, query = ""): Promise<void> {
  context = await browser.newContext(options);
  page = await context.newPage();
  await page.goto(`${bank.origin}/${query}`);
}
const state = () => page.locator("#designer").getAttribute("data-state");
const mounted = () => page.evaluate("mounts.filter(({ alive }) => alive).length");
const tell = (event: object) => page.evaluate(`mounts.at(-1).options.onEvent(${JSON.stringify(event)})`);

test.each([
  ["a desktop", { viewport: { width: 1440, height: 900 } }, ""],
  ["a desktop in the dark", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }, ""],
  ["a phone in Arabic", { viewport: { width: 390, height: 844 } }, "?locale=ar"],
  ["the narrowest screen in the dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }, "?locale=ar"],
] as const)("on %s the page fits and has no accessibility violation", async (_where, options, query) => {
  await openPage(options, query);
  await expect.poll(state).toBe("ready");
  await page.locator("summary").click();
  await tell({
    eventId: "s",
    type: "status",
    submissionId: "sub_0123456789abcdef0123456789abcdef",
    state: "in-review",
  });
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
  // The stand-in's empty frame has no name; the loader's own tests look at that of the real one.
  await page.evaluate(`document.querySelector("iframe").title = "Card designer"`);
  // npm nests a second playwright-core; the two differ in nothing that matters here.
  const { violations } = await new AxeBuilder({ page: page as never }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

test("a designer that cannot be reached is said so, and trying again opens it", async () => {
  opened = 0;
  await openPage();
  await expect.poll(() => page.getByRole("alert").textContent()).toContain("could not be opened");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(state).toBe("ready");
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("the language changes at once, without opening the designer again, and survives a reload", async () => {
  await openPage();
  await expect.poll(state).toBe("ready");
  await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
  expect(await page.evaluate("[document.documentElement.lang, document.documentElement.dir]")).toEqual(["ar", "rtl"]);
  expect(await page.evaluate("mounts[0].updates")).toEqual([{ locale: "ar" }]);
  expect(await mounted()).toBe(1);
  await page.reload();
  expect(await page.locator("h1").textContent()).toBe("ضع صورتك الخاصة على بطاقتك");
});

test.each([
  ["ar-EG", "rtl", "١"],
  ["ar-EG-u-nu-latn", "rtl", "1"],
  ["en-GB", "ltr", "1"],
  ["en_US", "ltr", "1"],
  ["de-AT", "ltr", "1"],
  ["he", "ltr", "1"],
])(
  "the locale %s of the address goes to the designer with its region, and numbers follow it",
  async (tag, dir, one) => {
    await openPage({}, `?locale=${tag}`);
    await expect.poll(state).toBe("ready");
    expect(await page.evaluate("document.documentElement.dir")).toBe(dir);
    expect(await page.evaluate("mounts[0].options.locale")).toBe(["en_US", "he"].includes(tag) ? "en" : tag);
    expect(await page.locator("#count").textContent()).toBe(one);
  },
);

test("another card opens another designer, and asks first when a design would be left", async () => {
  await openPage();
  await expect.poll(state).toBe("ready");
  await page.getByRole("radio", { name: "Portrait" }).check();
  await expect.poll(() => page.url()).toContain("product=photo-portrait");
  await expect.poll(state).toBe("ready");
  expect(await mounted()).toBe(1);

  await tell({ eventId: "c", type: "changed" });
  await page.getByRole("radio", { name: "Extra sharp" }).check();
  await page.getByRole("button", { name: "Stay" }).click();
  await expect.poll(() => page.getByRole("radio", { name: "Portrait" }).isChecked()).toBe(true);
  expect(await page.evaluate("mounts.length")).toBe(2);
  await page.getByRole("radio", { name: "Extra sharp" }).check();
  await page.getByRole("button", { name: "Leave it" }).click();
  await expect.poll(() => page.evaluate("mounts.length")).toBe(3);
});

test("what the bank is told of the card comes up on its page by itself, in plain words and the page's language", async () => {
  await openPage();
  await expect.poll(state).toBe("ready");
  expect(await page.locator(".news").isVisible()).toBe(false);
  const told = () => page.locator("#news li span").allTextContents();
  await tellBank("in-review", 1);
  await expect.poll(told).toEqual(["Your design is being checked."]);
  await tellBank("approved", 2);
  await expect.poll(told).toEqual(["Your design is being checked.", "Your design is approved. We make your card."]);
  await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
  expect(await told()).toEqual(["تجري مراجعة تصميمك.", "تمت الموافقة على تصميمك، وسنصنع بطاقتك."]);
  expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
  await page.evaluate(`document.querySelector("iframe").title = "Card designer"`);
  const { violations } = await new AxeBuilder({ page: page as never }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
});

test("the log shows what the page was told, and why sending from the page was refused", async () => {
  await openPage();
  await expect.poll(state).toBe("ready");
  for (const eventId of ["c1", "c2", "c3"]) await tell({ eventId, type: "changed" });
  await tell({ eventId: "s", type: "submitted", submissionId: "sub_1" });
  await page.locator("summary").click();
  await page.getByRole("button", { name: "Send the design from here" }).click();
  const entries = () => page.locator("#events li span").allTextContents();
  await expect
    .poll(entries)
    .toEqual([
      "The designer is ready.",
      "The design was changed.",
      "The design was sent and is stored. sub_1",
      "The design was not sent: Agree first.",
    ]);
});

test("a visit that the bank says has ended is answered by that, and what is wrong otherwise is thrown", async () => {
  await openPage();
  await expect.poll(state).toBe("ready");
  const refresh = `mounts[0].options.fetchSession("refresh").catch(({ status }) => status)`;
  for (const [status, answer] of [
    [410, "over"],
    [503, 503],
  ] as const) {
    await page.route("**/api/card-session", (route) => route.fulfill({ status, json: { message: "No." } }));
    expect(await page.evaluate(refresh)).toBe(answer);
  }
});

test("in React: the card that the designer is turned to is in the address and in every link", async () => {
  await openPage({}, "react?locale=de");
  await expect.poll(() => page.evaluate("window.mounts?.length")).toBeGreaterThan(0);
  const linked = () =>
    page
      .locator(".ways a")
      .evaluateAll((all) => [
        ...new Set(all.map((link) => new URL((link as HTMLAnchorElement).href).searchParams.get("product"))),
      ]);
  expect(await linked()).toEqual(["photo-landscape"]);
  await tell({ eventId: "w", type: "product-wanted", productId: "photo-portrait" });
  await expect.poll(linked).toEqual(["photo-portrait"]);
  const shown = () => Object.fromEntries(new URL(page.url()).searchParams);
  expect(shown()).toEqual({ product: "photo-portrait", locale: "de" });
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("en");
  await expect.poll(shown).toEqual({ product: "photo-portrait", locale: "en" });
});

test("in React: the question about the fee goes when nobody waits for its answer any more", async () => {
  await openPage({}, "react");
  await expect.poll(() => page.evaluate("window.mounts?.length")).toBeGreaterThan(0);
  await page.evaluate(`window.stopping = new AbortController();
    window.answer = mounts.at(-1).options.beforeSubmit({}, { signal: stopping.signal }); 0`);
  await expect.poll(() => page.getByRole("dialog").isVisible()).toBe(true);
  await page.evaluate("stopping.abort()");
  await expect.poll(() => page.getByRole("dialog").isVisible()).toBe(false);
  expect(await page.evaluate("answer")).not.toBe(true);
});
