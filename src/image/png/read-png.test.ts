import sharp, { type Sharp } from "sharp";
import { expect, it } from "vitest";
import { DamageError } from "../decode-error.ts";
import { readPngHead } from "../photo-head.ts";
import { openPng } from "./read-png.ts";

const [widthPx, heightPx] = [211, 97];

/** Smooth in one part and noise in another, so that an encoder that chooses takes each of the five filters. */
const rgb = Uint8Array.from({ length: widthPx * heightPx * 3 }, (_, at) => {
  const [x, y] = [Math.floor(at / 3) % widthPx, Math.floor(at / 3 / widthPx)];
  if (y % 16 < 3) return (at * at * 31) >> 5;
  return y % 16 < 8 ? x + (at % 3) * 40 : y * 2 + ((x * y) >> 6) + (at % 3) * 9;
});
const picture = (): Sharp => sharp(rgb, { raw: { width: widthPx, height: heightPx, channels: 3 } });
const options = { adaptiveFiltering: true, compressionLevel: 9 } as const;

const kinds: Record<string, () => Sharp> = {
  colours: () => picture().png(options),
  "colours without filters": () => picture().png({ adaptiveFiltering: false }),
  "colours of 16 bits": () => picture().toColourspace("rgb16").linear(0.9, 7.3).png(options),
  greys: () => picture().greyscale().toColourspace("b-w").png(options),
  "greys of 16 bits": () => picture().greyscale().toColourspace("grey16").png(options),
  "a palette of 8 bits": () => picture().png({ palette: true, colours: 200 }),
  "a palette of 4 bits": () => picture().png({ palette: true, colours: 16 }),
  "a palette of 2 bits": () => picture().png({ palette: true, colours: 4 }),
  "a palette of 1 bit": () => picture().png({ palette: true, colours: 2 }),
};

const onward = async (): Promise<void> => {};

async function readPart(
  png: ReturnType<typeof openPng>,
  [x, y, width, height]: readonly [number, number, number, number],
  breathe = onward,
) {
  const bytes = new Uint8ClampedArray(width * height * 4);
  await png.read({ x, y, width, height, bytes }, breathe);
  return Buffer.from(bytes);
}

it.each(Object.entries(kinds))(
  "a PNG of %s gives the pixels that libvips sees, whatever part is asked for",
  async (_, make) => {
    const file = new Uint8Array(await make().toBuffer());
    expect(readPngHead(file)).toMatchObject({ inRows: true });
    const isDeep = (await sharp(file).metadata()).depth === "ushort";
    const raw = await sharp(file)
      .toColourspace(isDeep ? "rgb16" : "srgb")
      .raw({ depth: isDeep ? "ushort" : "uchar" })
      .toBuffer();
    const samples = isDeep ? new Uint16Array(raw.buffer, raw.byteOffset, raw.length / 2) : raw;
    const channels = samples.length / widthPx / heightPx;
    const expected = ([x, y, width, height]: readonly [number, number, number, number]) =>
      Buffer.from(
        Array.from({ length: width * height * 4 }, (_, at) => {
          const [column, row] = [x + (Math.floor(at / 4) % width), y + Math.floor(at / 4 / width)];
          if (at % 4 === 3) return 255;
          const value = samples[(row * widthPx + column) * channels + (channels < 3 ? 0 : at % 4)] as number;
          return isDeep ? Math.round(value / 257) : value;
        }),
      );
    const png = openPng(file);
    expect(png.size).toEqual({ widthPx, heightPx });
    // Forwards with what lies between left out, on where it ended, and from the beginning again.
    for (const part of [
      [0, 10, widthPx, 20],
      [40, 30, 100, 30],
      [10, 80, 33, 17],
      [0, 0, widthPx, heightPx],
    ] as const) {
      expect((await readPart(png, part)).equals(expected(part)), part.join()).toBe(true);
    }
    png.close();
  },
);

it("a PNG that is interlaced, animated, or that something is seen through is not read in rows", async () => {
  const interlaced = await picture().png({ progressive: true }).toBuffer();
  const withAlpha = await picture().ensureAlpha(0.5).png().toBuffer();
  const palette = await picture().ensureAlpha(0.5).png({ palette: true }).toBuffer();
  for (const file of [interlaced, withAlpha, palette]) expect(readPngHead(file)).not.toHaveProperty("inRows");
});

it("a PNG of a depth or a coding that there is not is left to the browser", async () => {
  const file = new Uint8Array(await picture().png().toBuffer());
  const isInRows = (bits: number, kind: number, compression = 0, filters = 0): boolean => {
    file.set([bits, kind, compression, filters], 24);
    return readPngHead(file).inRows === true;
  };
  const depths = Array.from({ length: 256 }, (_, bits) => bits);
  const readOf = (kind: number): number[] => depths.filter((bits) => isInRows(bits, kind));
  expect([0, 1, 2, 3, 4, 5, 6, 7].map(readOf)).toEqual([[1, 2, 4, 8, 16], [], [8, 16], [1, 2, 4, 8], [], [], [], []]);
  expect([isInRows(8, 2, 1), isInRows(8, 2, 0, 1)]).toEqual([false, false]);
});

it("pixels that end too early, are broken or have a filter that there is not are damage", async () => {
  const file = new Uint8Array(await picture().png({ compressionLevel: 0, adaptiveFiltering: false }).toBuffer());
  const data = Buffer.from(file).indexOf("IDAT") + 4;
  const changed = (at: number, value: number): Uint8Array<ArrayBuffer> => {
    const copy = file.slice();
    copy[at] = value;
    return copy;
  };
  const whole = [0, 0, widthPx, heightPx] as const;
  // The deflate header, and behind it and that of a stored block the first row's filter.
  for (const bytes of [changed(data, 0), changed(data + 7, 9), file.slice(0, file.length >> 1)]) {
    await expect(readPart(openPng(bytes), whole)).rejects.toBeInstanceOf(DamageError);
  }
});

it("goes on with the right row after it was told to stop, however often that was", async () => {
  const png = openPng(new Uint8Array(await picture().png(options).toBuffer()));
  for (const rows of [30, 1, 7]) {
    let left = rows;
    const stop = async (): Promise<void> => {
      if (--left === 0) throw new Error("enough");
    };
    await expect(readPart(png, [0, 40, widthPx, 50], stop)).rejects.toThrow("enough");
  }
  const row = rgb.subarray(70 * widthPx * 3, 70 * widthPx * 3 + 3);
  expect([...(await readPart(png, [0, 70, 1, 1])).subarray(0, 3)]).toEqual([...row]);
  png.close();
});
