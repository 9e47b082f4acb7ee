import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";

/** After a refusal the rest of the body is drained for so long, so that the answer is not lost to a reset. */
const lingerMs = 3_000;

/** Whoever sends more than allowed gets the answer, a moment to read it, and then no connection. */
function drain(request: FastifyRequest, body: Readable): void {
  request.raw.unpipe(body);
  request.raw.resume();
  const timer = setTimeout(() => {
    if (!request.raw.complete) request.raw.socket?.destroy();
  }, lingerMs);
  timer.unref();
}

/**
 * Reads a body that the content parser passed through, never more than `maxBytes` of it into memory.
 * Throws Problem: body-too-large (at once when Content-Length says so), body-too-slow, bad-request when it breaks off.
 */
export async function readBody(request: FastifyRequest, maxBytes: number): Promise<Buffer> {
  const body = request.body;
  if (!(body instanceof Readable)) return Buffer.alloc(0);
  const tooLarge = new Problem("body-too-large", { detail: `At most ${maxBytes} bytes are taken.` });
  try {
    if (Number(request.headers["content-length"] ?? 0) > maxBytes) throw tooLarge;
    const pieces: Buffer[] = [];
    let size = 0;
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).byteLength;
      if (size > maxBytes) throw tooLarge;
      pieces.push(piece as Buffer);
    }
    return Buffer.concat(pieces, size);
  } catch (cause) {
    drain(request, body);
    if (cause instanceof Problem) throw cause;
    throw new Problem("bad-request", { detail: "The body broke off.", cause });
  }
}
