// WebP, AVIF, GIF and bitmaps.
import sharp, { type Sharp } from "sharp";
import { join, number, profileChunk, profiles, withChunks } from "./bytes.ts";
import { propertiesFor, withProperties } from "./boxes.ts";
import { decode, faded, heightPx, photo, pixelCount, sharpOf, source, storedAs, widthPx } from "./pictures.ts";
import type { Opens, Picture, TableFile } from "./table.ts";

/** YUV becomes RGB in a few bits more or fewer, and chrominance is smoothed or not. */
const mostOfLossy = 0.6;
/** More than 8 bits are cut to 8 by some before they become RGB, chrominance included. */
const mostOfDeepAvif = 1;
const mostOfOpacity = 0.3;
const mostOfColours = 0.15;

async function opens(name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> {
  return { name, bytes, opens: { picture: await decode(bytes), most: 0.02, ...change } };
}

/** With Display P3's profile, without a change of its numbers. */
async function inP3(): Promise<Sharp> {
  return sharp(withChunks(await source().png().toBuffer(), profileChunk(profiles.p3))).keepIccProfile();
}

export async function makeWebpFiles(): Promise<TableFile[]> {
  const lossy = { most: mostOfLossy };
  const frames = await Promise.all([source(), source().negate()].map((frame) => frame.png().toBuffer()));
  const files = [
    opens("WebP, lossy", await source().webp({ quality: 90 }).toBuffer(), lossy),
    opens("WebP, lossless", await source().webp({ lossless: true }).toBuffer(), { picture: photo }),
    opens("WebP, lossy with opacity", await faded().webp({ quality: 90 }).toBuffer(), {
      most: mostOfLossy + mostOfOpacity,
    }),
    opens("WebP, lossless with opacity", await faded().webp({ lossless: true }).toBuffer(), { most: mostOfOpacity }),
    opens("WebP, Display P3", await (await inP3()).webp({ quality: 90 }).toBuffer(), lossy),
    opens("WebP, Display P3, lossless", await (await inP3()).webp({ lossless: true }).toBuffer(), {
      most: mostOfColours,
    }),
    opens(
      "WebP, animated",
      await sharp(frames, { join: { animated: true } })
        .webp({ lossless: true })
        .toBuffer(),
      { picture: photo },
    ),
  ];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const stored = sharpOf(storedAs(orientation)).withMetadata({ orientation });
    files.push(
      opens(`WebP, EXIF ${orientation}`, await stored.webp({ lossless: true }).toBuffer(), {
        picture: photo,
        isTurned: true,
      }),
    );
  }
  return Promise.all(files);
}

/** Display P3's primaries and sRGB's curve (ITU-T H.273), for YCbCr as it is usual. */
const p3Numbers = join(number(19, 4), "colrnclx", number(12, 2), number(13, 2), number(6, 2), [0x80]);

/** The file's own numbers as Display P3's. */
async function seenInP3(file: Uint8Array): Promise<Picture> {
  const png = await sharpOf(await decode(file))
    .png()
    .toBuffer();
  return decode(withChunks(png, profileChunk(profiles.p3)));
}

export async function makeAvifFiles(): Promise<TableFile[]> {
  const options = { quality: 75, effort: 2 } as const;
  const avif = (photo: Sharp, more = {}): Promise<Buffer> => photo.avif({ ...options, ...more }).toBuffer();
  const opensAvif = (name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> =>
    opens(`AVIF, ${name}`, bytes, { most: mostOfLossy, ...change });
  const plain = await avif(source());
  const files = [
    opensAvif("4:2:0", await avif(source(), { chromaSubsampling: "4:2:0" })),
    opensAvif("4:4:4", await avif(source(), { chromaSubsampling: "4:4:4" })),
    opensAvif("10 bits", await avif(source(), { bitdepth: 10 }), { most: mostOfDeepAvif }),
    opensAvif("12 bits", await avif(source(), { bitdepth: 12 }), { most: mostOfDeepAvif }),
    opensAvif("lossless", await avif(source(), { lossless: true })),
    opensAvif("grey", await avif(source().greyscale().toColourspace("b-w"))),
    opensAvif("with opacity", await avif(faded()), { most: mostOfLossy + mostOfOpacity }),
    opensAvif("Display P3", await avif(await inP3())),
    opensAvif("Display P3 by numbers", withProperties(plain, [p3Numbers]), { picture: await seenInP3(plain) }),
  ];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const stored = await avif(sharpOf(storedAs(orientation)), { chromaSubsampling: "4:4:4" });
    files.push(
      opensAvif(`turned as EXIF ${orientation}`, withProperties(stored, propertiesFor(orientation)), {
        isTurned: true,
      }),
    );
  }
  return Promise.all(files);
}

export async function makeGifFiles(): Promise<TableFile[]> {
  const still = await source().gif().toBuffer();
  const frames = await Promise.all([source(), source().negate()].map((frame) => frame.png().toBuffer()));
  return Promise.all([
    opens("GIF, still", still),
    opens("GIF, interlaced", await source().gif({ progressive: true }).toBuffer()),
    opens("GIF, transparent", await faded().gif().toBuffer()),
    opens(
      "GIF, animated",
      await sharp(frames, { join: { animated: true } })
        .gif()
        .toBuffer(),
    ),
  ]);
}

interface Bitmap {
  readonly bits: 1 | 4 | 8 | 16 | 24 | 32;
  /** Row by row from the top, each filled up to four bytes. */
  readonly rows: readonly Uint8Array[];
  readonly palette?: Uint8Array;
  readonly masks?: readonly number[];
  readonly isFromTop?: boolean;
}

/** As Windows has written them since 3.0, or with masks since 95. */
function makeBitmap({ bits, rows, palette = new Uint8Array(), masks = [], isFromTop = false }: Bitmap): Buffer {
  const headBytes = masks.length === 0 ? 40 : 40 + 4 * masks.length;
  const head = Buffer.alloc(14 + headBytes);
  head.write("BM");
  head.writeUInt32LE(head.length + palette.length, 10);
  head.writeUInt32LE(40, 14);
  head.writeInt32LE(widthPx, 18);
  head.writeInt32LE(isFromTop ? -heightPx : heightPx, 22);
  head.writeUInt16LE(1, 26);
  head.writeUInt16LE(bits, 28);
  head.writeUInt32LE(masks.length === 0 ? 0 : 3, 30);
  head.writeUInt32LE(palette.length / 4, 46);
  for (const [index, mask] of masks.entries()) head.writeUInt32LE(mask, 54 + index * 4);
  const padded = rows.map((row) => join(row, new Uint8Array((4 - (row.length % 4)) % 4)));
  const bytes = join(head, palette, ...(isFromTop ? padded : padded.toReversed()));
  bytes.writeUInt32LE(bytes.length, 2);
  return bytes;
}

function rowsOf(
  bytesPerPixel: number,
  write: (row: Buffer, at: number, red: number, green: number, blue: number) => void,
): Buffer[] {
  return Array.from({ length: heightPx }, (_, y) => {
    const row = Buffer.alloc(widthPx * bytesPerPixel);
    for (let x = 0; x < widthPx; x++) {
      const [red = 0, green = 0, blue = 0] = photo.rgb.subarray((y * widthPx + x) * 3, (y * widthPx + x) * 3 + 3);
      write(row, x * bytesPerPixel, red, green, blue);
    }
    return row;
  });
}

function shownAs(colour: (red: number, green: number, blue: number) => readonly number[]): Picture {
  const rgb = new Uint8Array(pixelCount * 3);
  for (let at = 0; at < rgb.length; at += 3) {
    rgb.set(colour(photo.rgb[at] as number, photo.rgb[at + 1] as number, photo.rgb[at + 2] as number), at);
  }
  return { widthPx, heightPx, rgb };
}

/** libvips reads no bitmaps: what they have to look like is known. */
export function makeBitmapFiles(): TableFile[] {
  const bgr = rowsOf(3, (row, at, red, green, blue) => row.set([blue, green, red], at));
  const bgrx = rowsOf(4, (row, at, red, green, blue) => row.set([blue, green, red, 0], at));
  const palette = Uint8Array.from({ length: 1024 }, (_, at) => (at % 4 === 3 ? 0 : at >> 2));
  const greys = rowsOf(1, (row, at, _, green) => row.set([green], at));
  const short = rowsOf(2, (row, at, red, green, blue) =>
    row.writeUInt16LE(((red >> 3) << 11) | ((green >> 2) << 5) | (blue >> 3), at),
  );
  const opens = (name: string, bitmap: Bitmap, picture = photo, most = 0.02): TableFile => ({
    name: `BMP, ${name}`,
    bytes: makeBitmap(bitmap),
    opens: { picture, most },
  });
  const greyPicture = shownAs((_, green) => [green, green, green]);
  const widened = (value: number, bits: number): number => Math.round((value >> (8 - bits)) * (255 / (2 ** bits - 1)));
  return [
    opens("24 bits", { bits: 24, rows: bgr }),
    opens("24 bits, from the top", { bits: 24, rows: bgr, isFromTop: true }),
    opens("32 bits", { bits: 32, rows: bgrx }),
    opens("palette", { bits: 8, rows: greys, palette }, greyPicture),
    // 5 and 6 bits are made 8 by a table or a shift.
    opens(
      "16 bits",
      { bits: 16, rows: short, masks: [0xf800, 0x07e0, 0x001f] },
      shownAs((r, g, b) => [widened(r, 5), widened(g, 6), widened(b, 5)]),
      0.35,
    ),
  ];
}
