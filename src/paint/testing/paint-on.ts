import type { DrawOp } from "#design/elements.ts";
import { paintElements, type Skipped } from "../paint.ts";
import { readPaint } from "./read-paint.ts";

const paint = readPaint();

/** Pixels with one level each: red, where paths are black on white. */
export interface Painted {
  readonly skipped: readonly Skipped[];
  readonly levels: readonly number[];
  readonly rgba: Uint8ClampedArray;
}

/** Paints paths whose units are the raster's pixels. */
export function paintOn(
  { width, height }: { readonly width: number; readonly height: number },
  ops: readonly (Partial<DrawOp> & Pick<DrawOp, "path">)[],
  ground: readonly [number, number, number] = [255, 255, 255],
): Painted {
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < rgba.length; at += 4) rgba.set([...ground, 255], at);
  const matrix = [1, 0, 0, 1, -width / 2, -height / 2] as const;
  const black = { fill: "#000000", rule: "nonzero" } as const;
  const drawn = { id: "e", matrix, ops: ops.map((op) => ({ ...black, ...op })) };
  // A millimetre is a pixel.
  const skipped = paintElements(paint, rgba, { widthPx: width, heightPx: height, dpi: 25.4 }, [drawn]);
  return { skipped, rgba, levels: Array.from({ length: width * height }, (_, pixel) => rgba[pixel * 4] as number) };
}
