import { type Affine, cardToRaster, composeAffine } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { channelsOf } from "#card/veil.ts";
import type { DrawnElement, DrawOp } from "#design/elements.ts";
import { maxPathNumbers, type PathFault, readPath } from "./read-path.ts";

/** What the WebAssembly in assembly/ gives. Pointers are bytes into `memory`, which moves when it grows. */
export interface Paint {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly begin: (width: number, height: number, pathNumbers: number) => number;
  readonly pathAt: () => number;
  readonly setMatrix: (a: number, b: number, c: number, d: number, e: number, f: number) => void;
  readonly fill: (numbers: number, colour: number, isEvenOdd: number) => number;
}

/** A path that is not drawn: which of its element's, from 0. */
export interface Skipped {
  readonly element: string;
  readonly path: number;
  readonly fault: PathFault;
}

/** What `fill` answers. */
const outcomes = [undefined, "too-far", "too-complex"] as const;

type Raster = Pick<Product, "widthPx" | "heightPx" | "dpi">;

/** A picture that is being painted. Until it is finished nothing else may be painted by the same WebAssembly. */
export interface Painting {
  /** Lays an element over what is there. Paths that cannot be drawn are left out, each as a whole. */
  add(element: DrawnElement): readonly Skipped[];
  /** Writes the pixels back. */
  finish(): void;
}

function paintPath(paint: Paint, { path, fill, rule }: DrawOp): PathFault | undefined {
  const numbers = readPath(path);
  if (typeof numbers === "string") return numbers;
  new Float64Array(paint.memory.buffer, paint.pathAt(), numbers.length).set(numbers);
  const [red, green, blue] = channelsOf(fill);
  return outcomes[
    paint.fill(numbers.length, (255 << 24) | (blue << 16) | (green << 8) | red, Number(rule === "evenodd"))
  ];
}

/** Begins to paint over finished pixels: opaque RGBA rows of the product's raster. Throws what WebAssembly does without memory. */
export function startPainting(paint: Paint, rgba: Uint8ClampedArray, product: Raster): Painting {
  const { widthPx, heightPx } = product;
  const at = paint.begin(widthPx, heightPx, maxPathNumbers);
  new Uint8ClampedArray(paint.memory.buffer, at, rgba.length).set(rgba);
  const toRaster: Affine = cardToRaster(product);
  return {
    add({ id, ops, matrix }) {
      paint.setMatrix(...composeAffine(toRaster, matrix));
      return ops.flatMap((op, path) => {
        const fault = paintPath(paint, op);
        return fault === undefined ? [] : { element: id, path, fault };
      });
    },
    finish: () => rgba.set(new Uint8ClampedArray(paint.memory.buffer, at, rgba.length)),
  };
}

/**
 * Lays elements over finished pixels (opaque RGBA rows of the product's raster), bottom to top, in place: the same bytes wherever it is
 * done. Answers with what has been left out. Throws what WebAssembly does without memory.
 */
export function paintElements(
  paint: Paint,
  rgba: Uint8ClampedArray,
  product: Raster,
  drawn: readonly DrawnElement[],
): readonly Skipped[] {
  const painting = startPainting(paint, rgba, product);
  const skipped = drawn.flatMap((element) => painting.add(element));
  painting.finish();
  return skipped;
}
