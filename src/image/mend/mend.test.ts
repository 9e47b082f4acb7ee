import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { inspectFile } from "../inspect.ts";
import { bitmap, colourful, join, makeOddFiles } from "../testing/odd-files.ts";
import { hasSoundPixels, mendPhoto, rebuildPhoto } from "./mend.ts";
import { endsEarly } from "./mend-jpeg.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const { odd, hidden, good } = await makeOddFiles();

function formatOf(bytes: Uint8Array) {
  const inspection = inspectFile(bytes);
  if ("problem" in inspection) throw new Error(inspection.problem);
  return inspection.head.format;
}

function mend(bytes: Uint8Array): Bytes | undefined {
  return mendPhoto(Uint8Array.from(bytes), formatOf(bytes));
}

/** What a decoder that forgives nothing makes of it. It knows no bitmaps. */
function pixelsOf(bytes: Uint8Array): Promise<Buffer> {
  return sharp(bytes, { failOn: "warning" }).raw().toBuffer();
}

describe("what is odd about a file and not of its picture is put right", () => {
  test.each(odd.map((each) => [each.name, each] as const))("%s", async (_, { odd: file, good: whole }) => {
    const mended = mend(file);
    expect(mended).toBeDefined();
    if (formatOf(whole) !== "bmp") expect((await pixelsOf(mended!)).equals(await pixelsOf(whole))).toBe(true);
    expect(mend(mended!), "mended again, it stays as it is").toEqual(mended);
  });

  test.each(hidden.map((each) => [each.name, each] as const))(
    "%s, once a browser does not show it",
    async (_, { odd: file, good: whole }) => {
      const rebuilt = rebuildPhoto(Uint8Array.from(file), "png");
      expect((await pixelsOf(rebuilt!)).equals(await pixelsOf(whole))).toBe(true);
    },
  );
});

test("what only some browsers show of a PNG is found by its pixels, and of a good file nothing is", async () => {
  for (const { name, odd: file, good: whole } of hidden) {
    expect(await hasSoundPixels(Uint8Array.from(file), "png"), name).toBe(false);
    expect(await hasSoundPixels(Uint8Array.from(whole), "png"), name).toBe(true);
    expect(await hasSoundPixels(rebuildPhoto(Uint8Array.from(file), "png")!, "png"), name).toBe(true);
  }
});

test("a good file is not changed, nor copied", () => {
  for (const file of good) {
    const bytes = Uint8Array.from(file);
    expect(mendPhoto(bytes, formatOf(file))).toBe(bytes);
  }
});

test("an animation, and a photo with all that cameras write into it and behind it, are good files", async () => {
  const frames = await Promise.all([colourful(), colourful(true)].map((frame) => frame.png().toBuffer()));
  const strip = sharp(frames, { join: { animated: true } });
  const jpeg = await colourful()
    .withIccProfile("p3")
    .withExif({ IFD0: { Make: "maker" } })
    .jpeg()
    .toBuffer();
  const motion = join(jpeg, Buffer.alloc(64), jpeg, "\0\0\0\x18ftypmp42");
  for (const file of [await strip.clone().gif().toBuffer(), await strip.clone().webp().toBuffer(), jpeg, motion]) {
    const bytes = Uint8Array.from(file);
    expect(mendPhoto(bytes, formatOf(file))).toBe(bytes);
  }
});

describe("a file that was cut is damaged, wherever that was", () => {
  test.each(good.map((file, index) => [`${index + 1}: ${formatOf(file)}`, file] as const))("%s", (_, file) => {
    // A few bytes at the end belong to no pixel.
    for (const share of [0.3, 0.5, 0.75, 0.9, 0.98]) {
      const cut = file.subarray(0, Math.floor(file.length * share));
      // What is cut off then is about the picture.
      if (share > 0.9 && file.includes("VP8X")) continue;
      expect(mend(cut), `cut at ${share}`).toBeUndefined();
      if (formatOf(file) !== "jpeg") continue;
      expect(mend(join(cut, Buffer.alloc(file.length - cut.length))), `${share}, then zeros`).toBeUndefined();
    }
  });

  test("also when only the last blocks are missing, and when what follows them has a length of its own", async () => {
    const photo = await colourful().jpeg().toBuffer();
    expect(mend(photo.subarray(0, -40))).toBeUndefined();
    const progressive = await colourful().jpeg({ progressive: true }).toBuffer();
    const lastScan = progressive.lastIndexOf(Buffer.from([0xff, 0xda]));
    expect(mend(progressive.subarray(0, lastScan)), "before its last scan").toBeUndefined();
    expect(mend(progressive.subarray(0, -40))).toBeUndefined();
  });

  test("also when somebody has put an end to it", async () => {
    for (const jpeg of [await colourful().jpeg().toBuffer(), await colourful().greyscale().jpeg().toBuffer()]) {
      expect(endsEarly(jpeg)).toBe(false);
      expect(endsEarly(join(jpeg.subarray(0, jpeg.length >> 1), [0xff, 0xd9]))).toBe(true);
    }
  });
});

test("a thumbnail inside a truncated JPEG does not make it whole", async () => {
  const [thumbnail, photo] = [await colourful().resize(160).jpeg().toBuffer(), await colourful().jpeg().toBuffer()];
  const segment = join([0xff, 0xe1, 0, 0], "Exif\0\0", thumbnail);
  segment.writeUInt16BE(segment.length - 2, 2);
  const whole = join(photo.subarray(0, 2), segment, photo.subarray(2));
  expect(mend(whole)).toEqual(Uint8Array.from(whole));
  expect(mend(whole.subarray(0, -40))).toBeUndefined();
  expect(mend(whole.subarray(0, -2))).toEqual(Uint8Array.from(whole));
});

test("pixels that are not what they were are damage", async () => {
  const png = await colourful().png().toBuffer();
  const middle = png.length >> 1;
  png[middle] = (png[middle] as number) ^ 1;
  expect(mend(png)).toBeUndefined();
  const palette = await colourful().png({ palette: true }).toBuffer();
  const colour = palette.indexOf("PLTE") + 8;
  palette[colour] = (palette[colour] as number) ^ 64;
  expect(mend(palette)).toBeUndefined();
});

test("of a JPEG in which a stray marker stands between the bits, nothing is lost", async () => {
  const jpeg = await colourful().jpeg().toBuffer();
  const middle = jpeg.length >> 1;
  const at = jpeg[middle - 1] === 0xff ? middle + 1 : middle;
  expect(mend(join(jpeg.subarray(0, at), [0xff, 0x02], jpeg.subarray(at)))).toEqual(Uint8Array.from(jpeg));
});

test("of an animation that was cut, the pictures that are there stay", async () => {
  const frames = await Promise.all([colourful(), colourful(true)].map((frame) => frame.png().toBuffer()));
  const webp = await sharp(frames, { join: { animated: true } })
    .webp()
    .toBuffer();
  const mended = mend(webp.subarray(0, Math.floor(webp.length * 0.8)));
  expect((await pixelsOf(mended!)).equals(await pixelsOf(webp))).toBe(true);
});

test("a JPEG that goes over its picture again and again is given up, and one with endless segments is gone through once", async () => {
  const progressive = await colourful().jpeg({ progressive: true }).toBuffer();
  const scan = progressive.indexOf(Buffer.from([0xff, 0xda]));
  const next = progressive.indexOf(Buffer.from([0xff, 0xc4]), scan);
  const again = Array.from({ length: 3000 }, () => progressive.subarray(scan, next));
  expect(mend(join(progressive.subarray(0, scan), ...again))).toBeUndefined();
  const segments = Buffer.alloc(1_200_000, Buffer.from([0xff, 0xe5, 0, 4, 0xff, 0xe5]));
  expect(mend(join(progressive.subarray(0, 2), segments, progressive.subarray(2, -2)))).toBeDefined();
});

/** What length fields are broken with. */
const field = fc.oneof(
  fc.constantFrom(
    [0],
    [255],
    [255, 0],
    [255, 255],
    [255, 217],
    [255, 218],
    [0, 0, 0, 0],
    [0, 0, 0, 1],
    [127, 255, 255, 255],
  ),
  fc.array(fc.nat(255), { maxLength: 8 }),
);

test("whatever is in a file, mending it comes to an end without an exception, and is done after once", async () => {
  const small = await Promise.all([
    colourful().resize(48).jpeg().toBuffer(),
    colourful().resize(48).jpeg({ progressive: true }).toBuffer(),
    colourful().resize(48).png().toBuffer(),
    colourful().resize(48).png({ progressive: true, palette: true }).toBuffer(),
    colourful().resize(48).gif().toBuffer(),
    colourful().resize(48).webp().toBuffer(),
    colourful()
      .resize(48)
      .withExif({ IFD0: { Make: "maker" } })
      .webp()
      .toBuffer(),
    colourful().resize(48).avif({ effort: 0 }).toBuffer(),
    bitmap().then((bytes) => bytes.subarray(0, 4000)),
  ]);
  const wounds = fc.array(fc.tuple(fc.nat(4000), field), { minLength: 1, maxLength: 5 });
  const kept = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
  fc.assert(
    fc.property(fc.constantFrom(...small), wounds, kept, (photo, changes, share) => {
      const bytes = Uint8Array.from(photo.subarray(0, Math.ceil(photo.length * share)));
      for (const [place, values] of changes) {
        const at = place % Math.max(1, bytes.length);
        bytes.set(values.slice(0, bytes.length - at), at);
      }
      const before = Uint8Array.from(bytes);
      const mended = mendPhoto(bytes, formatOf(photo));
      rebuildPhoto(bytes, formatOf(photo));
      expect(bytes, "what was given is left as it was").toEqual(before);
      if (mended !== undefined) expect(mendPhoto(mended, formatOf(photo))).toEqual(mended);
    }),
    { numRuns: 1500 },
  );
});
