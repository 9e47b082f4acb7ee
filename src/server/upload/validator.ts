import { crc32, inflate } from "node:zlib";
import { checkPngStructure, type PngTools } from "#card/png-structure.ts";
import type { Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import { isOutOfMemory } from "../errors.ts";
import { release } from "./release.ts";

/** Says whether a picture may be stored. What it refuses is refused by name; nothing is corrected. */
export interface PictureValidator {
  /** Throws Problem("picture-refused") with the reason. */
  check(bytes: Uint8Array, product: Product): Promise<void>;
}

/** In one piece, since the size is known: zlib's own pieces of 16 kB cost three times the processor time. */
const inflateWhole: PngTools["inflate"] = (zlibBytes, maxBytes, pieceBytes = maxBytes + 1) => {
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>();
  // Window 0 is the one that the stream names, not the largest.
  const options = { info: true, windowBits: 0, chunkSize: Math.max(64, pieceBytes), maxOutputLength: maxBytes };
  inflate(zlibBytes, options, (error, result) => {
    if (error !== null) return reject(error);
    // With `info` the result carries its engine, which the types do not know.
    const { buffer, engine } = result as unknown as { buffer: Buffer; engine: { bytesWritten: number } };
    if (engine.bytesWritten !== zlibBytes.byteLength) return reject(new Error("bytes follow the zlib stream"));
    return resolve(buffer);
  });
  return promise;
};

/**
 * The structural test is the whole test: what passes it decodes (docs/decisions/2026-11-28-structure-is-enough.md). Inflating
 * runs off the event loop; check sums and row filters run on it, 3 ms for 12 MB.
 */
export const pictureValidator: PictureValidator = {
  async check(bytes, product) {
    let raster: Uint8Array = new Uint8Array(0);
    let failure: unknown;
    const inflateOnce: PngTools["inflate"] = async (...asked) => {
      try {
        return (raster = await inflateWhole(...asked));
      } catch (cause) {
        failure = cause;
        throw cause;
      }
    };
    const structure = await checkPngStructure(bytes, product, { inflate: inflateOnce, crc32: (part) => crc32(part) });
    release(raster);
    // It says nothing about the picture.
    if (isOutOfMemory(failure)) throw failure;
    if (!structure.ok) throw new Problem("picture-refused", { detail: structure.reason.sentence });
  },
};
