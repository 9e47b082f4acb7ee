// What writers, transfers and cameras do to files: what a viewer forgives opens, and what is cut in the middle is named.
import sharp from "sharp";
import { makeOddFiles } from "#image/testing/odd-files.ts";
import { decode } from "./pictures.ts";
import type { Picture, TableFile } from "./table.ts";

/** Of each kind those that some engine does not open as they stand, or shows less of than a viewer does. */
const forgiven = [
  "a JPEG without its end",
  "a JPEG with half of its end",
  "a JPEG without its end, filled up with zeros",
  "a JPEG with a stray marker before its end",
  "a JPEG with bytes behind its end",
  "a JPEG with a second beginning",
  "a JPEG with application data longer than they say",
  "a JPEG with application data shorter than they say",
  "a JPEG with restarts that all have the same number",
  "a progressive JPEG without its end",
  "a progressive JPEG with a restart that does not belong there",
  "a grey JPEG without its end",
  "a PNG with a wrong sum in a text",
  "a PNG with a wrong sum in its pixels",
  "a PNG without its end",
  "a PNG with a text among its pixels",
  "a PNG with a wrong Adler sum",
  "a PNG without an Adler sum",
  "a PNG with a smaller window than it uses",
  "an interlaced PNG with its header twice",
  "a lossy WebP that says it is longer",
  "a lossless WebP with bytes behind its end",
  "a WebP with data that says it has no length",
  "an AVIF with three bytes behind its boxes",
  "an AVIF whose data are longer by their own words",
  "a bitmap that does not say where its pixels are",
  "a bitmap without the byte that fills up its last row",
  "a GIF without the end of its picture",
];

/** The good bitmap's pixels: libvips reads no bitmaps. */
function readBitmap(bytes: Buffer): Picture {
  const [widthPx, heightPx] = [bytes.readInt32LE(18), bytes.readInt32LE(22)];
  const rowBytes = Math.ceil((widthPx * 3) / 4) * 4;
  const rgb = new Uint8Array(widthPx * heightPx * 3);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const at = 54 + (heightPx - 1 - y) * rowBytes + x * 3;
      rgb.set([bytes[at + 2] as number, bytes[at + 1] as number, bytes[at] as number], (y * widthPx + x) * 3);
    }
  }
  return { widthPx, heightPx, rgb };
}

/** By the decoders' rounding of each kind, as for the good ones. */
function mostOf(name: string): number {
  if (/WebP|AVIF/.test(name)) return 0.6;
  return name.includes("JPEG") ? 0.15 : 0.02;
}

export async function makeForgivenFiles(): Promise<TableFile[]> {
  const { odd, hidden } = await makeOddFiles();
  return Promise.all(
    forgiven.map(async (name): Promise<TableFile> => {
      const file = [...odd, ...hidden].find((each) => each.name === name);
      if (file === undefined) throw new Error(`there is no file called ${name}`);
      const picture = name.includes("bitmap") ? readBitmap(file.good) : await decode(file.good);
      return { name: `Damage, ${name}`, bytes: file.odd, opens: { picture, most: mostOf(name) } };
    }),
  );
}

/** Cut in the middle of the picture's data. */
export async function makeCutFiles(good: readonly TableFile[]): Promise<TableFile[]> {
  const names = [
    "JPEG, 4:2:0",
    "JPEG, progressive, 4:2:0",
    "JPEG, grey",
    "PNG, RGB",
    "PNG, RGB, interlaced",
    "WebP, lossy",
    "WebP, lossless",
    "AVIF, 4:2:0",
    "GIF, still",
    "BMP, 24 bits",
    "TIFF, LZW",
    "HEIC, turned as EXIF 1",
  ];
  const damaged = ["damaged-image"] as const;
  const cut = good.flatMap(({ name, bytes }): TableFile[] =>
    names.includes(name)
      ? [{ name: `Cut, ${name}`, bytes: bytes.subarray(0, Math.floor(bytes.length * 0.6)), refused: damaged }]
      : [],
  );
  const jpeg = good.find(({ name }) => name === "JPEG, 4:2:0");
  if (jpeg === undefined || new Set(cut.map(({ name }) => name)).size !== names.length)
    throw new Error("a file is missing");
  const ended = Buffer.concat([jpeg.bytes.subarray(0, jpeg.bytes.length >> 1), Buffer.of(0xff, 0xd9)]);
  const png = await sharp(Buffer.alloc(1200 * 900 * 4), { raw: { width: 1200, height: 900, channels: 4 } })
    .png()
    .toBuffer();
  return [
    ...cut,
    { name: "Cut, JPEG, and an end put to it", bytes: ended, refused: damaged },
    { name: "Nothing, a PNG that is transparent all over", bytes: png, refused: ["empty-image"] },
    { name: "Nothing, no bytes", bytes: new Uint8Array(), refused: ["empty-file"] },
  ];
}
