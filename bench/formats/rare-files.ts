// TIFF and HEIC.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { deflateSync } from "node:zlib";
import sharp, { type Sharp, type TiffOptions } from "sharp";
import { makeHeic, mirror, numbered, readPictures, turn } from "#image/testing/make-heic.ts";
import { makeTiff } from "#image/testing/make-tiff.ts";
import { asProperties } from "./boxes.ts";
import { profileChunk, profiles, withChunks } from "./bytes.ts";
import {
  decode,
  faded,
  fadedRgba,
  heightPx,
  photo,
  seenThrough,
  sharpOf,
  source,
  storedAs,
  widthPx,
} from "./pictures.ts";
import { deep, grey } from "./png-files.ts";
import type { Opens, Picture, TableFile } from "./table.ts";

const mostOf16 = 0.3;
const mostOfJpeg = 0.3;
const mostOfColours = 0.15;
const mostOfOpacity = 0.3;

async function opensTiff(name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> {
  return { name: `TIFF, ${name}`, bytes, opens: { picture: await decode(bytes), most: 0.02, ...change } };
}

function little16(samples: Uint16Array): Uint8Array {
  return new Uint8Array(samples.buffer);
}

/** The tags of a picture of one strip. */
function tagsOf(photometric: number, bits: readonly number[]): Record<number, readonly number[]> {
  return {
    256: [widthPx],
    257: [heightPx],
    258: bits,
    259: [1],
    262: [photometric],
    277: [bits.length],
    278: [heightPx],
  };
}

async function opensInks(inks: Sharp, compression: "deflate" | "jpeg"): Promise<TableFile> {
  const tiff = await inks.clone().tiff({ compression, quality: 95 }).toBuffer();
  return opensTiff(`CMYK with a profile, ${compression}`, tiff, { most: 1, inks: "profiled" });
}

export async function makeTiffFiles(): Promise<TableFile[]> {
  const { rgb } = photo;
  const tiff = (options: TiffOptions): Promise<Buffer> => source().tiff(options).toBuffer();
  const plane = (channel: number): Uint8Array => rgb.filter((_, at) => at % 3 === channel);
  const p3 = sharp(withChunks(await source().png().toBuffer(), profileChunk(profiles.p3))).keepIccProfile();
  const inks = source().withIccProfile("cmyk").toColourspace("cmyk");
  const levels = Array.from({ length: 256 }, (_, level) => level * 257);
  const rgba = fadedRgba();
  const files = [
    opensTiff("bare", await tiff({ compression: "none" })),
    opensTiff("LZW", await tiff({ compression: "lzw" })),
    opensTiff("LZW with differences", await tiff({ compression: "lzw", predictor: "horizontal" })),
    opensTiff("deflate in tiles", await tiff({ compression: "deflate", tile: true })),
    opensTiff("PackBits", await tiff({ compression: "packbits" })),
    opensTiff("JPEG", await tiff({ compression: "jpeg", quality: 90 }), { most: mostOfJpeg }),
    opensTiff("BigTIFF", await tiff({ compression: "lzw", bigtiff: true })),
    opensTiff("Motorola's order", makeTiff(tagsOf(2, [8, 8, 8]), [rgb], { littleEndian: false })),
    opensTiff("planes", makeTiff({ ...tagsOf(2, [8, 8, 8]), 284: [2] }, [0, 1, 2].map(plane))),
    opensTiff("16 bits", await source().toColourspace("rgb16").tiff({ compression: "lzw" }).toBuffer(), {
      most: mostOf16,
    }),
    opensTiff(
      "16 bits, all used",
      makeTiff({ ...tagsOf(2, [16, 16, 16]), 259: [8] }, [deflateSync(little16(deep(rgb)))]),
      { most: mostOf16 },
    ),
    opensTiff("grey", makeTiff(tagsOf(1, [8]), [grey])),
    opensTiff("grey, 0 is white", makeTiff(tagsOf(0, [8]), [grey])),
    opensTiff("grey of 16 bits", makeTiff(tagsOf(1, [16]), [little16(deep(grey))]), { most: mostOf16 }),
    opensTiff("black and white", makeTiff(tagsOf(1, [1]), [grey.filter((_, at) => at % 8 === 0)])),
    opensTiff("palette", makeTiff({ ...tagsOf(3, [8]), 320: [levels, levels.toReversed(), levels].flat() }, [grey])),
    opensTiff("RGBA", await faded().tiff({ compression: "lzw" }).toBuffer(), { most: mostOfOpacity }),
    opensTiff("RGBA without a word about A", makeTiff({ ...tagsOf(2, [8, 8, 8, 8]), 338: [0] }, [rgba]), {
      picture: photo,
    }),
    opensTiff("Display P3", await p3.tiff({ compression: "lzw" }).toBuffer(), { most: mostOfColours }),
    ...(["deflate", "jpeg"] as const).map((compression) => opensInks(inks, compression)),
    opensTiff("CMYK without a profile", await source().toColourspace("cmyk").tiff({ compression: "lzw" }).toBuffer(), {
      most: 12,
      inks: "bare",
    }),
  ];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const stored = storedAs(orientation);
    const tags = {
      ...tagsOf(2, [8, 8, 8]),
      256: [stored.widthPx],
      257: [stored.heightPx],
      278: [stored.heightPx],
      274: [orientation],
    };
    files.push(
      opensTiff(`orientation ${orientation}`, makeTiff(tags, [stored.rgb]), { picture: photo, isTurned: true }),
    );
  }
  return Promise.all(files);
}

interface LibheifPicture {
  is_primary(): boolean;
  get_width(): number;
  get_height(): number;
  display(to: { data: Uint8ClampedArray; width: number; height: number }, done: (shown: unknown) => void): void;
}

/** What libheif shows by its own way for pages, which decodes the whole picture and turns it itself. It is the only decoder of HEVC that the bench has. */
async function decodeHeic(file: Uint8Array): Promise<Picture> {
  const libheif = createRequire(import.meta.url)("libheif-js/wasm-bundle.js");
  const images = new libheif.HeifDecoder().decode(file) as LibheifPicture[];
  const image = images.find((each) => each.is_primary());
  if (image === undefined) throw new Error("libheif decodes nothing");
  const [width, height] = [image.get_width(), image.get_height()];
  const rgba = new Uint8ClampedArray(width * height * 4);
  await new Promise((resolve) => image.display({ data: rgba, width, height }, resolve));
  const opaque = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .flatten({ background: "#fff" })
    .raw()
    .toBuffer();
  return { widthPx: width, heightPx: height, rgb: opaque };
}

/** HEVC's decoders give the same numbers; what becomes of them in RGB is rounded, and chrominance smoothed or not. */
const mostOfHevc = 0.6;

async function opensHeic(name: string, bytes: Uint8Array, change: Partial<Opens> = {}): Promise<TableFile> {
  return { name: `HEIC, ${name}`, bytes, opens: { picture: await decodeHeic(bytes), most: mostOfHevc, ...change } };
}

export async function makeHeicFiles(): Promise<TableFile[]> {
  const load = (name: string): Buffer =>
    readFileSync(new URL(`../../src/image/testing/heic/${name}.heic`, import.meta.url));
  const tiles = readPictures(load("tiles"));
  const grid = { columns: 2, rows: 2, widthPx: 900, heightPx: 700 };
  const plain = await decodeHeic(makeHeic(tiles, grid));
  const inP3 = sharp(withChunks(await sharpOf(plain).png().toBuffer(), profileChunk(profiles.p3)));
  const files = [
    opensHeic("10 bits", load("ten-bit")),
    opensHeic("with opacity", load("alpha"), { most: mostOfHevc + mostOfOpacity }),
    opensHeic("Display P3 by numbers", makeHeic(tiles, { ...grid, properties: [numbered(12)] }), {
      picture: await decode(await inP3.keepIccProfile().png().toBuffer()),
    }),
  ];
  for (let orientation = 1; orientation <= 8; orientation++) {
    const properties = (asProperties[orientation] ?? []).map(([type, value]) =>
      type === "irot" ? turn(value) : mirror(value as 0 | 1),
    );
    // EXIF says it as well, as phones do: it counts once.
    const file = makeHeic(tiles, { ...grid, properties, exifOrientation: orientation });
    files.push(
      opensHeic(`turned as EXIF ${orientation}`, file, { picture: seenThrough(orientation, plain), isTurned: true }),
    );
  }
  return Promise.all(files);
}
