import type { Detail, EdgeSpot } from "#card/detail.ts";
import { measureEdges } from "./edge-width.ts";
import { createBreathe } from "./next-task.ts";
import type { Pixels } from "./photo-source.ts";

/** Squares of so many pixels are looked at, and so many of them, as far as there are pixels. */
const sidePx = 48;
const [mostColumns, mostRows] = [8, 6];
/** The narrowest that is told apart, in pixels that were looked at: in those of the photo it may be as sharp as can be. */
const leastWidth = 0.8;

/** What is told from pixels. */
export type Readable = Pick<Pixels, "layout" | "widthPx" | "heightPx" | "toPhoto" | "photo" | "read">;

/** Where so many squares begin, spread evenly; at even pixels, as colours that are kept apart are read. */
function spread(lengthPx: number, most: number): readonly number[] {
  const count = Math.max(1, Math.min(most, Math.floor(lengthPx / sidePx)));
  const room = lengthPx - sidePx;
  return Array.from({ length: count }, (_, at) => 2 * Math.floor((room * (at + 0.5)) / count / 2));
}

/** Measures the detail of a photo in squares all over it, of the pixels as they are. Throws the signal's reason. */
export async function measureDetail(pixels: Readable, signal?: AbortSignal): Promise<Detail> {
  const { layout, widthPx, heightPx, toPhoto, photo } = pixels;
  const breathe = createBreathe(signal);
  const spots: EdgeSpot[] = [];
  const [a, b, c, d, e, f] = toPhoto;
  const pxPerPx = Math.hypot(a, b);
  if (Math.min(widthPx, heightPx) < sidePx) return { spots, leastWidthPx: photo.widthPx };
  const isPlanar = layout !== "RGBX" && layout !== "BGRX";
  // Its brightness comes first; of colours green is the most of it.
  const [step, first] = isPlanar ? [1, 0] : [4, 1];
  const samples = { I420: 1.5, I422: 2, I444: 3, RGBX: 4, BGRX: 4 }[layout];
  const bytes = new Uint8ClampedArray(sidePx * sidePx * samples);
  const grey = new Float32Array(sidePx * sidePx);
  for (const y of spread(heightPx, mostRows)) {
    for (const x of spread(widthPx, mostColumns)) {
      // One after the other: all are read into the same memory
      await pixels.read({ x, y, width: sidePx, height: sidePx, bytes }, "#ffffff", signal);
      for (let at = 0; at < grey.length; at++) grey[at] = bytes[at * step + first] as number;
      const width = measureEdges(sidePx, grey);
      const [middleX, middleY] = [x + sidePx / 2, y + sidePx / 2];
      if (width > 0) {
        spots.push({
          xPx: a * middleX + c * middleY + e,
          yPx: b * middleX + d * middleY + f,
          widthPx: width * pxPerPx,
        });
      }
      await breathe();
    }
  }
  // All of the photo's own pixels were there: nothing narrower can be.
  return { spots, leastWidthPx: pxPerPx > 1.01 ? leastWidth * pxPerPx : 0 };
}
