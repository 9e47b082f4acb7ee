import { type ColourTable, lookUp, makeColourTable, type Rgb } from "../colour-table.ts";

/** Nodes along each side, as the format has them but for its larger ones, which no filter needs. */
const sizes = { least: 2, most: 64 } as const;

/** What is wrong with a .cube file: where, counted from 1, and what is expected there. */
export class CubeError extends Error {
  override readonly name = "CubeError";
  readonly line: number;
  constructor(line: number, expected: string) {
    super(expected);
    this.line = line;
  }
}

interface Head {
  size: number;
  min: Rgb;
  max: Rgb;
}

const number = /^[+-]?(?:\d{1,20}(?:\.\d{0,40})?|\.\d{1,40})(?:e[+-]?\d{1,2})?$/i;

function readNumbers(words: readonly string[], count: number, line: number): number[] {
  const values = words.map((word) => (number.test(word) ? Number(word) : Number.NaN));
  if (values.length !== count || !values.every((value) => Math.abs(value) <= 1000))
    throw new CubeError(line, `${count === 3 ? "three numbers" : "two numbers"} of at most 1000, and nothing else`);
  return values;
}

function readKeyword(head: Head, [word = "", ...rest]: readonly string[], line: number): void {
  switch (word) {
    case "TITLE":
      return;
    case "LUT_1D_SIZE":
      throw new CubeError(
        line,
        "a table of three dimensions, with LUT_3D_SIZE: one of a single dimension is no filter",
      );
    case "LUT_3D_SIZE": {
      const [given = ""] = rest;
      const size = /^\d{1,4}$/.test(given) && rest.length === 1 ? Number(given) : 0;
      if (head.size !== 0 || size < sizes.least || size > sizes.most)
        throw new CubeError(line, `LUT_3D_SIZE once, from ${sizes.least} to ${sizes.most}`);
      head.size = size;
      return;
    }
    case "DOMAIN_MIN":
      head.min = readNumbers(rest, 3, line) as Rgb;
      return;
    case "DOMAIN_MAX":
      head.max = readNumbers(rest, 3, line) as Rgb;
      return;
    case "LUT_3D_INPUT_RANGE": {
      const [min = 0, max = 1] = readNumbers(rest, 2, line);
      [head.min, head.max] = [
        [min, min, min],
        [max, max, max],
      ];
      return;
    }
    default:
      throw new CubeError(line, "TITLE, LUT_3D_SIZE, DOMAIN_MIN, DOMAIN_MAX or three numbers");
  }
}

/** Of one node: in a file red runs fastest, in a cube blue does. */
function placeOf(node: number, size: number): number {
  const [red, green, blue] = [node % size, Math.floor(node / size) % size, Math.floor(node / size ** 2)];
  return ((red * size + green) * size + blue) * 3;
}

/**
 * The table of the filter that a .cube file describes (Adobe Cube LUT 1.0, three dimensions), resampled to the size of ours. Beyond the
 * file's domain its outermost colours hold, and what it gives beyond 0 and 1 is cut off. Throws CubeError.
 */
export function readCube(text: string): ColourTable {
  const head: Head = { size: 0, min: [0, 0, 0], max: [1, 1, 1] };
  const lines = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  let values: Float64Array | undefined;
  let node = 0;
  for (const [index, written] of lines.entries()) {
    const words = written.trim().split(/\s+/);
    const [word = ""] = words;
    if (word === "" || word.startsWith("#")) continue;
    if (/^[a-z_]/i.test(word) && values === undefined && !/^(?:nan|inf)/i.test(word)) {
      readKeyword(head, words, index + 1);
      continue;
    }
    if (head.size === 0) throw new CubeError(index + 1, "LUT_3D_SIZE before the numbers");
    values ??= new Float64Array(head.size ** 3 * 3);
    if (node === head.size ** 3) throw new CubeError(index + 1, `nothing after the ${node} lines of numbers`);
    values.set(readNumbers(words, 3, index + 1), placeOf(node, head.size));
    node += 1;
  }
  if (values === undefined || node < head.size ** 3)
    throw new CubeError(
      lines.length,
      `${head.size ** 3 || "LUT_3D_SIZE and its"} lines of numbers, and there are ${node}`,
    );
  return resample(values, head);
}

function resample(values: Float64Array, { size, min, max }: Head): ColourTable {
  if (!min.every((least, channel) => least < (max[channel] as number)))
    throw new CubeError(1, "a DOMAIN_MIN below its DOMAIN_MAX in red, green and blue");
  return makeColourTable((colour) => {
    for (let channel = 0; channel < 3; channel++) {
      const least = min[channel] as number;
      colour[channel] = ((colour[channel] as number) - least) / ((max[channel] as number) - least);
    }
    lookUp(colour, { size, white: 1, values });
  });
}
