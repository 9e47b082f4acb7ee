// One run of one cropper in a fresh browser: what it takes to load and to export a photo, and how smoothly it is moved.
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "playwright";
import {
  findFirstWithPhoto,
  findHandOver,
  Hand,
  note,
  type OpenBrowser,
  readTimes,
  traceWhile,
  withBrowser,
} from "./browser.ts";
import type { Opened, Subject } from "./subjects.ts";

const exportTimeoutMs = 60_000;
/** For what is still drawn, decoded or tidied up after something has been done. */
const settleMs = 700;

/** Milliseconds and megabytes. */
export interface LoadAndExport {
  /** From the file that is handed over to the first frame that shows it. */
  readonly visible: number;
  /** From the click, right after a gesture, to the PNG. */
  readonly cold: number;
  /** The longest task of the main thread meanwhile. */
  readonly longestTask: number;
  /** What all processes of the browser grow by, at most, from before the file is handed over until the PNG is there. */
  readonly peak: number;
  /** The part of it that comes after the click. */
  readonly peakOfExport: number;
}

/** Resolves once the page makes this mark again. */
async function waitForMark(frame: Frame, name: string): Promise<void> {
  const made = frame.evaluate(
    (name) =>
      new Promise<void>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          if (list.getEntriesByName(name).length === 0) return;
          observer.disconnect();
          resolve();
        });
        observer.observe({ type: "mark" });
      }),
    name,
  );
  const late = sleep(exportTimeoutMs, undefined, { ref: false }).then(() => {
    throw new Error(`No ${name} within ${exportTimeoutMs / 1000} s.`);
  });
  await Promise.race([made, late]);
}

/** A short drag, as much as there is room for at the smallest zoom. */
const nudge = (px: number) => (turn: number) => ({ x: 0, y: px * turn });

async function measureVisible(opened: OpenBrowser, cropper: Opened, file: string): Promise<number> {
  const shownAt = await findFirstWithPhoto(opened, async () => {
    await cropper.handOver(file);
    await cropper.find();
    await sleep(settleMs * 2);
  });
  return shownAt - (await findHandOver(cropper.frame));
}

/** Loads the photo, moves it, exports it at once. Then what `more` does, in the same page. */
export function measureLoadAndExport(
  subject: Subject,
  file: string,
  more?: (opened: OpenBrowser, cropper: Opened, hand: Hand) => Promise<void>,
): Promise<LoadAndExport> {
  return withBrowser(async (opened) => {
    const { page, memory } = opened;
    const cropper = await subject.open(page);
    await sleep(settleMs);
    const atFirst = memory.now();
    const visible = await measureVisible(opened, cropper, file);
    const { photo, button } = await cropper.find();
    const hand = new Hand(await page.context().newCDPSession(page));
    let atClick = 0;
    let loading = 0;
    const trace = await traceWhile(opened, "tasks", async () => {
      const exported = waitForMark(cropper.frame, subject.exported);
      await hand.drag(photo, 6, nudge(6));
      await hand.wheel(photo, 1, () => -subject.wheelDelta);
      await hand.drag(photo, 10, nudge(-10));
      atClick = memory.now();
      loading = memory.takePeak();
      hand.click(button);
      await Promise.all([hand.rest(), exported]);
    });
    const exporting = memory.takePeak();
    const { click, png } = await readTimes(cropper.frame);
    const longestTask = trace.longestTask(trace.markAt("bench-click"), trace.markAt("bench-png"));
    await sleep(settleMs);
    await more?.(opened, cropper, hand);
    return {
      visible,
      cold: Math.max(0, png - click),
      longestTask,
      peak: Math.max(loading, exporting) - atFirst,
      peakOfExport: exporting - atClick,
    };
  });
}

/** Of a click after a rest, in milliseconds. */
export interface Rested {
  readonly restMs: number;
  /** Until the first frame that shows the preview's picture, by the compositor. */
  readonly seen: number;
  /** Until the picture is in the page. */
  readonly inPage: number;
}

export const rests = { mp12: [250, 500, 1000], mp48: [1000] } as const;

/** Goes back, moves the photo, rests, and looks at the preview again; once for each rest. */
export async function measureRested(
  subject: Subject,
  cropper: Opened,
  hand: Hand,
  rests: readonly number[],
): Promise<readonly Rested[]> {
  const results: Rested[] = [];
  for (const [index, restMs] of rests.entries()) {
    await cropper.goBack();
    const { photo, button } = await cropper.find();
    await sleep(settleMs);
    const exported = waitForMark(cropper.frame, subject.exported);
    await hand.drag(photo, 10, nudge(index % 2 === 0 ? 7 : -9));
    await hand.rest();
    await sleep(restMs);
    hand.click(button);
    await exported;
    await sleep(settleMs);
    const { click, shown, seen } = await readTimes(cropper.frame);
    results.push({ restMs, seen: seen - click, inPage: shown - click });
  }
  return results;
}

export interface Smoothness {
  readonly drawn: number;
  readonly dropped: number;
  readonly gapMs: number;
}

export const throttles = [1, 4] as const;

const steps = 90;
const radiusPx = 50;

/** Round in a circle. */
function circleAt(turn: number): { x: number; y: number } {
  const angle = turn * 2 * Math.PI;
  return { x: radiusPx * (Math.cos(angle) - 1), y: radiusPx * Math.sin(angle) };
}

/** A drag and a zoom of 1.5 s each, 60 events a second, with the processor as it is and slowed to a quarter. */
export function measureGesture(subject: Subject, file: string): Promise<readonly Smoothness[]> {
  return withBrowser(async (opened) => {
    const { page } = opened;
    const cropper = await subject.open(page);
    await cropper.handOver(file);
    await cropper.find();
    await sleep(settleMs * 3);
    const { photo } = await cropper.find();
    const hand = new Hand(await page.context().newCDPSession(page));
    const isFrame = cropper.frame !== page.mainFrame();
    const session = await page.context().newCDPSession(isFrame ? cropper.frame : page);
    // Room to move in; the first press gives our card the wheel.
    await hand.drag(photo, 6, nudge(6));
    await hand.wheel(photo, 16, () => -subject.wheelDelta);
    await sleep(settleMs);
    const results: Smoothness[] = [];
    for (const rate of throttles) {
      await session.send("Emulation.setCPUThrottlingRate", { rate });
      const trace = await traceWhile(opened, "frames", async () => {
        await note(cropper.frame, "bench-begin");
        await hand.drag(photo, steps, circleAt);
        await hand.wheel(photo, steps, (part) => ((part < 0.5 ? -1 : 1) * subject.wheelDelta) / 3);
        await note(cropper.frame, "bench-end");
        await sleep(settleMs);
        await hand.rest();
      });
      results.push(trace.frames(trace.markAt("bench-begin"), trace.markAt("bench-end")));
    }
    return results;
  });
}
