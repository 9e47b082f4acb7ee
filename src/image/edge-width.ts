/** Brightnesses, 0 to 255, in a square. */
interface Square {
  readonly side: number;
  readonly values: Float32Array;
}

/** The least gradient, of 255 per pixel, after smoothing, of what is an edge and no noise. */
const leastGradient = 2.5;
const leastEdge = leastGradient ** 2;
/** So many pixels of edges at least, as a share of the square. */
const leastShare = 0.01;
/** Among a square's edges the sharpest count, of which some are noise. */
const sharpest = 0.1;
/** Of the strongest edge's squared gradient: what is weaker is more noise than edge. */
const strongShare = 0.2;
/** Wider ones are told better from a square of half the pixels. */
const widest = 2;
const halvings = 3;

/** Smoothed by a Gaussian of one pixel, roughly; two pixels at each border are left as they are. */
function smooth({ side, values }: Square): Square {
  const across = Float32Array.from(values);
  for (let at = 2; at < values.length - 2; at++) {
    across[at] =
      ((values[at - 2] as number) +
        (values[at + 2] as number) +
        4 * ((values[at - 1] as number) + (values[at + 1] as number)) +
        6 * (values[at] as number)) /
      16;
  }
  const both = Float32Array.from(across);
  for (let at = 2 * side; at < values.length - 2 * side; at++) {
    both[at] =
      ((across[at - 2 * side] as number) +
        (across[at + 2 * side] as number) +
        4 * ((across[at - side] as number) + (across[at + side] as number)) +
        6 * (across[at] as number)) /
      16;
  }
  return { side, values: both };
}

function squareGradient(values: Float32Array, at: number, side: number): number {
  const across = (values[at + 1] as number) - (values[at] as number);
  const down = (values[at + side] as number) - (values[at] as number);
  return across * across + down * down;
}

function halve({ side, values }: Square): Square {
  const half = side >> 1;
  const smaller = new Float32Array(half * half);
  for (let y = 0; y < half; y++) {
    for (let x = 0; x < half; x++) {
      const at = 2 * y * side + 2 * x;
      const sum = (values[at] as number) + (values[at + 1] as number);
      smaller[y * half + x] = (sum + (values[at + side] as number) + (values[at + side + 1] as number)) / 4;
    }
  }
  return { side: half, values: smaller };
}

/**
 * How much a smoothing of one pixel takes off each edge tells how smooth it was: by `1 + 1 / width ** 2` for the square of its
 * gradient (Zhuo and Sim, Defocus map estimation from a single image, 2011). The narrowest of them in pixels; 0 without edges.
 */
function narrowest(square: Square): number {
  const { side, values } = square;
  const { values: smoothed } = smooth(square);
  const [before, after] = [new Float32Array(side * side), new Float32Array(side * side)];
  let edges = 0;
  let strongest = 0;
  for (let y = 3; y < side - 3; y++) {
    for (let x = 3; x < side - 3; x++) {
      const at = y * side + x;
      const edge = squareGradient(smoothed, at, side);
      if (edge < leastEdge) continue;
      after[edges] = edge;
      before[edges++] = squareGradient(values, at, side);
      if (edge > strongest) strongest = edge;
    }
  }
  if (edges < leastShare * side * side) return 0;
  const ratios = new Float32Array(edges);
  let strong = 0;
  for (let edge = 0; edge < edges; edge++) {
    const smooth = after[edge] as number;
    if (smooth >= strongShare * strongest) ratios[strong++] = (before[edge] as number) / smooth;
  }
  const ratio = ratios.subarray(0, strong).sort()[Math.floor((1 - sharpest) * strong)] as number;
  return ratio > 1 ? 1 / Math.sqrt(ratio - 1) : Infinity;
}

/**
 * How wide the sharpest edges of this square of pixels are: the deviation of the Gaussian that would have made them so, in pixels,
 * about 0.6 where nothing has. 0 where there are none to be seen.
 */
export function measureEdges(side: number, values: Float32Array): number {
  let square: Square = { side, values };
  let found = 0;
  for (let level = 0; level < halvings; level++) {
    const width = narrowest(square);
    if (width > 0) {
      found = width * 2 ** level;
      if (width <= widest) return found;
    }
    square = halve(square);
  }
  return Number.isFinite(found) ? found : 0;
}
