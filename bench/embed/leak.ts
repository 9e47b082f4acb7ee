// What is left of designers that were taken off a page.
import type { Browser, CDPSession, Page } from "playwright";
import { build } from "vite";

export const mounts = 100;

async function buildStrictMode(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "error",
    mode: "development",
    define: { "process.env.NODE_ENV": JSON.stringify("development") },
    build: {
      write: false,
      minify: false,
      lib: { entry: new URL("strict-mode.ts", import.meta.url).pathname, formats: ["iife"], name: "bench" },
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
export async function leak(
  browser: Browser,
  { bankUrl, designerUrl }: { bankUrl: string; designerUrl: string },
  productId: string,
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
