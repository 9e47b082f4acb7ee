import { createHash } from "node:crypto";
import { Socket } from "node:net";
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import { Problem } from "#contracts/problem.ts";
import type { Reservation } from "../fair-line.ts";
import { createFileReader } from "./form-file.ts";
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

/** Of a piece so large there was more to be read: whoever sends it is as fast as we are, and is whole in no time. */
const backlogBytes = 48 * 1024;
/** Refused so early, little has been sent in vain. */
const earlyBytes = 128 * 1024;

/** About 2 ms of work. Node reads a connection 32 times over while there is more: a crowd of fast senders would hold everybody else up. */
const bytesInTurn = 512 * 1024;
let takenInTurn = 0;

function isTurnOver({ byteLength }: Buffer): boolean {
  if (takenInTurn === 0) setImmediate(() => (takenInTurn = 0));
  takenInTurn += byteLength;
  return takenInTurn > bytesInTurn;
}

/** Gives every piece to `take`, from which an error ends it. Rejects with that, or with the body's own. */
function readPieces(body: Readable, take: (piece: Buffer) => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onPiece = (piece: Buffer): void => {
    try {
      take(piece);
      if (!isTurnOver(piece)) return;
      body.pause();
      setImmediate(() => body.resume());
    } catch (error) {
      body.off("data", onPiece).pause();
      reject(error);
    }
  };
  // Not by iterating, which joins, and so copies, what has piled up.
  body.on("data", onPiece).once("end", resolve).once("error", reject);
  return promise;
}

/**
 * Reads the file in a body that the content parser passed through, which is the body itself or a form; never more than `maxBytes`
 * of it into memory. What comes is counted. Has a place in the line while it comes as fast as it is read.
 * Throws Problem: body-too-large (at once when Content-Length says so), body-too-slow, bad-request when it breaks off or the form is
 * not as it has to be, overloaded when it has just begun and there is no place, or the reason for which the upload has been ended.
 */
export async function readBody(
  request: FastifyRequest,
  maxBytes: number,
  place: Place,
  reservation: Reservation,
): Promise<Body> {
  const { body, headers } = request;
  const file = createFileReader(headers["content-type"]);
  const announced = Number(headers["content-length"] ?? maxBytes);
  const tooLarge = new Problem("body-too-large", { detail: `At most ${maxBytes} bytes are taken.` });
  if (announced > maxBytes + file.extraBytes) throw tooLarge;
  const sink = createSink(Math.min(announced, maxBytes));
  let received = 0;
  const take = (piece: Buffer): void => {
    place.take(piece.byteLength);
    place.signal.throwIfAborted();
    received += piece.byteLength;
    const isLarge = piece.byteLength >= backlogBytes;
    if (isLarge) reservation.hold(received > earlyBytes);
    for (const part of file.push(piece)) {
      if (sink.size() + part.byteLength > maxBytes) throw tooLarge;
      sink.add(part);
    }
    if (!isLarge && received < announced) reservation.letGo();
  };
  try {
    if (body instanceof Readable) await readWhole(body, request, place, take);
    file.end();
  } catch (cause) {
    sink.release();
    throw cause instanceof Problem ? cause : new Problem("bad-request", { detail: "The body broke off.", cause });
  }
  place.complete();
  return sink.finish();
}

async function readWhole(
  body: Readable,
  { socket }: Pick<FastifyRequest, "socket">,
  { signal }: Place,
  take: (piece: Buffer) => void,
): Promise<void> {
  // Node copies each piece out of the connection for us alone; what is injected without one belongs to whoever injects it.
  const isOurs = socket instanceof Socket;
  const end = (): void => void body.destroy(signal.reason as Problem);
  signal.addEventListener("abort", end, { once: true });
  await readPieces(body, (piece) => {
    take(piece);
    if (isOurs) release(piece);
  });
}
