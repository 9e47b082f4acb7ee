import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { bleedSizeMm, findProduct } from "#card/products.ts";
import { Stroke } from "../../../tools/drawing/stroke.ts";
import { InkView } from "./ink.ts";
import { InkPainter, trace } from "./ink-painter.ts";
import { drawn } from "./testing/input.ts";

const product = findProduct("photo-landscape")!;
const { widthMm } = bleedSizeMm(product);
/** In whole sixty-fourths of a pixel, as browsers lay things out, and in parts of a pixel. */
const [widthPx, heightPx] = [380.25, 240.75];
const pxPerMm = widthPx / widthMm;
const centrePx = { x: widthPx / 2, y: heightPx / 2 };
const size = { width: Math.ceil(widthPx), height: Math.ceil(heightPx) };
const fill = "#c0272d";

let host: HTMLElement;
let detach = (): void => {};
beforeEach(() => {
  host = document.createElement("div");
  host.style.cssText = `position: absolute; inline-size: ${widthPx}px; block-size: ${heightPx}px`;
  document.body.append(host);
});
afterEach(() => {
  detach();
  host.remove();
  vi.unstubAllGlobals();
});

/** Eights all over the card, each point a little further. */
function goOn(stroke: Stroke, from: number, to: number): void {
  for (let at = from; at < to; at += 1)
    stroke.add({ xMm: 30 * Math.sin(at / 15), yMm: 18 * Math.sin(at / 7.5 + 0.4) }, 0.5);
}

function pixelsOf(canvas: HTMLCanvasElement | OffscreenCanvas): Uint8ClampedArray {
  const copy = new OffscreenCanvas(size.width, size.height).getContext("2d")!;
  if (canvas.width > 0) copy.drawImage(canvas, 0, 0);
  return copy.getImageData(0, 0, size.width, size.height).data;
}

/** All of it on an empty canvas. */
function drawAtOnce(stroke: Stroke): Uint8ClampedArray {
  const canvas = new OffscreenCanvas(size.width, size.height);
  const context = canvas.getContext("2d")!;
  context.setTransform(pxPerMm, 0, 0, pxPerMm, centrePx.x, centrePx.y);
  context.fillStyle = fill;
  for (const outline of [...stroke.settled, stroke.tail ?? []]) trace(context, outline);
  return pixelsOf(canvas);
}

/** Bytes that differ. */
function countOther(one: Uint8ClampedArray, other: Uint8ClampedArray): number {
  return one.filter((value, at) => value !== other[at]).length;
}

const shown = (): Uint8ClampedArray => pixelsOf(host.querySelector("canvas")!);

it("shows a stroke that goes on over itself as if it had been drawn at once, and nothing of the one before", async () => {
  const canvas = new OffscreenCanvas(0, 0);
  const painter = new InkPainter(canvas);
  for (const beginning of [0, 50]) {
    const stroke = new Stroke({ tip: "brush", fill, steady: 0 });
    painter.take({ kind: "begin", widthPx: size.width, heightPx: size.height, centrePx, pxPerMm, fill });
    for (let [at, before] = [0, 0]; at < 240; at += 8) {
      goOn(stroke, beginning + at, beginning + at + 8);
      painter.take({ kind: "stroke", settled: stroke.settled.slice(before), tail: stroke.tail });
      before = stroke.settled.length;
      await drawn();
      expect(countOther(pixelsOf(canvas), drawAtOnce(stroke))).toBe(0);
    }
    expect(pixelsOf(canvas).some((value) => value > 0)).toBe(true);
  }
  painter.take({ kind: "clear" });
  expect(pixelsOf(canvas).every((value) => value === 0)).toBe(true);
});

/** Its script cannot be loaded. */
class BlockedWorker extends Worker {
  constructor() {
    super(new URL("no-such-script.js", location.href), { type: "module" });
  }
}

/** A browser in which there are none. */
function NoWorker(): never {
  throw new DOMException("Workers are forbidden here.", "SecurityError");
}

it.for([
  ["in a worker", Worker],
  ["here where its worker cannot be loaded", BlockedWorker],
  ["here where there are no workers", NoWorker],
] as const)("draws %s", async ([, worker]) => {
  vi.stubGlobal("Worker", worker);
  const view = new InkView();
  detach = view.attach(host, document.createElement("span"));
  const stroke = new Stroke({ tip: "brush", fill, steady: 0 });
  view.begin(stroke, fill, product);
  goOn(stroke, 0, 100);
  view.draw();
  await drawn();
  goOn(stroke, 100, 200);
  view.draw();
  await expect.poll(() => countOther(shown(), drawAtOnce(stroke))).toBe(0);
  view.clear();
  await expect.poll(() => shown().every((value) => value === 0)).toBe(true);
});

it("what is cleared is seen until the stage has had a frame, unless another stroke has begun", async () => {
  vi.stubGlobal("Worker", NoWorker);
  const view = new InkView();
  detach = view.attach(host, document.createElement("span"));
  const strokes = [0, 60].map((from) => {
    const stroke = new Stroke({ tip: "marker", fill, steady: 0 });
    goOn(stroke, from, from + 30);
    return stroke;
  });
  view.begin(strokes[0]!, fill, product);
  view.draw();
  await expect.poll(() => countOther(shown(), drawAtOnce(strokes[0]!))).toBe(0);
  view.clear();
  expect(countOther(shown(), drawAtOnce(strokes[0]!))).toBe(0);
  view.begin(strokes[1]!, fill, product);
  view.draw();
  for (let frame = 0; frame < 4; frame += 1) await drawn();
  expect(countOther(shown(), drawAtOnce(strokes[1]!))).toBe(0);
});
