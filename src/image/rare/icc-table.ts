import { encodeSrgb, labToXyz, type Triple, xyzToLinear } from "./icc-colours.ts";
import { type Curve, readCurve, readS15Fixed16, tableCurve } from "./icc-curves.ts";

/** A profile's table of colours (ICC.1:2022, 10.10 to 10.12): a curve for each channel, and sRGB where the grid's lines meet. */
export interface ColourTable {
  readonly inputs: readonly Curve[];
  /** Lines of the grid in each direction, the first channel first. */
  readonly grid: readonly number[];
  /** R, G and B, 0 to 255 and beyond where sRGB has no such colour; the last channel changes the quickest. */
  readonly nodes: Float32Array;
}

type Pcs = "Lab" | "XYZ";
/** From what the table holds, 0 to 1, to the connection space's numbers. */
type Meaning = (values: Triple) => Triple;

// A grid of 33 lines in each of four directions, and more than any profile has.
const maxNodes = 1_200_000;

const meanings = {
  "mft1 Lab": ([l, a, b]) => [l * 100, a * 255 - 128, b * 255 - 128],
  // Of ICC's second version: 0xff00 is 100.
  "mft2 Lab": ([l, a, b]) => [(l * 65535 * 100) / 65280, (a * 65535) / 256 - 128, (b * 65535) / 256 - 128],
  "mAB  Lab": ([l, a, b]) => [l * 100, a * 255 - 128, b * 255 - 128],
  XYZ: ([x, y, z]) => [(x * 65535) / 32768, (y * 65535) / 32768, (z * 65535) / 32768],
} as const satisfies Record<string, Meaning>;

/** Of the connection space's white, in each of X, Y and Z. */
const white: Triple = [0.9642, 1, 0.8249];

/**
 * Black point compensation, as programmes for print do it: the darkest colour that the inks make is black on the screen, and
 * what lies between is spread, in proportion to light.
 */
function spreadToBlack(darkest: Triple): Meaning {
  // A table whose darkest colour is lighter than the middle is not one of a press: it would darken everything.
  if (darkest[1] > 0.1842) return (xyz) => xyz;
  return (xyz) => {
    const spread = (at: 0 | 1 | 2): number => ((xyz[at] - darkest[at]) * white[at]) / (white[at] - darkest[at]);
    return [spread(0), spread(1), spread(2)];
  };
}

function makeNodes(grid: readonly number[], read: (index: number) => number, finish: Meaning, pcs: Pcs): Float32Array {
  const count = grid.reduce((product, lines) => product * lines, 1);
  const toXyz = (at: number): Triple => {
    const values = finish([read(at), read(at + 1), read(at + 2)]);
    return pcs === "Lab" ? labToXyz(values) : values;
  };
  // All of four inks, or none of three lights.
  const spread = spreadToBlack(toXyz(grid.length === 4 ? (count - 1) * 3 : 0));
  const nodes = new Float32Array(count * 3);
  for (let at = 0; at < nodes.length; at += 3) {
    const linear = xyzToLinear(spread(toXyz(at)));
    nodes.set(
      linear.map((value) => encodeSrgb(value) * 255),
      at,
    );
  }
  return nodes;
}

function checkGrid(grid: readonly number[]): void {
  const count = grid.reduce((product, lines) => product * lines, 1);
  if (grid.some((lines) => lines < 2) || count > maxNodes) throw new RangeError("a grid of no use");
}

/** `mft1` and `mft2`: curves, a grid of the same lines in each direction, curves. */
function readLut(view: DataView, offset: number, size: 1 | 2, pcs: Pcs): ColourTable {
  const channels = view.getUint8(offset + 8);
  const grid = Array.from({ length: channels }, () => view.getUint8(offset + 10));
  checkGrid(grid);
  const entries = size === 1 ? [256, 256] : [view.getUint16(offset + 48), view.getUint16(offset + 50)];
  const [inputEntries = 0, outputEntries = 0] = entries;
  if (inputEntries < 2 || outputEntries < 2) throw new RangeError("a curve of no use");
  const read = (at: number): number => (size === 1 ? view.getUint8(at) / 255 : view.getUint16(at) / 65535);
  const readTable = (start: number, count: number): Curve =>
    tableCurve(Array.from({ length: count }, (_, index) => read(start + index * size)));
  const first = offset + (size === 1 ? 48 : 52);
  const clut = first + channels * inputEntries * size;
  const after = clut + grid.reduce((product, lines) => product * lines, 1) * 3 * size;
  const outputs = [0, 1, 2].map((channel) => readTable(after + channel * outputEntries * size, outputEntries));
  const meaning: Meaning = pcs === "XYZ" ? meanings.XYZ : meanings[size === 1 ? "mft1 Lab" : "mft2 Lab"];
  const [c0, c1, c2] = outputs as [Curve, Curve, Curve];
  return {
    inputs: grid.map((_, channel) => readTable(first + channel * inputEntries * size, inputEntries)),
    grid,
    nodes: makeNodes(
      grid,
      (index) => read(clut + index * size),
      ([a, b, c]) => meaning([c0(a), c1(b), c2(c)]),
      pcs,
    ),
  };
}

function readCurves(view: DataView, offset: number, count: number): readonly Curve[] {
  let at = offset;
  return Array.from({ length: count }, () => {
    const { curve, bytes } = readCurve(view, at);
    at += Math.ceil(bytes / 4) * 4;
    return curve;
  });
}

/** `mAB `: curves, a grid, curves, a matrix, curves. Without a grid there is nothing here that a matrix profile would not say. */
function readAToB(view: DataView, offset: number, pcs: Pcs): ColourTable {
  const channels = view.getUint8(offset + 8);
  const [bAt, matrixAt, mAt, clutAt, aAt] = [12, 16, 20, 24, 28].map((part) => view.getUint32(offset + part)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  if (clutAt === 0 || aAt === 0 || bAt === 0) throw new RangeError("a table without a grid");
  const grid = Array.from({ length: channels }, (_, channel) => view.getUint8(offset + clutAt + channel));
  checkGrid(grid);
  const size = view.getUint8(offset + clutAt + 16);
  const read = (index: number): number => {
    const at = offset + clutAt + 20 + index * size;
    return size === 1 ? view.getUint8(at) / 255 : view.getUint16(at) / 65535;
  };
  const [b0, b1, b2] = readCurves(view, offset + bAt, 3) as [Curve, Curve, Curve];
  const middle = mAt === 0 || matrixAt === 0 ? undefined : readCurves(view, offset + mAt, 3);
  const matrix = Array.from({ length: 12 }, (_, index) =>
    middle === undefined ? 0 : readS15Fixed16(view, offset + matrixAt + index * 4),
  );
  const multiply = (values: Triple): Triple => {
    if (middle === undefined) return values;
    const v = values.map((value, index) => middle[index]?.(value) ?? value);
    const row = (at: number): number =>
      [0, 1, 2].reduce((sum, i) => sum + (matrix[at * 3 + i] ?? 0) * (v[i] ?? 0), matrix[9 + at] ?? 0);
    return [row(0), row(1), row(2)];
  };
  const meaning = pcs === "XYZ" ? meanings.XYZ : meanings["mAB  Lab"];
  const finish: Meaning = (values) => {
    const [x, y, z] = multiply(values);
    return meaning([b0(x), b1(y), b2(z)]);
  };
  return { inputs: readCurves(view, offset + aAt, channels), grid, nodes: makeNodes(grid, read, finish, pcs) };
}

/** The table at `offset`. Throws RangeError when it is of no known kind, or broken. */
export function readColourTable(view: DataView, offset: number, pcs: Pcs): ColourTable {
  if (view.getUint8(offset + 9) !== 3) throw new RangeError("a table to something else than three numbers");
  switch (view.getUint32(offset)) {
    case 0x6d667431:
      return readLut(view, offset, 1, pcs);
    case 0x6d667432:
      return readLut(view, offset, 2, pcs);
    case 0x6d414220:
      return readAToB(view, offset, pcs);
    default:
      throw new RangeError("an unknown kind of table");
  }
}
