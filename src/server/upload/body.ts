import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import type { Place } from "./in-flight.ts";
import { release } from "./release.ts";

export interface Body {
  /** To be released once nothing works with them. */
  readonly bytes: Buffer;
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256: string;
}

/** What a slow line brings in its first seconds; whoever sends more has as much room as he has announced. */
const firstCapacity = 64 * 1024;

/**
 * Bytes in one buffer of at most `mostBytes`: many small pieces, each an object of its own, would take many times their size.
 * What of it has not been written to takes no memory yet.
 */
function createSink(mostBytes: number) {
  const hash = createHash("sha256");
  let buffer = Buffer.allocUnsafeSlow(Math.min(firstCapacity, mostBytes));
  let size = 0;
  return {
    size: () => size,
    add(piece: Buffer): void {
      if (size + piece.byteLength > buffer.byteLength) {
        const small = buffer;
        buffer = Buffer.allocUnsafeSlow(mostBytes);
        small.copy(buffer, 0, 0, size);
        release(small);
      }
      piece.copy(buffer, size);
      size += piece.byteLength;
      hash.update(piece);
    },
    finish: (): Body => ({ bytes: buffer.subarray(0, size), sha256: hash.digest("hex") }),
    release: () => release(buffer),
  };
}

/**
 * Reads a body that the content parser passed through, never more than `maxBytes` of it into memory, and has them counted.
 * Throws Problem: body-too-large (at once when Content-Length says so), body-too-slow, bad-request when it breaks off, or the
 * reason for which the upload has been ended.
 */
export async function readBody(request: FastifyRequest, maxBytes: number, place: Place): Promise<Body> {
  const { body } = request;
  const announced = request.headers["content-length"];
  const tooLarge = new Problem("body-too-large", { detail: `At most ${maxBytes} bytes are taken.` });
  if (Number(announced ?? 0) > maxBytes) throw tooLarge;
  const sink = createSink(announced === undefined ? maxBytes : Number(announced));
  if (!(body instanceof Readable)) return sink.finish();
  const end = (): void => void body.destroy(place.signal.reason as Problem);
  place.signal.addEventListener("abort", end, { once: true });
  try {
    for await (const given of body.iterator({ destroyOnReturn: false })) {
      const piece = given as Buffer;
      if (sink.size() + piece.byteLength > maxBytes) throw tooLarge;
      place.take(piece.byteLength);
      place.signal.throwIfAborted();
      sink.add(piece);
    }
  } catch (cause) {
    sink.release();
    throw cause instanceof Problem ? cause : new Problem("bad-request", { detail: "The body broke off.", cause });
  }
  place.complete();
  return sink.finish();
}
