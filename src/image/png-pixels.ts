import { findConvert } from "./decode-bitmap.ts";
import { createBreathe } from "./next-task.ts";
import type { PhotoHead } from "./photo-head.ts";
import type { Pixels } from "./photo-source.ts";
import { openPng } from "./png/read-png.ts";
import { orient } from "./turned.ts";

/** The pixels of a PNG that we decode row by row; undefined where only the browser knows what its colours are. */
export async function pixelsOfPng(bytes: Uint8Array<ArrayBuffer>, { turn }: PhotoHead): Promise<Pixels | undefined> {
  const convert = await findConvert(bytes, "png");
  if (convert === "other") return undefined;
  const { size, read, close } = openPng(bytes);
  const orientation = turn?.orientation ?? 1;
  return {
    ...size,
    layout: "RGBX",
    toPhoto: orient(orientation, size),
    photo: orientation > 4 ? { widthPx: size.heightPx, heightPx: size.widthPx } : size,
    image: undefined,
    isPlain: false,
    bytes: bytes.length,
    async read(band, _ground, signal) {
      await read(band, createBreathe(signal));
      convert?.(band.bytes);
    },
    close,
  };
}
