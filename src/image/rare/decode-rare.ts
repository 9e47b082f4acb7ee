import type { PhotoHead } from "../photo-head.ts";
import { createSurface } from "../canvas.ts";
import { DecodeError } from "../decode-error.ts";
import { nextTask } from "../next-task.ts";
import { PhotoProblem } from "../protocol.ts";
import { asStored, readSurface } from "../read-surface.ts";
import type { Breathe, DecodedRgba } from "./decoded.ts";
import { loadDecoder } from "./load-decoder.ts";

/** The formats that not every browser decodes, or that none does. */
export type RareFormat = Extract<PhotoHead["format"], "heic" | "tiff">;

export function isRare(format: PhotoHead["format"]): format is RareFormat {
  return format === "heic" || format === "tiff";
}

/** Pixels that are read of a canvas at a time. */
const maxBandPixels = 1_000_000;

async function decodeJpeg(jpeg: Uint8Array<ArrayBuffer>, widthPx: number, heightPx: number): Promise<Uint8Array> {
  const rgba = new Uint8Array(widthPx * heightPx * 4);
  const bitmap = await createImageBitmap(new Blob([jpeg], { type: "image/jpeg" }), asStored());
  const rows = Math.max(1, Math.floor(maxBandPixels / widthPx));
  try {
    const context = createSurface(widthPx, Math.min(rows, heightPx), { willReadFrequently: true });
    for (let y = 0; y < heightPx; y += rows) {
      const height = Math.min(rows, heightPx - y);
      context.drawImage(bitmap, 0, -y);
      rgba.set(await readSurface(context, widthPx, height), y * widthPx * 4);
    }
    context.canvas.width = 0;
    return rgba;
  } finally {
    bitmap.close();
  }
}

async function decode(file: Blob, format: RareFormat, breathe: Breathe): Promise<DecodedRgba> {
  if (format === "tiff") {
    const { decodeTiff } = await loadDecoder(() => import("./tiff.ts"));
    return decodeTiff(new Uint8Array(await file.arrayBuffer()), decodeJpeg, breathe);
  }
  const [{ decodeHeic, HeifError }, { loadHeif }] = await loadDecoder(() =>
    Promise.all([import("./heic.ts"), import("./load-heif.ts")]),
  );
  const heif = await loadDecoder(loadHeif);
  try {
    return await decodeHeic(heif, new Uint8Array(await file.arrayBuffer()), breathe);
  } catch (cause) {
    // Another codec than HEVC, for example.
    throw cause instanceof HeifError && cause.isUnsupported ? new PhotoProblem("heic-image", { cause }) : cause;
  }
}

/** Safari decodes HEIC; whoever does not, says so at once. */
async function decodeByBrowser(file: Blob, format: RareFormat): Promise<ImageBitmap | undefined> {
  if (format !== "heic") return undefined;
  return createImageBitmap(file.slice(0, file.size, "image/heic")).catch(() => undefined);
}

/**
 * All pixels of such a photo, in sRGB and upright. Rejects with PhotoProblem where its decoder cannot be loaded or does not know
 * such a file, with DecodeError, or with the signal's reason.
 */
export async function decodeRare(file: Blob, format: RareFormat, signal?: AbortSignal): Promise<ImageBitmap> {
  const own = await decodeByBrowser(file, format);
  if (own !== undefined) return own;
  try {
    const { rgba, widthPx, heightPx } = await decode(file, format, async () => {
      await nextTask();
      signal?.throwIfAborted();
    });
    return await createImageBitmap(new ImageData(rgba, widthPx, heightPx));
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof PhotoProblem) throw cause;
    // What typed arrays throw that find no room.
    if (cause instanceof RangeError) throw new PhotoProblem("out-of-memory", { cause });
    throw new DecodeError(`decoding image/${format}`, { cause });
  }
}
