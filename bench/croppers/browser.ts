// A fresh browser with a page that notes what happens in it, its trace, and a hand that drags and turns the wheel.
import { setTimeout as sleep } from "node:timers/promises";
import { type Browser, type BrowserContextOptions, type CDPSession, chromium, type Frame, type Page } from "playwright";
import sharp from "sharp";
import { chromiumArguments, findChromium } from "../../scripts/browsers.mjs";
import { type MemoryWatch, watchMemory } from "./memory.ts";
import { marker } from "./photos.ts";

const viewport = { width: 1440, height: 900 };

/** What pages note by `performance.mark`: a file that was handed over, a click by its own time, a PNG, an image that shows one. */
type Mark = "bench-file" | "bench-click" | "bench-png" | "bench-shown" | "bench-begin" | "bench-end";

/** Put into every page and frame before anything else. */
function watchPage(): void {
  const note = (name: Mark, startTime = performance.now()): void => void performance.mark(name, { startTime });
  addEventListener("change", ({ target }) => target instanceof HTMLInputElement && target.files && note("bench-file"), {
    capture: true,
  });
  addEventListener("click", ({ timeStamp }) => note("bench-click", timeStamp), { capture: true });
  const makeUrl = URL.createObjectURL.bind(URL);
  const pictures = new Set<string>();
  URL.createObjectURL = (source) => {
    const url = makeUrl(source);
    if (source instanceof Blob && source.type === "image/png" && !(source instanceof File)) {
      note("bench-png");
      pictures.add(url);
      Object.assign(globalThis, { benchPng: source });
    }
    return url;
  };
  const watched = { subtree: true, childList: true, attributes: true, attributeFilter: ["src", "href"] };
  new MutationObserver(() => {
    for (const image of document.querySelectorAll("img, image")) {
      const url = image.getAttribute("src") ?? image.getAttribute("href") ?? "";
      if (!pictures.delete(url)) continue;
      // The browser then tells when the compositor has first shown it.
      image.setAttribute("elementtiming", "picture");
      note("bench-shown");
    }
  }).observe(document, watched);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      Object.assign(globalThis, { benchSeen: (entry as unknown as { renderTime: number }).renderTime });
    }
  }).observe({ type: "element", buffered: true });
}

export interface OpenBrowser {
  readonly browser: Browser;
  readonly page: Page;
  readonly memory: MemoryWatch;
}

/** Runs with a browser that nothing has been in, on a desk unless told, and ends it. */
export async function withBrowser<Result>(
  use: (opened: OpenBrowser) => Promise<Result>,
  device: BrowserContextOptions = { viewport },
): Promise<Result> {
  const browser = await chromium.launch({ ...findChromium(), args: chromiumArguments() });
  const memory = watchMemory();
  try {
    const page = await browser.newPage(device);
    await page.addInitScript(watchPage);
    return await use({ browser, page, memory });
  } finally {
    memory.stop();
    await browser.close();
  }
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
}

export interface Trace {
  /** Milliseconds; the last mark of this name. */
  markAt(name: Mark): number;
  /** The longest task of the marking page's main thread between two times, of what is in between. */
  longestTask(from: number, to: number): number;
  /** Of the marking page's compositor: frames drawn, frames dropped, the largest gap between two that were drawn. */
  frames(from: number, to: number): Frames;
  /**
   * Of the screen, whoever has drawn on it: pictures shown, refreshes at which there was no new one, the largest gap. A canvas that a worker
   * draws on reaches it without the page's compositor.
   */
  shown(from: number, to: number): Frames;
}

export interface Frames {
  readonly drawn: number;
  readonly dropped: number;
  readonly gapMs: number;
}

const refreshMs = 1000 / 60;

function largestGap(timesMs: readonly number[]): number {
  return Math.max(0, ...timesMs.slice(1).map((at, index) => at - (timesMs[index] as number)));
}

const categories = {
  tasks: ["blink.user_timing", "disabled-by-default-devtools.timeline"],
  frames: ["blink.user_timing", "disabled-by-default-devtools.timeline.frame"],
  shown: ["blink.user_timing", "viz"],
} as const;

/** Traces what happens meanwhile. */
export async function traceWhile(
  { browser, page }: OpenBrowser,
  kind: keyof typeof categories,
  action: () => Promise<void>,
): Promise<Trace> {
  await browser.startTracing(page, { categories: [...categories[kind]] });
  await action();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  return readTrace(traceEvents.sort((one, other) => one.ts - other.ts));
}

function readTrace(events: readonly TraceEvent[]): Trace {
  const findMark = (name: Mark): TraceEvent => {
    const found = events.findLast((event) => event.name === name);
    if (found === undefined) throw new Error(`The trace has no ${name}.`);
    return found;
  };
  return {
    markAt: (name) => findMark(name).ts / 1000,
    longestTask(from, to) {
      const { pid, tid } = findMark("bench-png");
      const tasks = events.filter((event) => event.name === "RunTask" && event.pid === pid && event.tid === tid);
      const within = tasks.map(({ ts, dur = 0 }) => Math.min((ts + dur) / 1000, to) - Math.max(ts / 1000, from));
      return Math.max(0, ...within);
    },
    frames(from, to) {
      const { pid } = findMark("bench-begin");
      const own = events.filter((event) => event.pid === pid && event.ts >= from * 1000 && event.ts <= to * 1000);
      const drawn = own.filter(({ name }) => name === "DrawFrame").map(({ ts }) => ts / 1000);
      const dropped = own.filter(({ name }) => name === "DroppedFrame").length;
      return { drawn: drawn.length, dropped, gapMs: largestGap(drawn) };
    },
    shown(from, to) {
      const swaps = events.filter(({ name, ph }) => name === "Display::DrawAndSwap" && (ph === "X" || ph === "B"));
      const within = swaps.map(({ ts }) => ts / 1000).filter((at) => at >= from && at <= to);
      const dropped = Math.max(0, Math.round((to - from) / refreshMs) - within.length);
      return { drawn: within.length, dropped, gapMs: largestGap([from, ...within, to]) };
    },
  };
}

/** So small that it costs the page nothing that could be measured; a trace's own screenshots cost a third more time. */
const castSize = { maxWidth: 144, maxHeight: 90 } as const;
/** A quarter of what the marker's disc has on a picture of that size. */
const leastMarkerPixels = 20;

/** When the compositor first showed the photo during the action, in milliseconds since the epoch: its picture has the marker's colour. */
export async function findFirstWithPhoto({ page }: OpenBrowser, action: () => Promise<void>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  const frames: { readonly atMs: number; readonly jpeg: string }[] = [];
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    frames.push({ atMs: (metadata.timestamp ?? 0) * 1000, jpeg: data });
    // The page may have gone.
    session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "jpeg", quality: 50, ...castSize, everyNthFrame: 1 });
  await action();
  await session.send("Page.stopScreencast");
  for (const { atMs, jpeg } of frames) if (await hasMarker(Buffer.from(jpeg, "base64"))) return atMs;
  throw new Error("No frame shows the photo.");
}

async function hasMarker(jpeg: Buffer): Promise<boolean> {
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true });
  let found = 0;
  for (let at = 0; at < data.length; at += info.channels) {
    const difference = [marker.red, marker.green, marker.blue].map((value, index) => value - (data[at + index] ?? 0));
    if (Math.hypot(...difference) < 40) found += 1;
  }
  return found >= leastMarkerPixels;
}

/** When the file was handed over, in milliseconds since the epoch. */
export function findHandOver(frame: Frame): Promise<number> {
  return frame.evaluate(() => {
    const mark = performance.getEntriesByName("bench-file").at(-1);
    return mark === undefined ? Number.NaN : performance.timeOrigin + mark.startTime;
  });
}

/** Of the page's own clock, which began with the page: milliseconds. */
export interface PageTimes {
  readonly click: number;
  readonly png: number;
  readonly shown: number;
  readonly seen: number;
}

export function readTimes(frame: Frame): Promise<PageTimes> {
  return frame.evaluate(() => {
    const last = (name: string): number => performance.getEntriesByName(name).at(-1)?.startTime ?? Number.NaN;
    const seen = (globalThis as { benchSeen?: number }).benchSeen ?? Number.NaN;
    return { click: last("bench-click"), png: last("bench-png"), shown: last("bench-shown"), seen };
  });
}

export function note(frame: Frame, name: "bench-begin" | "bench-end"): Promise<void> {
  return frame.evaluate((name) => void performance.mark(name), name);
}

export interface Spot {
  readonly x: number;
  readonly y: number;
}

const inputEveryMs = 1000 / 60;

/** Sends mouse events at 60 Hz without waiting for what becomes of one before the next. */
export class Hand {
  readonly #session: CDPSession;
  readonly #answers: Promise<unknown>[] = [];

  constructor(session: CDPSession) {
    this.#session = session;
  }

  #send(type: "mousePressed" | "mouseMoved" | "mouseReleased", { x, y }: Spot, held: boolean): void {
    const button = type === "mouseMoved" && !held ? "none" : "left";
    const rest = { type, x, y, button, buttons: held ? 1 : 0, clickCount: type === "mouseMoved" ? 0 : 1 } as const;
    this.#answers.push(this.#session.send("Input.dispatchMouseEvent", rest));
  }

  /** One every 60th of a second by the clock, also when one was late. */
  async #repeat(times: number, send: (index: number) => void): Promise<void> {
    const startedAt = performance.now();
    for (let index = 0; index < times; index += 1) {
      send(index);
      await sleep(Math.max(0, startedAt + (index + 1) * inputEveryMs - performance.now()));
    }
  }

  /** Press, a way that starts and ends at the spot, release. */
  async drag(spot: Spot, moves: number, wayAt: (turn: number) => Spot): Promise<void> {
    this.#send("mouseMoved", spot, false);
    this.#send("mousePressed", spot, true);
    await this.#repeat(moves, (index) => {
      const { x, y } = wayAt((index + 1) / moves);
      this.#send("mouseMoved", { x: spot.x + x, y: spot.y + y }, true);
    });
    const { x, y } = wayAt(1);
    this.#send("mouseReleased", { x: spot.x + x, y: spot.y + y }, false);
  }

  wheel(spot: Spot, turns: number, deltaAt: (part: number) => number): Promise<void> {
    return this.#repeat(turns, (index) => {
      const rest = { ...spot, deltaX: 0, deltaY: deltaAt(index / turns) };
      this.#answers.push(this.#session.send("Input.dispatchMouseEvent", { type: "mouseWheel", ...rest }));
    });
  }

  click(spot: Spot): void {
    this.#send("mouseMoved", spot, false);
    this.#send("mousePressed", spot, true);
    this.#send("mouseReleased", spot, false);
  }

  /** Waits until the browser has taken everything. */
  async rest(): Promise<void> {
    await Promise.all(this.#answers.splice(0));
  }
}
