import { createSurface } from "./canvas.ts";
import { type DecodedBitmap, decodeToBitmap } from "./decode-bitmap.ts";
import { DecodeError } from "./decode-error.ts";
import type { PhotoHead } from "./photo-head.ts";
import type { Pixels } from "./photo-source.ts";
import { decodeRare, isRare } from "./rare/decode-rare.ts";
import { asStored, readSurface } from "./read-surface.ts";

/** Lays RGBA rows on a colour, as a canvas does. */
function layOn(rgba: Uint8ClampedArray, ground: string): void {
  const colour = [1, 3, 5].map((at) => Number.parseInt(ground.slice(at, at + 2), 16));
  for (let at = 0; at < rgba.length; at += 4) {
    const opacity = (rgba[at + 3] as number) / 255;
    if (opacity === 1) continue;
    for (const [channel, below] of colour.entries()) {
      rgba[at + channel] = (rgba[at + channel] as number) * opacity + below * (1 - opacity);
    }
    rgba[at + 3] = 255;
  }
}

function readByCanvas({ bitmap, convert }: DecodedBitmap): Pick<Pixels, "read" | "close"> {
  // Where the engine brings colours into those of the screen, it would do so with the ground's: it is laid below by us.
  const laysGround = asStored() !== undefined;
  let context: OffscreenCanvasRenderingContext2D | undefined;
  const read: Pixels["read"] = async ({ x, y, width, height, bytes }, ground) => {
    if (context?.canvas.width !== width || context.canvas.height < height) {
      context = createSurface(width, height, { clear: laysGround, willReadFrequently: true });
      context.imageSmoothingEnabled = false;
    }
    context.fillStyle = ground;
    if (laysGround) context.clearRect(0, 0, width, height);
    else context.fillRect(0, 0, width, height);
    context.drawImage(bitmap, x, y, width, height, 0, 0, width, height);
    const rgba = await readSurface(context, width, height);
    convert?.(rgba);
    if (laysGround) layOn(rgba, ground);
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
export async function decodeBitmap(file: Blob, { format }: PhotoHead, signal?: AbortSignal): Promise<Pixels> {
  if (isRare(format)) return pixelsOfBitmap({ bitmap: await decodeRare(file, format, signal) });
  const decoded = await decodeToBitmap(file, format);
  if (format !== "jpeg" || !(await endsClear(decoded.bitmap))) return pixelsOfBitmap(decoded);
  decoded.bitmap.close();
  throw new DecodeError(`createImageBitmap of image/${format}`, { cause: new Error("it gave an empty bitmap") });
}

/** Whether the last pixel is transparent, as in what WebKit gives for what it could not decode. */
async function endsClear(bitmap: ImageBitmap): Promise<boolean> {
  const context = new OffscreenCanvas(1, 1).getContext("2d");
  if (context === null) return false;
  context.drawImage(bitmap, bitmap.width - 1, bitmap.height - 1, 1, 1, 0, 0, 1, 1);
  return (await readSurface(context, 1, 1))[3] === 0;
}
