import { crc32, inflate } from "node:zlib";
import pLimit from "p-limit";
import sharp from "sharp";
import { checkPngStructure, type PngTools } from "#card/png-structure.ts";
import type { Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";

/** Says whether a picture may be stored. What it refuses is refused by name; nothing is corrected. */
export interface PictureValidator {
  /**
   * Throws Problem: picture-refused with the reason, overloaded when too many wait already, or the reason of `gone` when its
   * sender has gone and others wait.
   */
  check(bytes: Uint8Array, product: Product, gone: AbortSignal): Promise<void>;
}

function inflateWhole(zlibBytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  inflate(zlibBytes, { info: true, maxOutputLength: maxBytes }, (error, result) => {
    if (error !== null) return reject(error);
    // With `info` the result carries its engine, which the types do not know.
    const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (engine.bytesWritten !== zlibBytes.byteLength) return reject(new Error("bytes follow the zlib stream"));
    return resolve(buffer);
  });
  return promise;
}

const tools: PngTools = { inflate: inflateWhole, crc32: (bytes) => crc32(bytes) };

function refuse(detail: string, cause?: unknown): Problem {
  return new Problem("picture-refused", { detail, cause });
}

async function decode(bytes: Uint8Array, product: Product): Promise<void> {
  const pixels = product.widthPx * product.heightPx;
  const { info } = await sharp(bytes, { limitInputPixels: pixels, failOn: "warning", sequentialRead: true })
    .raw()
    .toBuffer({ resolveWithObject: true })
    .catch((cause: unknown) => {
      throw refuse("The picture cannot be decoded.", cause);
    });
  const asNeeded = info.width === product.widthPx && info.height === product.heightPx && info.channels === 3;
  if (!asNeeded) throw refuse("The picture decodes to something else than its header says.");
}

/**
 * Structure first, since decoders forgive too much; then a full decode. Inflating and decoding run off the event loop; check
 * sums and row filters on it, 6 ms of processor time for 12 MB and at most 15 ms in one turn (SHA-256, elsewhere: 11 ms).
 * At most `slots` pictures at a time and `queue` waiting. Those whose senders have gone do not count, and are looked at only
 * while nobody else waits. From here on this process decodes PNG and, for the platform's previews, JPEG: nothing else.
 */
export function createPictureValidator({
  slots,
  queue,
}: {
  readonly slots: number;
  readonly queue: number;
}): PictureValidator {
  sharp.block({ operation: ["VipsForeignLoad"] });
  sharp.unblock({ operation: ["VipsForeignLoadPng"] });
  const limit = pLimit(slots);
  const waiting = new Set<AbortSignal>();
  return {
    async check(bytes, product, gone) {
      if (!gone.aborted) {
        if (waiting.size >= queue) throw new Problem("overloaded");
        waiting.add(gone);
        gone.addEventListener("abort", () => waiting.delete(gone), { once: true });
      }
      await limit(async () => {
        waiting.delete(gone);
        if (waiting.size > 0) gone.throwIfAborted();
        const structure = await checkPngStructure(bytes, product, tools);
        if (!structure.ok) throw refuse(structure.reason.sentence);
        await decode(bytes, product);
      });
    },
  };
}
