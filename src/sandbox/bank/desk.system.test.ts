import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, chromium, type Page } from "playwright";
import sharp from "sharp";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { listenLocally } from "#providers/testing/listen.ts";
import { chromiumArguments, findChromium } from "../../../scripts/browsers.mjs";
import { type RunningBank, startBank } from "./bank.ts";
import { linden } from "./brands/linden.ts";
import { makeBankConfig } from "./testing/bank-config.ts";

/** A designer's server of a few lines: what waits there, and what was decided. */
let states: Record<string, string>;
let decided: { path: string; body: unknown }[];
let answerToDecision: number;
let isAway: boolean;
let designer: Server;
let bank: RunningBank;
let browser: Browser;
let page: Page;
const dataFolder = mkdtempSync(path.join(tmpdir(), "bank-desk-page-"));

function recordOf(submissionId: string) {
  const own = {
    submissionId,
    state: states[submissionId],
    productId: "photo-landscape",
    cardholderId: "c0ffee00-0000",
  };
  const rest = { sequence: 5, rejectionCode: null, hasPreview: true, pictureSha256: "a".repeat(64), updatedAt: 1 };
  const record = { sessionId: "ses_1", cardImageId: "1", clientId: null, reference: "R", agreement: null, note: null };
  return { ...own, ...rest, ...record };
}

beforeAll(async () => {
  const png = await sharp({ create: { width: 640, height: 410, channels: 3, background: "#7a5" } })
    .png()
    .toBuffer();
  designer = createServer(async (request, response) => {
    const url = new URL(request.url ?? "", "http://designer");
    const body = (await request.toArray()).join("");
    if (isAway) return void response.writeHead(503).end();
    if (url.pathname === "/v1/submissions") {
      const state = url.searchParams.get("state");
      const ids = Object.keys(states).filter((id) => states[id] === state);
      return void response.end(JSON.stringify({ submissions: ids.map(recordOf), next: null }));
    }
    if (url.pathname.endsWith("/preview")) return void response.setHeader("content-type", "image/png").end(png);
    if (!url.pathname.endsWith("/decision")) return void response.writeHead(404).end("{}");
    decided.push({ path: url.pathname, body: JSON.parse(body) });
    response.writeHead(answerToDecision).end("{}");
  });
  const designerUrl = await listenLocally(designer);
  bank = await startBank(makeBankConfig({ brand: linden, dataFolder, designerUrl }));
  browser = await chromium.launch({ ...findChromium(), args: chromiumArguments() });
});
afterAll(async () => {
  await browser.close();
  await bank.stop();
  designer.close().closeAllConnections();
  rmSync(dataFolder, { recursive: true });
});
beforeEach(() => {
  states = { sub_1: "in-review", sub_2: "approved" };
  decided = [];
  answerToDecision = 202;
  isAway = false;
});
afterEach(() => page.context().close());

async function openDesk(options: Parameters<Browser["newContext"]>[0] = {}, query = ""): Promise<void> {
  page = await (await browser.newContext(options)).newPage();
  await page.goto(`${bank.origin}/${query}`);
  await waiting().first().waitFor();
}
const waiting = () => page.locator("#desk-waiting .case");
const approved = () => page.locator("#desk-approved .case");
const focused = () => page.evaluate("document.activeElement.id || document.activeElement.name");

test.each([
  ["a desktop", { viewport: { width: 1440, height: 900 } }, ""],
  ["a desktop in the dark, in Arabic", { viewport: { width: 1440, height: 900 }, colorScheme: "dark" }, "?locale=ar"],
  ["a phone", { viewport: { width: 390, height: 844 } }, ""],
  ["the narrowest screen in the dark", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }, "?locale=ar"],
] as const)(
  "on %s the second bank's page and its desk fit, and have no accessibility violation",
  async (_where, options, query) => {
    await openDesk(options, query);
    for (const list of [waiting(), approved()]) {
      await list.locator("[data-do=open]").click();
      await list.locator("form").waitFor();
    }
    expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
    await page.locator(".trouble h2").waitFor();
    const { violations } = await new AxeBuilder({ page: page as never }).analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  },
);

test("with the keyboard alone a card is declined, with a reason and a note, and the focus is never lost", async () => {
  await openDesk();
  await waiting().locator("[data-do=open]").focus();
  await page.keyboard.press("Enter");
  await expect.poll(focused).toBe("reason");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await expect.poll(focused).toBe("memo");
  await page.keyboard.type("  A film's hero.  ");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect.poll(() => waiting().locator(".outcome").textContent()).toBe("Your decision is on its way.");
  // That is said before it has got there.
  await expect
    .poll(() => decided)
    .toEqual([
      {
        path: "/v1/submissions/sub_1/decision",
        body: { verdict: "reject", reason: "COPYRIGHT", memo: "A film's hero.", by: "Reviewer's desk" },
      },
    ]);
  states = { sub_2: "approved" };
  await expect.poll(() => waiting().count()).toBe(0);
  expect(await focused()).toBe("desk-title");
  expect(await page.getByText("Nothing waits.").isVisible()).toBe(true);
});

test("a decision that does not get through is said beside the card, and can be given again", async () => {
  await openDesk();
  const outcome = () => waiting().locator(".outcome").textContent();
  answerToDecision = 503;
  await waiting().getByRole("button", { name: "Approve" }).click();
  await expect.poll(outcome).toBe("The decision could not be given. Try again in a minute.");
  answerToDecision = 409;
  await waiting().getByRole("button", { name: "Approve" }).click();
  await expect.poll(outcome).toBe("This card has another decision by now.");
});

test("what comes, and a server that is away, is announced; what somebody is writing stays; words change with the language", async () => {
  await openDesk();
  expect(await page.locator("#desk-count").textContent()).toBe("1");
  await waiting().locator("[data-do=open]").click();
  await waiting().locator("textarea").fill("Half a sen");
  states = { ...states, sub_3: "in-review" };
  const said = () => page.locator("#desk-said").textContent();
  await expect.poll(said).toBe("A card waits for a decision.");
  expect(await page.locator("#desk-count").textContent()).toBe("2");
  isAway = true;
  await expect.poll(said).toContain("cannot be reached");
  await page.getByRole("combobox", { name: "Language" }).selectOption("ar");
  await expect.poll(said).toContain("لا يمكن الوصول");
  await expect.poll(() => waiting().first().locator("h4").textContent()).toBe("زيزفون اليومية");
  expect(await waiting().first().locator("textarea").inputValue()).toBe("Half a sen");
  isAway = false;
  await expect.poll(said).toBe("");
});

test("nothing moves when a card's picture comes: what is pressed is what was meant", async () => {
  await openDesk({ viewport: { width: 320, height: 640 } });
  const image = waiting().locator("img");
  const heightOf = () => image.evaluate((element) => element.getBoundingClientRect().height);
  await expect.poll(() => image.evaluate((element: HTMLImageElement) => element.naturalWidth)).toBe(640);
  const height = await heightOf();
  await image.evaluate((element: HTMLImageElement) => element.removeAttribute("src"));
  expect(await heightOf()).toBeCloseTo(height, 0);
});
