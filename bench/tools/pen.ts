// Whether a pen still draws smoothly after a minute, in our built designer, with the processor slowed to a quarter.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Frame } from "playwright";
import sharp from "sharp";
import { type Frames, Hand, note, type OpenBrowser, type Spot, traceWhile, withBrowser } from "../croppers/browser.ts";
import { hostOurs } from "../croppers/subjects.ts";
import { photographPath } from "../journey/make-crop.ts";

const eventsPerSecond = 60;
const strokeSeconds = 5;
const drawnSeconds = 60;
/** How long a stroke is that is watched. */
const watchedSeconds = 3;
/** So many are: what else the machine does meanwhile costs some of them many frames. */
const watchedStrokes = 5;
const rate = 4;

/** A scribble all over the card that never comes the same way twice, and ends anywhere. */
function scribble(stroke: number) {
  return (turn: number): Spot => {
    const at = stroke + turn;
    return { x: 130 * Math.sin(at * 17) * Math.cos(at * 3), y: 80 * Math.sin(at * 23 + 1) };
  };
}

function countStrokes(frame: Frame): Promise<string> {
  return frame.evaluate(
    () => document.querySelector<HTMLInputElement>('input[aria-label^="Drawing"]')?.ariaLabel ?? "nothing",
  );
}

/** A scribble about the middle that takes so long. */
function draw(hand: Hand, middle: Spot, stroke: number, seconds: number): Promise<void> {
  const from = scribble(stroke)(0);
  const way = (turn: number): Spot => {
    const { x, y } = scribble(stroke)(turn);
    return { x: x - from.x, y: y - from.y };
  };
  return hand.drag({ x: middle.x + from.x, y: middle.y + from.y }, seconds * eventsPerSecond, way);
}

async function watch(opened: OpenBrowser, on: Frame, hand: Hand, middle: Spot, stroke: number): Promise<Frames> {
  const trace = await traceWhile(opened, "shown", async () => {
    await note(on, "bench-begin");
    await draw(hand, middle, stroke, watchedSeconds);
    await note(on, "bench-end");
    await hand.rest();
  });
  return trace.shown(trace.markAt("bench-begin"), trace.markAt("bench-end"));
}

/**
 * The least that drawing costs on this machine: one line a frame, on a page that has a canvas about the middle and nothing else, with the same
 * hand and the processor as slow.
 */
async function watchPlain(opened: OpenBrowser, middle: Spot, size: { width: number; height: number }): Promise<Frames> {
  const page = await opened.browser.newPage({ viewport: opened.page.viewportSize() });
  const place = `left: ${middle.x - size.width / 2}px; top: ${middle.y - size.height / 2}px`;
  await page.setContent(
    `<canvas width="${size.width}" height="${size.height}" style="position: fixed; ${place}"></canvas>`,
  );
  await page.evaluate(() => {
    const canvas = document.querySelector("canvas");
    const context = canvas?.getContext("2d");
    if (!canvas || !context) return;
    context.lineWidth = 8;
    let [drawn, now]: [PointerEvent | null, PointerEvent | null] = [null, null];
    canvas.addEventListener("pointermove", (event) => {
      if (now === drawn)
        requestAnimationFrame(() => {
          context.beginPath();
          for (const each of [drawn, now]) if (each) context.lineTo(each.offsetX, each.offsetY);
          context.stroke();
          drawn = now;
        });
      now = event;
    });
  });
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  const frames = await watch(opened, page.mainFrame(), new Hand(session), middle, 0);
  await page.close();
  return frames;
}

interface Drawn {
  readonly pen: readonly Frames[];
  /** Of the photo, dragged the same way before, for comparison. */
  readonly photo: Frames;
  /** Of a page with nothing but a canvas, after it. */
  readonly plain: readonly Frames[];
  readonly strokes: string;
}

async function drawFor(opened: OpenBrowser, frame: Frame, middle: Spot): Promise<Drawn> {
  const { page } = opened;
  const hand = new Hand(await page.context().newCDPSession(page));
  const session = await page.context().newCDPSession(frame);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  const photo = await watch(opened, frame, hand, middle, 0);
  await frame.getByRole("radio", { name: "Draw", exact: true }).check();
  await frame.getByRole("radio", { name: "Brush" }).check();
  await frame.waitForTimeout(1000);
  const strokes = drawnSeconds / strokeSeconds;
  for (let stroke = 1; stroke <= strokes; stroke += 1) await draw(hand, middle, stroke, strokeSeconds);
  await hand.rest();
  const pen: Frames[] = [];
  while (pen.length < watchedStrokes) pen.push(await watch(opened, frame, hand, middle, strokes + 1 + pen.length));
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await sleep(1000);
  const size = await frame.evaluate(() => {
    const { width = 0, height = 0 } = document.querySelector("canvas") ?? {};
    return { width, height };
  });
  const told = await countStrokes(frame);
  const plain: Frames[] = [];
  while (plain.length < watchedStrokes) plain.push(await watchPlain(opened, middle, size));
  return { pen, photo, plain, strokes: told };
}

function describe(watched: readonly Frames[]): string {
  const each = watched.map(({ dropped }) => dropped).join(", ");
  const gapMs = Math.max(...watched.map((one) => one.gapMs));
  return `${each} frames dropped, largest gap ${gapMs.toFixed(0)} ms`;
}

function middleOf(watched: readonly Frames[]): number {
  const dropped = watched.map((one) => one.dropped).sort((one, other) => one - other);
  return dropped[Math.floor(dropped.length / 2)] ?? Number.NaN;
}

/** `pen_dropped4`: frames dropped in a stroke after a minute of drawing, the median of some. */
export async function measurePen(): Promise<{ keys: Record<string, number>; table: string }> {
  const folder = join(import.meta.dirname, "../../.cache/bench/tools");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "drawn.jpg");
  await sharp(photographPath("dust-bowl-home")).resize(4000, 3000, { fit: "cover" }).jpeg().toFile(file);
  const { subject, stop } = await hostOurs();
  try {
    return await withBrowser(async (opened) => {
      const { frame, handOver, find } = await subject.open(opened.page);
      await handOver(file);
      const { photo } = await find();
      await frame.waitForTimeout(1500);
      const drawn = await drawFor(opened, frame, photo);
      const table = [
        `a brush at ${rate} x throttle, strokes of ${watchedSeconds} s after ${drawnSeconds} s: ${describe(drawn.pen)}; ${drawn.strokes}`,
        `the photo dragged the same way, before: ${describe([drawn.photo])}`,
        `one line a frame on a canvas as large and nothing else, after: ${describe(drawn.plain)}`,
      ].join("\n");
      return { keys: { pen_dropped4: middleOf(drawn.pen) }, table };
    });
  } finally {
    await stop();
  }
}
