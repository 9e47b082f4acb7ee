import { finish, type InSteps } from "#card/in-steps.ts";

/** Nodes along each of red, green and blue. */
const nodes = 33;
const cells = nodes - 1;
/** A level is stored as so many of 256: the identity is exact then, since a node lies every 255/32 of a level. */
const perLevel = 256;

// How far apart neighbours along each axis lie in the table.
const alongRed = nodes * nodes * 3;
const alongGreen = nodes * 3;
const alongBlue = 3;

/** A colour for each of 33 x 33 x 33, as integers: red, green and blue of 0 to 255 x 256, with blue running fastest. */
export type ColourTable = Int32Array;

/** A table in as few bytes as it can have: 16 bits for each number, little-endian. */
export function packTable(table: ColourTable): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(table.length * 2));
  for (const [at, value] of table.entries()) view.setUint16(at * 2, value, true);
  return new Uint8Array(view.buffer);
}

/** The table of such bytes; null of what is none. */
export function unpackTable(bytes: ArrayBuffer): ColourTable | null {
  if (bytes.byteLength !== nodes ** 3 * 6) return null;
  const packed = new Uint8Array(bytes);
  const table = new Int32Array(nodes ** 3 * 3);
  // A plain loop: the page waits for this, and a callback for each number takes many times as long.
  for (let at = 0; at < table.length; at++) {
    const value = (packed[at * 2] as number) | ((packed[at * 2 + 1] as number) << 8);
    if (value > 255 * perLevel) return null;
    table[at] = value;
  }
  return table;
}

/** A cube of colours of any size, as tables in files are: its nodes along each side, and a level of `white` parts for each red, green and blue, with blue running fastest. */
export interface ColourCube {
  readonly size: number;
  readonly white: number;
  readonly values: ArrayLike<number>;
}

export function cubeOf(table: ColourTable): ColourCube {
  return { size: nodes, white: 255 * perLevel, values: table };
}

/** A colour in sRGB's own levels, each from 0 to 1. */
export type Rgb = [red: number, green: number, blue: number];

/** The table of a change of colours, made in place. What it gives beyond 0 and 1 is cut off there. */
export function makeColourTable(change: (colour: Rgb) => void): ColourTable {
  return finish(makeColourTableInSteps(change));
}

/** The same where the page must not be held up: all of it takes longer than a frame. */
export function* makeColourTableInSteps(change: (colour: Rgb) => void): InSteps<ColourTable> {
  const table = new Int32Array(nodes ** 3 * 3);
  for (let red = 0; red < nodes; red++) {
    fillPlane(table, red, change);
    yield;
  }
  return table;
}

/** All nodes of one red. */
function fillPlane(table: ColourTable, red: number, change: (colour: Rgb) => void): void {
  const colour: Rgb = [0, 0, 0];
  for (let node = 0; node < nodes ** 2; node++) {
    colour[0] = red / cells;
    colour[1] = Math.floor(node / nodes) / cells;
    colour[2] = (node % nodes) / cells;
    change(colour);
    for (let channel = 0; channel < 3; channel++) {
      const level = Math.min(1, Math.max(0, colour[channel] as number));
      table[red * alongRed + node * 3 + channel] = Math.round(level * 255 * perLevel);
    }
  }
}

/** Of each level: the cell it lies in, and how far, of 255. */
const cellOf = Int32Array.from({ length: 256 }, (_, level) => Math.min(cells - 1, Math.floor((level * cells) / 255)));
const restOf = Int32Array.from(cellOf, (cell, level) => level * cells - cell * 255);

const scale = 1 / (255 * perLevel);
// Rounds to the nearest; what it has more than a half keeps the inverse's last bit from mattering.
const half = (255 * perLevel) / 2 + 0.5;

/**
 * Changes the colours of RGBA pixels in place; what is transparent stays so. Between its nodes the table is mixed of the four corners of
 * the tetrahedron in which a colour lies, in whole numbers: every engine gives the same, and a grey is mixed of greys only.
 */
export function applyColourTable(rgba: Uint8ClampedArray, table: ColourTable): void {
  const get = (at: number): number => table[at] as number;
  // No arrays in here: engines make one each time.
  for (let at = 0; at < rgba.length; at += 4) {
    const red = rgba[at] as number;
    const green = rgba[at + 1] as number;
    const blue = rgba[at + 2] as number;
    const r = restOf[red] as number;
    const g = restOf[green] as number;
    const b = restOf[blue] as number;
    const near =
      (cellOf[red] as number) * alongRed +
      (cellOf[green] as number) * alongGreen +
      (cellOf[blue] as number) * alongBlue;
    // From the near corner to the far one, first along the axis on which the colour lies furthest, last along that on which it does least.
    let second = near + alongRed;
    let third = second + alongGreen;
    let most = r;
    let middle = g;
    let least = b;
    if (r >= g) {
      if (g < b) {
        third = second + alongBlue;
        middle = b;
        least = g;
        if (r < b) {
          second = near + alongBlue;
          most = b;
          middle = r;
        }
      }
    } else {
      second = near + alongGreen;
      most = g;
      middle = r;
      if (r < b) {
        third = second + alongBlue;
        middle = b;
        least = r;
        if (g < b) {
          second = near + alongBlue;
          most = b;
          middle = g;
        }
      }
    }
    const far = near + alongRed + alongGreen + alongBlue;
    const ofNear = 255 - most;
    const ofSecond = most - middle;
    const ofThird = middle - least;
    rgba[at] =
      ((ofNear * get(near) + ofSecond * get(second) + ofThird * get(third) + least * get(far) + half) * scale) | 0;
    rgba[at + 1] =
      ((ofNear * get(near + 1) + ofSecond * get(second + 1) + ofThird * get(third + 1) + least * get(far + 1) + half) *
        scale) |
      0;
    rgba[at + 2] =
      ((ofNear * get(near + 2) + ofSecond * get(second + 2) + ofThird * get(third + 2) + least * get(far + 2) + half) *
        scale) |
      0;
  }
}

/**
 * Looks a colour up in a cube, in place, mixed of the corners of a tetrahedron as by `applyColourTable`, but between levels too. Levels
 * outside 0 to 1 are taken for those.
 */
export function lookUp(colour: Rgb, { size, white, values }: ColourCube): void {
  const [stepRed, stepGreen, stepBlue] = [3 * size * size, 3 * size, 3];
  const [red, green, blue] = [placeIn(size, colour[0]), placeIn(size, colour[1]), placeIn(size, colour[2])];
  const [cellRed, cellGreen, cellBlue] = [cellIn(size, red), cellIn(size, green), cellIn(size, blue)];
  const [r, g, b] = [red - cellRed, green - cellGreen, blue - cellBlue];
  // Along which axis the second corner lies from the near one, and along which the third does from the far one.
  let [first, last] = [stepRed, stepBlue];
  let [most, middle, least] = [r, g, b];
  if (r >= g) {
    if (g < b) {
      last = stepGreen;
      [middle, least] = [b, g];
      if (r < b) {
        first = stepBlue;
        [most, middle] = [b, r];
      }
    }
  } else {
    first = stepGreen;
    [most, middle] = [g, r];
    if (r < b) {
      last = stepRed;
      [middle, least] = [b, r];
      if (g < b) {
        first = stepBlue;
        [most, middle] = [b, g];
      }
    }
  }
  const near = cellRed * stepRed + cellGreen * stepGreen + cellBlue * stepBlue;
  const far = near + stepRed + stepGreen + stepBlue;
  for (let channel = 0; channel < 3; channel++) {
    const get = (at: number): number => values[at + channel] as number;
    colour[channel] =
      ((1 - most) * get(near) +
        (most - middle) * get(near + first) +
        (middle - least) * get(far - last) +
        least * get(far)) /
      white;
  }
}

function placeIn(size: number, level: number): number {
  return Math.min(1, Math.max(0, level)) * (size - 1);
}

function cellIn(size: number, place: number): number {
  return Math.min(size - 2, Math.floor(place));
}
