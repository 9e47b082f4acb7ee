import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import type { Place } from "./in-flight.ts";

/**
 * Reads a body that the content parser passed through, never more than `maxBytes` of it into memory, and has them counted.
 * Throws Problem: body-too-large (at once when Content-Length says so), body-too-slow, bad-request when it breaks off, or the
 * reason for which the upload has been ended.
 */
export async function readBody(request: FastifyRequest, maxBytes: number, place: Place): Promise<Buffer> {
  const body = request.body;
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  const tooLarge = new Problem("body-too-large", { detail: `At most ${maxBytes} bytes are taken.` });
  if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge;
  const pieces: Buffer[] = [];
  let size = 0;
  const end = (): void => void body.destroy(place.signal.reason as Problem);
  place.signal.addEventListener("abort", end, { once: true });
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).byteLength;
      if (size > maxBytes) throw tooLarge;
      place.take((piece as Buffer).byteLength);
      place.signal.throwIfAborted();
      pieces.push(piece as Buffer);
    }
  } catch (cause) {
    throw cause instanceof Problem ? cause : new Problem("bad-request", { detail: "The body broke off.", cause });
  }
  place.complete();
  return Buffer.concat(pieces, size);
}
