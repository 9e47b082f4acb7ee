import { createHash } from "node:crypto";
import type { Locator } from "@playwright/test";
import sharp from "sharp";
import { clampPlacement, type Placement, photoToRaster } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { applyColourTable } from "#design/colour-table.ts";
import { colourBelow, type Design, plainGround } from "#design/design.ts";
import { encodePng } from "#image/encode-png.ts";
import { layOnGround } from "#image/lay-on-ground.ts";
import { makeLookTable } from "#image/look-table.ts";
import { readKernel } from "#image/testing/read-kernel.ts";
import { resampleIn } from "#image/testing/resample-cases.ts";

/** RGB pixels, 8 bits, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Buffer;
}

/** Decoded pixels of a PNG or JPEG, transparent ones over white. */
export async function decode(bytes: Uint8Array): Promise<Pixels> {
  const { data, info } = await sharp(bytes).flatten({ background: "#fff" }).raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

/** The colours of a picture's four corners as `#rrggbb`. */
export function cornersOf({ width, height, data }: Pixels): readonly string[] {
  const last = width * height;
  const corners = [0, width - 1, last - width, last - 1];
  return corners.map((at) => `#${data.subarray(at * 3, at * 3 + 3).toString("hex")}`);
}

/**
 * The SHA-256 of the picture that Node makes of a photo without loss: a browser's has to be the same, where what is transparent is so
 * wholly.
 */
export async function digestInNode(
  photoPath: string,
  placement: Placement,
  product: Product,
  { look, ground = plainGround }: Pick<Design, "look"> & Partial<Pick<Design, "ground">> = {},
): Promise<string> {
  const { data, info } = await sharp(photoPath).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const size = { widthPx: info.width, heightPx: info.height };
  const map = photoToRaster(clampPlacement(placement, size, product), size, product);
  const kernel = readKernel();
  const photo = { width: info.width, height: info.height, rgba: new Uint8ClampedArray(data) };
  const table = look && makeLookTable(look);
  const isTransparent = photo.rgba.some((level, at) => at % 4 === 3 && level < 255);
  if (isTransparent) {
    if (table !== undefined) applyColourTable(photo.rgba, table);
    layOnGround(photo.rgba, colourBelow({ ground }));
  }
  const rgba = resampleIn(kernel, photo, map, { width: product.widthPx, height: product.heightPx });
  if (table !== undefined && !isTransparent) applyColourTable(rgba, table);
  return createHash("sha256")
    .update(encodePng(kernel, rgba, product))
    .digest("hex");
}

/** The pixels that an `<img>` of the page holds, whatever its size on the screen. */
export async function pixelsOf(image: Locator): Promise<Pixels> {
  const { width, height, base64 } = await image.evaluate(async (element) => {
    const picture = element as HTMLImageElement;
    await picture.decode();
    const canvas = new OffscreenCanvas(picture.naturalWidth, picture.naturalHeight);
    const context = canvas.getContext("2d", { alpha: false });
    if (context === null) throw new Error("there is no canvas");
    context.drawImage(picture, 0, 0);
    const blob = await canvas.convertToBlob({ type: "image/png" });
    const bytes = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
    return { width: canvas.width, height: canvas.height, base64: btoa(text) };
  });
  const { data } = await decode(Buffer.from(base64, "base64"));
  return { width, height, data };
}
