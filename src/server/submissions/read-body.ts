import type { IncomingMessage } from "node:http";
import { Problem } from "#contracts/problem.ts";

export interface BodyLimits {
  readonly maxBytes: number;
  /** For the whole body. */
  readonly timeoutMs: number;
}

/** After a refusal the rest of the body is drained for so long, so that the answer is not lost to a reset. */
const lingerMs = 3_000;

function refuseTooLarge(maxBytes: number): Problem {
  return new Problem("body-too-large", {
    detail: `The body is larger than ${maxBytes} bytes, the most that is taken.`,
  });
}

function closeUnlessComplete(request: IncomingMessage): void {
  const timer = setTimeout(() => {
    if (!request.complete) request.socket?.destroy();
  }, lingerMs);
  timer.unref();
}

/**
 * Reads a body into memory, never more than `maxBytes` of it.
 * Throws Problem: body-too-large (at once when Content-Length says so), body-too-slow, bad-request when it breaks off.
 */
export async function readBody(request: IncomingMessage, limits: BodyLimits): Promise<Buffer> {
  if (Number(request.headers["content-length"] ?? 0) > limits.maxBytes) {
    closeUnlessComplete(request);
    throw refuseTooLarge(limits.maxBytes);
  }
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  const pieces: Buffer[] = [];
  let size = 0;
  const onData = (piece: Buffer): void => {
    size += piece.byteLength;
    if (size > limits.maxBytes) reject(refuseTooLarge(limits.maxBytes));
    else pieces.push(piece);
  };
  const onEnd = (): void => resolve(Buffer.concat(pieces, size));
  const onBroken = (): void => reject(new Problem("bad-request", { detail: "The body broke off." }));
  const timer = setTimeout(() => reject(new Problem("body-too-slow")), limits.timeoutMs);
  request.on("data", onData).on("end", onEnd).on("error", onBroken).on("close", onBroken);
  try {
    return await promise;
  } catch (cause) {
    closeUnlessComplete(request);
    throw cause;
  } finally {
    clearTimeout(timer);
    request.off("data", onData).off("end", onEnd).off("close", onBroken);
  }
}
