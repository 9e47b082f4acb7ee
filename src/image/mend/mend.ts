import type { PhotoFormat } from "../photo-head.ts";
import { mendAvif } from "./mend-avif.ts";
import { mendBmp } from "./mend-bmp.ts";
import { mendGif } from "./mend-gif.ts";
import { mendJpeg } from "./mend-jpeg.ts";
import { isSoundStream, mendPng, rebuildPng } from "./mend-png.ts";
import { mendWebp } from "./mend-webp.ts";

type Mend = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer> | undefined;

const menders: Record<PhotoFormat, Mend> = {
  jpeg: mendJpeg,
  png: mendPng,
  gif: mendGif,
  webp: mendWebp,
  avif: mendAvif,
  // The same boxes.
  heic: mendAvif,
  bmp: mendBmp,
  // What is missing of these only their decoders can tell.
  jxl: (bytes) => bytes,
  tiff: (bytes) => bytes,
};

/**
 * The file of a photo as all browsers show it, whose decoders forgive different things: the same bytes when there is nothing to mend,
 * which no good file's are changed by. Undefined when a part of the picture is missing. Never throws, and takes time in proportion
 * to the bytes and the pixels.
 */
export function mendPhoto(bytes: Uint8Array<ArrayBuffer>, format: PhotoFormat): Uint8Array<ArrayBuffer> | undefined {
  return menders[format](bytes);
}

/** The same for a file that a browser does not show although there seemed to be nothing to mend; undefined where that is hopeless. */
export function rebuildPhoto(bytes: Uint8Array<ArrayBuffer>, format: PhotoFormat): Uint8Array<ArrayBuffer> | undefined {
  return format === "png" ? rebuildPng(bytes) : undefined;
}

/** Whether nothing that only the pixels tell is wrong with a file that was mended. Takes as long as inflating them. Never rejects. */
export async function hasSoundPixels(
  bytes: Uint8Array<ArrayBuffer>,
  format: PhotoFormat,
  signal?: AbortSignal,
): Promise<boolean> {
  return format !== "png" || isSoundStream(bytes, signal);
}
