import type { PlaneWindow } from "./planes.ts";
import type { SampledComponent } from "./samples.ts";

/** Pixels of a row. */
interface Stretch {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

/** The samples that these rows and columns of pixels need, with their neighbours. */
export function windowFor(
  { across, down, widthPx, heightPx }: SampledComponent,
  { x, y, width, height }: Stretch & { readonly height: number },
): PlaneWindow {
  const left = Math.max(0, Math.floor(x / across) - 1);
  const top = Math.max(0, Math.floor(y / down) - 1);
  const right = Math.min(widthPx, Math.floor((x + width - 1) / across) + 2);
  const bottom = Math.min(heightPx, Math.floor((y + height - 1) / down) + 2);
  const samples = new Uint8ClampedArray((right - left) * (bottom - top));
  return { x: left, y: top, width: right - left, height: bottom - top, samples };
}

/** Adds three parts of the nearer row and one of the farther, where a sample stands for two rows. */
function mixRows(
  { samples, width, height, y: top }: PlaneWindow,
  y: number,
  down: number,
  mixes: boolean,
  sums: Int32Array,
) {
  const near = Math.floor(y / down) - top;
  const start = near * width;
  if (!mixes) {
    for (let x = 0; x < width; x++) sums[x] = samples[start + x] as number;
    return;
  }
  const far = Math.max(0, Math.min(height - 1, (y & 1) === 1 ? near + 1 : near - 1)) * width;
  for (let x = 0; x < width; x++) sums[x] = 3 * (samples[start + x] as number) + (samples[far + x] as number);
}

/**
 * A component's value at each pixel of a row, to the bit as libjpeg smooths it where one sample stands for two pixels: three parts of
 * the nearer and one of the farther, what is half rounded up and down in turn. Elsewhere the nearest sample's.
 */
export function spreadRow(
  window: PlaneWindow,
  { across, down }: SampledComponent,
  { x, y, width }: Stretch,
  sums: Int32Array,
  out: Uint8ClampedArray,
): void {
  const mixesDown = down === 2 && across <= 2;
  mixRows(window, y, down, mixesDown, sums);
  const first = window.x;
  if (across === 2 && down <= 2) {
    const shift = mixesDown ? 4 : 2;
    const evenHalf = mixesDown ? 8 : 1;
    const oddHalf = mixesDown ? 7 : 2;
    const last = window.width - 1;
    for (let at = 0; at < width; at++) {
      const isOdd = ((x + at) & 1) === 1;
      const near = ((x + at) >> 1) - first;
      const far = isOdd ? Math.min(last, near + 1) : Math.max(0, near - 1);
      out[at] = (3 * (sums[near] as number) + (sums[far] as number) + (isOdd ? oddHalf : evenHalf)) >> shift;
    }
  } else if (mixesDown) {
    const half = (y & 1) === 1 ? 2 : 1;
    for (let at = 0; at < width; at++) out[at] = ((sums[x + at - first] as number) + half) >> 2;
  } else {
    for (let at = 0; at < width; at++) out[at] = sums[Math.floor((x + at) / across) - first] as number;
  }
}
