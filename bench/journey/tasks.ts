// The longest tasks of the page's main thread in our built designer: from the choice of a photo until it lies on the card and nothing is
// left to be done, and while a slider of its light is dragged. Counted is the processor's time: what else runs beside it costs none.
import { join } from "node:path";
import type { Browser, Frame, Page } from "playwright";
import sharp from "sharp";
import { Hand, note, withBrowser } from "../croppers/browser.ts";
import { hostOurs } from "../croppers/subjects.ts";
import { photographPath } from "./make-crop.ts";

interface TraceEvent {
  readonly name: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly tdur?: number;
}

const categories = ["blink.user_timing", "disabled-by-default-devtools.timeline"];

/** Milliseconds of the processor for each task from the page's own first mark to its second, the longest first. */
export async function traceTasks(
  browser: Browser,
  page: Page,
  action: () => Promise<void>,
): Promise<readonly number[]> {
  await browser.startTracing(page, { categories });
  await action();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const [begin, end] = ["bench-begin", "bench-end"].map((mark) => traceEvents.find(({ name }) => name === mark));
  if (begin === undefined || end === undefined) throw new Error("The trace has no marks.");
  return traceEvents
    .filter(({ name, pid, tid }) => name === "RunTask" && pid === begin.pid && tid === begin.tid)
    .filter(({ ts }) => ts > begin.ts && ts < end.ts)
    .map(({ tdur = 0 }) => tdur / 1000)
    .sort((one, other) => other - one);
}

/** Put into every frame: counts what its workers have been asked for and have not answered. */
function watchWorkers(): void {
  const asked = new Set<unknown>();
  const heard = new WeakSet<Worker>();
  const post = Worker.prototype.postMessage;
  Worker.prototype.postMessage = function (
    message: { id: unknown; kind: unknown },
    more?: Transferable[] | StructuredSerializeOptions,
  ) {
    if (!heard.has(this)) {
      heard.add(this);
      this.addEventListener("message", ({ data }) => data.kind !== "progress" && asked.delete(data.id));
    }
    // These are not answered.
    if (message.kind !== "release" && message.kind !== "abort") asked.add(message.id);
    post.call(this, message, more as StructuredSerializeOptions);
  };
  Object.assign(globalThis, { benchAsked: asked });
}

/**
 * Until nothing is left to be done: the card rests, nothing is looked for, no worker is at work, and two frames have been idle one after the
 * other. An idle time ends before the next timer, so one between two slices of a search is short. Chromium now and then forgets to call:
 * it is then asked again.
 */
async function waitForIdle(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const { benchAsked } = globalThis as unknown as { benchAsked: ReadonlySet<unknown> };
    const [leastIdleMs, forgottenMs, timeoutMs, begun] = [8, 1000, 60_000, performance.now()];
    const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const idleMs = () =>
      new Promise<number>((resolve) => {
        requestIdleCallback((deadline) => resolve(deadline.timeRemaining()), { timeout: forgottenMs });
      });
    for (let frames = 0; frames < 2; ) {
      await nextFrame();
      const isIdle = (await idleMs()) >= leastIdleMs;
      const isLeft = benchAsked.size > 0 || document.querySelector("[aria-busy=true], [data-moving=true]") !== null;
      frames = isIdle && !isLeft ? frames + 1 : 0;
      if (performance.now() - begun > timeoutMs) throw new Error("The designer does not come to rest.");
    }
  });
}

const moves = 120;

export interface Tasks {
  readonly opening: readonly number[];
  readonly sliding: readonly number[];
}

/** The tasks' milliseconds, the longest first, for each of so many visits with a fresh browser and a photo of 12 megapixels. */
export async function measureTasks(visits = 3): Promise<readonly Tasks[]> {
  const file = join(import.meta.dirname, "../../.cache/bench/journey/opened.jpg");
  await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toFile(file);
  const { subject, stop } = await hostOurs();
  const measure = (): Promise<Tasks> =>
    withBrowser(async ({ browser, page }) => {
      await page.addInitScript(watchWorkers);
      const { frame, handOver, find } = await subject.open(page);
      await waitForIdle(frame);
      const trace = (action: () => Promise<unknown>): Promise<readonly number[]> =>
        traceTasks(browser, page, async () => {
          await note(frame, "bench-begin");
          await action();
          await waitForIdle(frame);
          await note(frame, "bench-end");
        });
      const opening = await trace(async () => {
        await handOver(file);
        await find();
      });
      await frame.getByRole("radio", { name: "Light" }).check();
      const box = await frame.getByRole("slider", { name: "Brightness" }).boundingBox();
      if (box === null) throw new Error("The slider is not on the screen.");
      const hand = new Hand(await page.context().newCDPSession(page));
      const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
      const sliding = await trace(async () => {
        await hand.drag(middle, moves, (turn) => ({ x: Math.sin(9 * turn) * 0.4 * box.width, y: 0 }));
        await hand.rest();
      });
      return { opening, sliding };
    });
  const measured: Tasks[] = [];
  try {
    // One after the other: two visits at once would lengthen each other's tasks
    for (let visit = 0; visit < visits; visit++) measured.push(await measure());
  } finally {
    await stop();
  }
  return measured;
}
