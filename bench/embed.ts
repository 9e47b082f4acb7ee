// What the designer costs the page around it: the loader's bytes, what forged messages can do, what is left of it, and how much later its
// first picture comes than alone.
import fc from "fast-check";
import type { Browser, CDPSession, Frame, Page } from "playwright";
import { build } from "vite";
import { en } from "#designer/locales/en.ts";
import { BankPage } from "../e2e/support/bank-page.ts";
import { withBrowser } from "./croppers/browser.ts";
import { hostOurs } from "./croppers/subjects.ts";
import { median } from "./croppers/median.ts";

const forgedCount = 10_000;
const mounts = 100;
const rounds = 9;
const productId = "photo-landscape";
const firstHeading = en["pick.title"];

/** As it comes through the wire to who takes gzip. */
async function measureLoader(designerUrl: string): Promise<number> {
  const answer = await fetch(`${designerUrl}/embed/card-designer.js`, { headers: { "accept-encoding": "gzip" } });
  const sent = Number(answer.headers.get("content-length"));
  if (answer.headers.get("content-encoding") !== "gzip" || !sent) throw new Error("The loader comes uncompressed.");
  return sent / 1000;
}

const anything = fc.anything({ maxDepth: 1, maxKeys: 3 });
const forged = fc.oneof(
  fc.record(
    {
      fullbleed: fc.constantFrom("hello", "connect"),
      protocol: fc.oneof(fc.constant(1), anything),
      nonce: fc.oneof(fc.stringMatching(/^\d{1,3}(-\d{1,3}){15}$/), anything),
      boot: fc.uuid(),
    },
    { requiredKeys: ["fullbleed"] },
  ),
  fc.record(
    {
      type: fc.constantFrom(
        "start",
        "event",
        "height",
        "top",
        "phase",
        "title",
        "fetch-session",
        "submit",
        "close",
        "update",
      ),
      id: anything,
      heightPx: fc.double(),
      phase: fc.constantFrom("first", "photo", "left"),
      title: fc.string(),
      options: anything,
      event: fc.record({
        type: fc.constantFrom("ready", "submitted", "closed"),
        eventId: fc.uuid(),
        submissionId: fc.string(),
      }),
      discard: fc.boolean(),
      sessionId: fc.string(),
      clientSecret: fc.string(),
    },
    { requiredKeys: ["type"] },
  ),
  anything,
);

/** All of the page and the designer that anybody could notice. */
async function lookAround(bank: BankPage): Promise<string> {
  const told = await bank.page.locator("#events li").allTextContents();
  const frame = await bank.page.locator("iframe").evaluateAll((all) => all.map((one) => one.outerHTML));
  return JSON.stringify([told, frame, await bank.designer.locator("body").ariaSnapshot()]);
}

/** How many forged messages, to the page and to the designer, from windows that are neither's, had an effect. */
async function forge(bank: BankPage): Promise<number> {
  const { page } = bank;
  const text = JSON.stringify(fc.sample(forged, { numRuns: forgedCount, seed: 20_261_130 }), (_key, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
  const before = await lookAround(bank);
  const asked: string[] = [];
  page.on("request", (request) => void asked.push(request.url()));
  // To itself, as any script on the page can, and into the frame.
  await page.evaluate((messages) => {
    for (const [index, message] of (JSON.parse(messages) as unknown[]).entries())
      (index % 2 === 0 ? window : window.frames[0])?.postMessage(message, "*");
  }, text);
  // Whatever they did has been done when one that is sent after them has come.
  await page.evaluate(async () => {
    await new Promise((resolve) => {
      addEventListener("message", ({ data }) => data === "the last" && resolve(undefined));
      postMessage("the last", "*");
    });
    await new Promise((resolve) => setTimeout(resolve, 500));
  });
  const isChanged = (await lookAround(bank)) !== before;
  return Number(isChanged) + asked.filter((url) => !url.endsWith("/api/news")).length;
}

async function buildStrictMode(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    mode: "development",
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    build: {
      write: false,
      minify: false,
      lib: { entry: new URL("embed/strict-mode.ts", import.meta.url).pathname, formats: ["iife"], name: "bench" },
    },
  });
  const [output] = [result].flat();
  const chunk = output !== undefined && "output" in output ? output.output[0] : undefined;
  if (chunk === undefined) throw new Error("The page in StrictMode was not built.");
  return chunk.code;
}

/** Put into the page before anything else: what is open of what the loader may leave open. */
function countOpenings(): void {
  const open = { ports: 0, timers: new Set<unknown>() };
  Object.assign(window, { benchOpen: open });
  const { setTimeout: set, clearTimeout: clear, MessageChannel: Channel } = window;
  const close = MessagePort.prototype.close;
  Object.assign(window, {
    setTimeout: (run: (...given: never[]) => void, ms?: number, ...rest: never[]) => {
      const id: unknown = set(() => {
        open.timers.delete(id);
        run(...rest);
      }, ms);
      open.timers.add(id);
      return id;
    },
    clearTimeout: (id: never) => {
      open.timers.delete(id);
      clear(id);
    },
    MessageChannel: class extends Channel {
      constructor() {
        super();
        // React has one of its own, for its whole life.
        if (!/react|scheduler/i.test(new Error("whose").stack ?? "")) open.ports += 1;
      }
    },
  });
  MessagePort.prototype.close = function () {
    open.ports -= 1;
    close.call(this);
  };
}

async function countListeners(session: CDPSession): Promise<number> {
  let count = 0;
  for (const expression of ["window", "document", "document.documentElement", "document.body"]) {
    const { result } = await session.send("Runtime.evaluate", { expression });
    const { listeners } = await session.send("DOMDebugger.getEventListeners", { objectId: result.objectId ?? "" });
    count += listeners.length;
  }
  return count;
}

interface Left {
  readonly windows: number;
  readonly listeners: number;
  readonly ports: number;
  readonly timers: number;
}

async function readLeft(page: Page, session: CDPSession): Promise<Left> {
  const opened = await page.evaluate(() => {
    const { ports, timers } = (window as unknown as { benchOpen: { ports: number; timers: Set<unknown> } }).benchOpen;
    return { ports, timers: timers.size };
  });
  const windows = page.frames().length - 1 + (await page.locator("iframe").count());
  return { windows, listeners: await countListeners(session), ...opened };
}

/** What a hundred designers leave that were put on a page of React's and taken off it, at every stage of their start. */
async function leak(
  browser: Browser,
  { bankUrl, designerUrl }: { bankUrl: string; designerUrl: string },
): Promise<Left> {
  const script = await buildStrictMode();
  const page = await browser.newPage();
  await page.addInitScript(countOpenings);
  // The bank's page as it is, with its policy and the loader, but without its own designer.
  await page.route("**/app.js", (route) => route.abort());
  await page.goto(bankUrl);
  await page.evaluate((bench) => void (document.body.dataset["bench"] = bench), `${designerUrl} ${productId}`);
  await page.evaluate(script);
  const session = await page.context().newCDPSession(page);
  // React puts its own listeners on the page with the first root.
  await page.evaluate(() => window.benchRound("ready"));
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const before = await readLeft(page, session);
  for (let round = 0; round < mounts; round += 1) {
    const stay = round % 10 === 9 ? ("ready" as const) : (round % 10) * 15;
    await page.evaluate((ms) => window.benchRound(ms), stay);
  }
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1000)));
  const after = await readLeft(page, session);
  await page.close();
  return {
    windows: after.windows - before.windows,
    listeners: after.listeners - before.listeners,
    ports: after.ports - before.ports,
    timers: after.timers - before.timers,
  };
}

interface Moments {
  /** The shape of the first screen: the first that is painted at all. */
  readonly shape: number;
  /** The first screen, with its words: the first that is painted of a text or picture, which the shape has none of. */
  readonly screen: number;
}

/** Milliseconds from the beginning of the frame's own navigation. */
async function readMoments(place: Frame | Page): Promise<Moments> {
  await place.locator("input[type=file]").first().waitFor({ state: "attached" });
  const heading = await place.locator("h1").first().textContent();
  if (heading !== firstHeading) throw new Error(`The first screen says ${heading}.`);
  return place.evaluate(async () => {
    const find = (name: string) => performance.getEntriesByName(name)[0]?.startTime;
    for (let tries = 0; tries < 400; tries += 1) {
      const [shape, screen] = [find("first-paint"), find("first-contentful-paint")];
      if (shape !== undefined && screen !== undefined) return { shape, screen };
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error("Nothing was painted within ten seconds.");
  });
}

interface Answers {
  readonly origin: string;
  readonly nonce: string;
  readonly start: Readonly<Record<string, unknown>>;
}

/**
 * Put into the designer's address before anything else, where that is opened alone: answers it as the loader on the issuer's page does, at
 * once and with the same session.
 */
function standInForPage({ origin, nonce, start }: Answers): void {
  let isAnswered = false;
  const page = {
    postMessage(_hello: unknown, to: string) {
      if (to !== origin || isAnswered) return;
      isAnswered = true;
      const { port1, port2 } = new MessageChannel();
      const data = { fullbleed: "connect", protocol: 1, nonce };
      const event = new MessageEvent("message", { data, origin, ports: [port2] });
      Object.defineProperty(event, "source", { value: page });
      port1.postMessage(start);
      setTimeout(() => dispatchEvent(event));
    },
  };
  Object.defineProperty(window, "parent", { value: page });
}

/** What the bank's page starts the designer with, with another secret of the same session. */
const readStart = (page: Page) =>
  page.evaluate(async (product) => {
    const body = JSON.stringify({ why: "refresh", productId: product, locale: "en" });
    const headers = { "content-type": "application/json" };
    const credentials = await (await fetch("/api/card-session", { method: "POST", headers, body })).json();
    const brand = JSON.parse(document.querySelector<HTMLMetaElement>("meta[name=brand]")?.content ?? "") as object;
    const options = { locale: "en", theme: (brand as { theme: unknown }).theme };
    return { type: "start", ...(credentials as object), options };
  }, productId);

/**
 * The same session at the same size in both, each in a context of its own with nothing kept: in the bank's page, and its address opened alone.
 * One in turn with the other.
 */
async function compareFirstFrames(browser: Browser, bankUrl: string): Promise<Record<"inPage" | "alone", Moments[]>> {
  const inPage: Moments[] = [];
  const alone: Moments[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const first = await browser.newContext();
    const page = await first.newPage();
    await page.goto(bankUrl);
    const element = await page.waitForSelector("iframe");
    const { width, height } = await element.evaluate((frame) => ({ width: frame.clientWidth, height: 640 }));
    const frame = await element.contentFrame();
    if (frame === null) throw new Error("The designer is not on the page.");
    inPage.push(await readMoments(frame));
    const address = frame.url().replace(/#.*/, "");
    const start = await readStart(page);
    await first.close();

    const second = await browser.newContext({ viewport: { width, height } });
    const own = await second.newPage();
    const nonce = "0".repeat(32);
    await own.addInitScript(standInForPage, { origin: new URL(bankUrl).origin, nonce, start });
    await own.goto(`${address}#nonce=${nonce}`);
    alone.push(await readMoments(own));
    await second.close();
  }
  return { inPage, alone };
}

/** Medians in the bank's page and alone, and how many times as long it takes in the page. */
function sumUp(name: keyof Moments, { inPage, alone }: Record<"inPage" | "alone", readonly Moments[]>): number {
  const [there, here] = [inPage, alone].map((moments) => median(moments.map((each) => each[name]))) as [number, number];
  console.log(`${name} painted after ${there.toFixed(0)} ms in the bank's page, ${here.toFixed(0)} ms alone`);
  return there / here;
}

const { subject, stop } = await hostOurs();
try {
  const { demo } = subject;
  const loaderKb = await measureLoader(demo.designerUrl);
  console.log(`loader: ${loaderKb.toFixed(3)} kB compressed with gzip`);
  const measured = await withBrowser(async ({ browser, page }) => {
    const bank = new BankPage(page, demo);
    await bank.open();
    const effects = await forge(bank);
    console.log(`${forgedCount} forged messages: ${effects} effects`);
    const left = await leak(browser, demo);
    console.log(`left of ${mounts} designers in StrictMode: ${JSON.stringify(left)}`);
    const moments = await compareFirstFrames(browser, demo.bankUrl);
    const x = Math.max(sumUp("shape", moments), sumUp("screen", moments));
    return { effects, leaked: Object.values(left).reduce((sum, one) => sum + Math.max(0, one), 0), x };
  });
  const { effects, leaked, x } = measured;
  console.log(
    `embed loader_kb=${loaderKb.toFixed(2)} forged_effects=${effects} leaked=${leaked} first_frame_x=${x.toFixed(2)}`,
  );
} finally {
  await stop();
}
