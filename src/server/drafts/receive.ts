import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { FastifyRequest } from "fastify";
import type { Product } from "#card/products.ts";
import { Problem } from "#contracts/problem.ts";
import { createPhotoReader, type PhotoReport } from "#design/photo-file/photo-file.ts";
import { createFileReader } from "../upload/form-file.ts";
import type { Place } from "../upload/in-flight.ts";
import type { Arrived } from "./assets.ts";

function refuseExtra(name: string): Problem {
  return new Problem("photo-not-bare", {
    detail: `Beside the picture the file has ${name}, which may say where and when it was taken, and by whom, so nothing was stored. Take out all but pixels, colours and orientation, and send what is left under its own SHA-256.`,
  });
}

/** Throws Problem: photo-refused, photo-not-bare. */
function requireBare(report: PhotoReport, product: Product): string {
  if (report.kind === "other") {
    const why = report.name === undefined ? "It is no photo" : `It is ${report.name}`;
    throw new Problem("photo-refused", { detail: `${why}, and JPEG, PNG, WebP and GIF are kept.` });
  }
  if (report.kind === "broken")
    throw new Problem("photo-refused", { detail: `It is a ${report.format} that is damaged.` });
  const { widthPx, heightPx } = report.size;
  if (widthPx * heightPx > product.maxPhotoPixels)
    throw new Problem("photo-refused", { detail: `At most ${product.maxPhotoPixels} pixels are kept.` });
  const [extra] = report.extras;
  if (extra !== undefined) throw refuseExtra(extra.name);
  return report.mediaType;
}

/** A photo that is coming in: its pieces, to be read once, and what is known of it when the last has been given. */
export interface Arrival {
  readonly pieces: AsyncIterable<Uint8Array>;
  arrived(): Arrived;
}

/**
 * Reads a photo from a body that the content parser passed through, which is the photo itself or a form: never more than `product.maxPhotoBytes`, a piece at a time, and
 * only as fast as the pieces are taken. They end only when it is the photo of this SHA-256 and bare, and `whenWhole` has resolved.
 * They throw Problem: body-too-large (at once when Content-Length says so), body-too-slow, bad-request when it breaks off or the form is
 * not as it has to be, photo-refused, photo-not-bare, digest-mismatch, or the reason for which the upload has been ended.
 */
export function receivePhoto(
  request: Pick<FastifyRequest, "body" | "headers">,
  product: Product,
  sha256: string,
  place: Place,
  whenWhole: () => Promise<void>,
): Arrival {
  const { body } = request;
  const file = createFileReader(request.headers["content-type"]);
  const tooLarge = new Problem("body-too-large", { detail: `At most ${product.maxPhotoBytes} bytes are taken.` });
  if (Number(request.headers["content-length"] ?? 0) > product.maxPhotoBytes + file.extraBytes) throw tooLarge;
  const hash = createHash("sha256");
  const reader = createPhotoReader();
  let arrived: Arrived | undefined;

  async function* readBody(from: Readable): AsyncGenerator<Uint8Array> {
    let bytes = 0;
    for await (const piece of from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      place.signal.throwIfAborted();
      place.take(piece.byteLength);
      for (const part of file.push(piece)) {
        bytes += part.byteLength;
        if (bytes > product.maxPhotoBytes) throw tooLarge;
        hash.update(part);
        reader.push(part);
        const extra = reader.firstExtra();
        if (extra !== undefined) throw refuseExtra(extra.name);
        yield part;
      }
    }
    file.end();
    place.signal.throwIfAborted();
    place.complete();
    const mediaType = requireBare(reader.end(), product);
    if (hash.digest("hex") !== sha256) throw new Problem("digest-mismatch");
    arrived = { sha256, bytes, media_type: mediaType };
    await whenWhole();
  }

  async function* readPieces(): AsyncGenerator<Uint8Array> {
    const from = body instanceof Readable ? body : Readable.from([]);
    const end = (): void => void from.destroy(place.signal.reason as Problem);
    place.signal.addEventListener("abort", end, { once: true });
    try {
      yield* readBody(from);
    } catch (cause) {
      // The rest is read and thrown away, so that the answer arrives.
      if (!from.destroyed) from.resume();
      throw cause instanceof Problem ? cause : new Problem("bad-request", { detail: "The body broke off.", cause });
    } finally {
      place.signal.removeEventListener("abort", end);
    }
  }
  return {
    pieces: readPieces(),
    arrived() {
      if (arrived === undefined) throw new Error("the photo is not whole");
      return arrived;
    },
  };
}
