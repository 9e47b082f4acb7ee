/** One chunk of a PNG file, its check sum already found right. */
export interface PngChunk {
  /** Four Latin letters, as "IHDR". */
  readonly type: string;
  readonly data: Uint8Array;
}

export type PngReading =
  | { readonly ok: true; readonly chunks: readonly PngChunk[] }
  | {
      readonly ok: false;
      readonly fault: "signature" | "truncated" | "checksum" | "trailing-bytes" | "too-many-chunks";
    };

const signature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const lengthTypeAndSum = 12;
// libpng cuts pixel data every 8 KB; this allows for the largest picture so and keeps the list short.
const maxChunks = 4096;

/** The chunks' order and kind are not judged here, but nothing may be missing, altered or left over behind IEND. */
export function readPngChunks(bytes: Uint8Array, crc32: (bytes: Uint8Array) => number): PngReading {
  if (!signature.every((byte, index) => bytes[index] === byte)) return { ok: false, fault: "signature" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks: PngChunk[] = [];
  let offset = signature.length;
  let type = "start";
  while (type !== "IEND") {
    if (offset + lengthTypeAndSum > bytes.length) return { ok: false, fault: "truncated" };
    const end = offset + lengthTypeAndSum + view.getUint32(offset);
    type = String.fromCharCode(...bytes.subarray(offset + 4, offset + 8));
    if (end > bytes.length) return { ok: false, fault: "truncated" };
    if (crc32(bytes.subarray(offset + 4, end - 4)) !== view.getUint32(end - 4)) {
      return { ok: false, fault: "checksum" };
    }
    if (chunks.length === maxChunks) return { ok: false, fault: "too-many-chunks" };
    chunks.push({ type, data: bytes.subarray(offset + 8, end - 4) });
    offset = end;
  }
  return offset === bytes.length ? { ok: true, chunks } : { ok: false, fault: "trailing-bytes" };
}
