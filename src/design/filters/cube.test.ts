import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyColourTable, makeColourTable, type Rgb } from "../colour-table.ts";
import { CubeError, readCube } from "./cube.ts";

/** A file as programs write it, red fastest. */
function writeCube(size: number, change: (...rgb: Rgb) => Rgb, head = `LUT_3D_SIZE ${size}`): string {
  const lines = [head];
  for (let node = 0; node < size ** 3; node++) {
    const [red, green, blue] = [node % size, Math.floor(node / size) % size, Math.floor(node / size ** 2)];
    const at = (place: number): number => place / (size - 1);
    lines.push(
      change(at(red), at(green), at(blue))
        .map((level) => level.toFixed(6))
        .join(" "),
    );
  }
  return `${lines.join("\n")}\n`;
}

const plain = (...rgb: Rgb): Rgb => rgb;

function seen(table: Int32Array, ...colour: readonly number[]): number[] {
  const rgba = Uint8ClampedArray.of(...colour, 255);
  applyColourTable(rgba, table);
  return [...rgba.subarray(0, 3)];
}

function errorOf(text: string): { line: number; message: string } {
  try {
    readCube(text);
  } catch (error) {
    expect(error).toBeInstanceOf(CubeError);
    return { line: (error as CubeError).line, message: (error as CubeError).message };
  }
  throw new Error("it was read");
}

describe("a .cube file", () => {
  test("that changes nothing changes nothing, whatever its size, and each colour is where the file has it", () => {
    for (const size of [2, 3, 17, 33, 64]) {
      const table = readCube(writeCube(size, plain));
      const swapped = readCube(writeCube(size, (red, green, blue) => [green, blue, red]));
      fc.assert(
        fc.property(fc.nat(255), fc.nat(255), fc.nat(255), (red, green, blue) => {
          for (const [channel, level] of seen(table, red, green, blue).entries())
            expect(Math.abs(level - [red, green, blue][channel]!)).toBeLessThanOrEqual(1);
          for (const [channel, level] of seen(swapped, red, green, blue).entries())
            expect(Math.abs(level - [green, blue, red][channel]!)).toBeLessThanOrEqual(1);
        }),
        { numRuns: 40 },
      );
    }
  });

  test("of our own size is taken over number by number", () => {
    const change = (...[red, green, blue]: Rgb): Rgb => [red * red, (green + blue) / 2, 1 - red];
    const own = makeColourTable((colour) => void colour.splice(0, 3, ...change(...colour)));
    const read = readCube(writeCube(33, change));
    expect(read.reduce((most, value, at) => Math.max(most, Math.abs(value - own[at]!)), 0)).toBeLessThanOrEqual(1);
  });

  test("may have a title, comments, empty lines, a domain of its own and Windows' line ends", () => {
    const head = '# by hand\n\nTITLE "Harbour 3"\nDOMAIN_MIN 0 0 0\nDOMAIN_MAX 2.0 2.0 2.0\nLUT_3D_SIZE 2';
    const table = readCube(`\uFEFF${writeCube(2, plain, head).replaceAll("\n", "\r\n")}`);
    // Of a domain twice as wide white lies in the middle.
    expect(seen(table, 255, 255, 255)).toEqual([128, 128, 128]);
    expect(seen(readCube(writeCube(2, plain, "LUT_3D_INPUT_RANGE 0 0.5\nLUT_3D_SIZE 2")), 64, 128, 255)).toEqual([
      128, 255, 255,
    ]);
  });

  const cube = writeCube(2, plain);
  const refused: readonly (readonly [what: string, text: string, line: number, expected: RegExp])[] = [
    ["nothing", "", 1, /LUT_3D_SIZE/],
    ["a single dimension", "LUT_1D_SIZE 16\n0 0 0\n", 1, /three dimensions/],
    ["no size", "0 0 0\n", 1, /LUT_3D_SIZE before/],
    ["a size of one", "LUT_3D_SIZE 1\n0 0 0\n", 1, /from 2 to 64/],
    ["a size beyond the most", 'TITLE "x"\nLUT_3D_SIZE 65\n', 2, /from 2 to 64/],
    ["a size that is none", "LUT_3D_SIZE 1e1\n", 1, /from 2 to 64/],
    ["two sizes", "LUT_3D_SIZE 2\nLUT_3D_SIZE 2\n", 2, /once/],
    ["no number", cube.replace("1.000000 1.000000 1.000000", "1 nan 1"), 9, /three numbers/],
    ["NaN first", cube.replace("0.000000 0.000000 0.000000", "NaN 0 0"), 2, /three numbers/],
    ["infinity", cube.replace("1.000000 1.000000 1.000000", "1 1 1e99"), 9, /three numbers/],
    ["four numbers in a line", cube.replace("0.000000 0.000000 0.000000", "0 0 0 0"), 2, /three numbers/],
    ["a hexadecimal number", cube.replace("0.000000 0.000000 0.000000", "0x1 0 0"), 2, /three numbers/],
    ["a line too few", cube.split("\n").slice(0, -2).join("\n"), 8, /8 lines of numbers, and there are 7/],
    ["a line too many", `${cube}0 0 0\n`, 10, /nothing after the 8/],
    ["a keyword among the numbers", `${cube}TITLE "late"\n`, 10, /nothing after|three numbers/],
    ["a keyword that nobody knows", `LUT_IN_VIDEO_RANGE\n${cube}`, 1, /TITLE/],
    ["a domain the wrong way round", `DOMAIN_MIN 1 1 1\nDOMAIN_MAX 0 1 1\n${cube}`, 1, /DOMAIN_MIN below/],
    ["a domain of two numbers", `DOMAIN_MIN 0 0\n${cube}`, 1, /three numbers/],
    ["another file", "\u0089PNG\r\n\u001a\n\0\0\0\rIHDR", 1, /.+/],
  ];
  test.each(refused)("with %s is refused, and the line is named", (_, text, line, expected) => {
    const error = errorOf(text);
    expect(error.message).toMatch(expected);
    expect(error.line).toBe(line);
  });

  test("of any bytes is read or refused, and nothing else", () => {
    const word = fc.constantFrom("LUT_3D_SIZE", "2", "0", "0.5", "\n", " ", "DOMAIN_MAX", "#", "-1e3", "x");
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (words) => {
        try {
          readCube(words.join(" "));
        } catch (error) {
          expect(error).toBeInstanceOf(CubeError);
        }
      }),
    );
  });
});
