import fc from "fast-check";
import sharp from "sharp";
import { expect, test } from "vitest";
import { crc32 } from "./checksums.ts";
import { withEdits } from "./edits.ts";
import { inspectFile } from "./inspect.ts";
import { concat, u32 } from "./testing/made-files.ts";
import { box, mirror, turn } from "./testing/make-heic.ts";

const ways = [1, 2, 3, 4, 5, 6, 7, 8];
const picture = sharp({ create: { width: 30, height: 20, channels: 3, background: "#369" } });

function exif(orientation: number, isLittle: boolean): number[] {
  const [two, four] = isLittle
    ? [(value: number) => [value & 255, value >> 8], (value: number) => u32(value).toReversed()]
    : [(value: number) => [value >> 8, value & 255], u32];
  const order = isLittle ? [0x49, 0x49] : [0x4d, 0x4d];
  const other = [...two(0x100), ...two(3), ...four(1), ...two(7), 0, 0];
  return [
    ...order,
    ...two(42),
    ...four(8),
    ...two(2),
    ...other,
    ...two(0x112),
    ...two(3),
    ...four(1),
    ...two(orientation),
    0,
    0,
    ...four(0),
  ];
}

function chunk(type: string, data: readonly number[]): Uint8Array {
  const body = concat(new TextEncoder().encode(type), data);
  return concat(u32(data.length), body, u32(crc32(body)));
}

/** The orientation of the file, and that of the file as the decoder gets it. */
async function turnOf(bytes: Uint8Array<ArrayBuffer>) {
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new Error(inspection.problem);
  const { turn } = inspection.head;
  if (turn === undefined) return { orientation: 1, plain: bytes };
  const plain = new Uint8Array(await withEdits(new Blob([bytes]), turn.edits).arrayBuffer());
  return { orientation: turn.orientation, plain };
}

test.each([
  ["before its pixels", false, 33],
  ["behind them, and little-endian", true, -12],
] as const)("a PNG's eXIf %s is obeyed once", async (_, isLittle, place) => {
  const png = await picture.png().toBuffer();
  for (const way of ways) {
    const file = concat(png.subarray(0, place), chunk("eXIf", exif(way, isLittle)), png.subarray(place));
    const { orientation, plain } = await turnOf(file);
    expect(orientation).toBe(way);
    if (way > 1) expect(plain).toEqual(new Uint8Array(png));
  }
});

test("a WebP's EXIF is obeyed once", async () => {
  for (const orientation of ways) {
    const webp = await picture.clone().withMetadata({ orientation }).webp().toBuffer();
    const read = await turnOf(new Uint8Array(webp));
    expect(read.orientation).toBe(orientation);
    expect((await sharp(read.plain).metadata()).orientation).toBe(1);
  }
});

/** An AVIF without a picture, whose second one has these properties and shares them with the first. */
function avif(...properties: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const full = (type: string, ...parts: (readonly number[])[]): Uint8Array => box(type, [0, 0, 0, 0], ...parts);
  const uses = properties.map((_, index) => 0x80 | (index + 2));
  const associations = [1, 2].flatMap((item) => [0, item, 1 + uses.length, 1, ...uses]);
  const ispe = full("ispe", u32(30), u32(20));
  const ipco = box("ipco", ispe, ...properties);
  const iprp = box("iprp", ipco, full("ipma", u32(2), associations));
  const type = box(
    "ftyp",
    Array.from("avif\0\0\0\0mif1avif", (letter) => letter.charCodeAt(0)),
  );
  return concat(type, full("meta", [...full("pitm", [0, 2])], [...iprp]), box("mdat", [1, 2, 3]));
}

test.each([
  [1, []],
  [1, [turn(0)]],
  [2, [mirror(1)]],
  [3, [turn(2)]],
  [4, [mirror(0)]],
  [5, [turn(1), mirror(0)]],
  [6, [turn(3)]],
  [7, [turn(1), mirror(1)]],
  [8, [turn(1)]],
  [4, [turn(2), mirror(1)]],
] as const)("an AVIF's properties are EXIF's %i, and are obeyed once", async (way, properties) => {
  const { orientation, plain } = await turnOf(avif(...properties));
  expect(orientation).toBe(way);
  expect((await turnOf(plain)).orientation).toBe(1);
});

test("bytes of any kind turn nothing and stop nothing", async () => {
  const webp = new Uint8Array(await picture.clone().withMetadata({ orientation: 6 }).webp().toBuffer());
  const png = new Uint8Array(await picture.clone().withMetadata({ orientation: 6 }).png().toBuffer());
  const files = [webp, png, avif(turn(1), mirror(0))];
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(255), fc.nat(), (file, at, value, end) => {
      const bytes = file.slice(0, 16 + (end % file.length));
      bytes[12 + (at % (bytes.length - 12))] = value;
      expect(() => inspectFile(bytes)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
