import { createPhotoReader, listBareParts } from "#design/photo-file/photo-file.ts";
import { hashSha256 } from "./checksums.ts";
import type { PhotoFile } from "./protocol.ts";

const pieceBytes = 512 * 1024;

/**
 * The photo's file without what its camera wrote beside the picture, such as the place, put together from slices of the original:
 * the pixels are the same. Null where that cannot be told of its format: HEIC, AVIF, TIFF and BMP never leave the device. It takes a
 * second for 120 MB, so it is for the worker.
 */
export async function makeBare(bytes: Blob, signal?: AbortSignal): Promise<PhotoFile | null> {
  const reader = createPhotoReader();
  for (let at = 0; at < bytes.size; at += pieceBytes) {
    reader.push(new Uint8Array(await bytes.slice(at, at + pieceBytes).arrayBuffer()));
    signal?.throwIfAborted();
  }
  const report = reader.end();
  if (report.kind !== "photo") return null;
  const parts = listBareParts(report.extras, bytes.size).map((part) =>
    part instanceof Uint8Array ? new Uint8Array(part) : bytes.slice(part.from, part.to),
  );
  const bare = new Blob(parts, { type: report.mediaType });
  return { sha256: await hashSha256(new Uint8Array(await bare.arrayBuffer())), bytes: bare };
}
