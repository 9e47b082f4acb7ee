import { plainGround } from "#design/design.ts";
import { createSurface } from "./canvas.ts";
import { applyColourTable } from "#design/colour-table.ts";
import { type DecodedBitmap, decodeToBitmap } from "./decode-bitmap.ts";
import { DecodeError } from "./decode-error.ts";
import { withEdits } from "./edits.ts";
import { layOnGround } from "./lay-on-ground.ts";
import type { PhotoHead } from "./photo-head.ts";
import type { Pixels } from "./photo-source.ts";
import { decodeRare, isRare } from "./rare/decode-rare.ts";
import { readSurface } from "./read-surface.ts";
import { orient } from "./turned.ts";

function readByCanvas({ bitmap, convert }: DecodedBitmap): Pick<Pixels, "read" | "close"> {
  let context: OffscreenCanvasRenderingContext2D | undefined;
  let isClear = false;
  const read: Pixels["read"] = async ({ x, y, width, height, bytes }, ground, _signal, table) => {
    // Another ground than white lies only beneath what is transparent, and none is to be converted or changed.
    const clear = ground !== plainGround || convert !== undefined || table !== undefined;
    if (context?.canvas.width !== width || context.canvas.height < height || isClear !== clear) {
      context = createSurface(width, height, { clear, willReadFrequently: true });
      context.imageSmoothingEnabled = false;
      isClear = clear;
    }
    context.fillStyle = plainGround;
    if (clear) context.clearRect(0, 0, width, height);
    else context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
    const rgba = await readSurface(context, width, height);
    convert?.(rgba);
    if (table !== undefined) applyColourTable(rgba, table);
    if (clear) layOnGround(rgba, ground);
    bytes.set(rgba);
  };
  const close = (): void => {
    bitmap.close();
    // Some engines keep a canvas's memory for long after it.
    if (context !== undefined) context.canvas.width = 0;
    context = undefined;
  };
  return { read, close };
}

/** The pixels of a whole photo that is decoded already. */
export function pixelsOfBitmap(decoded: DecodedBitmap): Pixels {
  const { bitmap, convert } = decoded;
  const photo = { widthPx: bitmap.width, heightPx: bitmap.height };
  return {
    ...photo,
    layout: "RGBX",
    toPhoto: [1, 0, 0, 1, 0, 0],
    photo,
    image: bitmap,
    convert,
    isPlain: false,
    bytes: bitmap.width * bitmap.height * 4,
    ...readByCanvas(decoded),
  };
}

/**
 * All pixels of the file in sRGB, turned upright by its own orientation; of an animation the first picture.
 * Rejects when there is no memory for it, or when the file is broken inside.
 */
async function decodeBitmap(file: Blob, { format }: PhotoHead, signal?: AbortSignal): Promise<Pixels> {
  if (isRare(format)) return pixelsOfBitmap({ bitmap: await decodeRare(file, format, signal) });
  const decoded = await decodeToBitmap(file, format);
  if (format !== "jpeg") return pixelsOfBitmap(decoded);
  let isEmpty = true;
  try {
    isEmpty = await endsClear(decoded.bitmap);
  } finally {
    if (isEmpty) decoded.bitmap.close();
  }
  if (!isEmpty) return pixelsOfBitmap(decoded);
  throw new DecodeError(`createImageBitmap of image/${format}`, { cause: new Error("it gave an empty bitmap") });
}

/** The same where the file's turn is not left to the decoder. */
export async function decodeUpright(file: Blob, head: PhotoHead, signal?: AbortSignal): Promise<Pixels> {
  if (head.turn === undefined) return decodeBitmap(file, head, signal);
  const pixels = await decodeBitmap(withEdits(file, head.turn.edits), head, signal);
  const { orientation } = head.turn;
  const { widthPx, heightPx } = pixels;
  const photo = orientation > 4 ? { widthPx: heightPx, heightPx: widthPx } : { widthPx, heightPx };
  return { ...pixels, photo, toPhoto: orient(orientation, pixels), isStored: true };
}

/** Whether the last pixel is transparent, as in what WebKit gives for what it could not decode. */
async function endsClear(bitmap: ImageBitmap): Promise<boolean> {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context === null) return false;
  context.drawImage(bitmap, bitmap.width - 1, bitmap.height - 1, 1, 1, 0, 0, 1, 1);
  return (await readSurface(context, 1, 1))[3] === 0;
}
