import { joinPieces, tagAt, viewOf } from "../bytes.ts";

const formBytes = 12;
const knownTags = ["VP8X", "ICCP", "ANIM", "ANMF", "ALPH", "VP8 ", "VP8L", "EXIF", "XMP "];
const pictureTags = ["VP8 ", "VP8L", "ANMF"];
/** Where VP8X says that a chunk follows (RFC 9649, 2.7). */
const flags = { "XMP ": 0x04, EXIF: 0x08 } as const;

interface Chunk {
  readonly tag: string;
  readonly start: number;
  /** Behind its data, without the byte that makes their number even. */
  readonly end: number;
}

/** The chunks whose data are all there, up to the first that is none. */
function readChunks(bytes: Uint8Array): Chunk[] {
  const view = viewOf(bytes);
  const chunks: Chunk[] = [];
  let start = formBytes;
  while (start + 8 <= bytes.length) {
    const end = start + 8 + view.getUint32(start + 4, true);
    if (end > bytes.length || !/^[ -~]{4}$/.test(tagAt(bytes, start))) break;
    chunks.push({ tag: tagAt(bytes, start), start, end });
    start = end + (end % 2);
  }
  return chunks;
}

function rebuildWebp(bytes: Uint8Array, chunks: readonly Chunk[]): Uint8Array<ArrayBuffer> {
  const kept = chunks.filter(({ tag }) => knownTags.includes(tag));
  const parts = kept.flatMap(({ start, end }) => [bytes.slice(start, end), new Uint8Array(end % 2)]);
  const rebuilt = joinPieces([bytes.subarray(0, formBytes), ...parts]);
  viewOf(rebuilt).setUint32(4, rebuilt.length - 8, true);
  if (tagAt(rebuilt, formBytes) === "VP8X") {
    for (const [tag, flag] of Object.entries(flags)) {
      if (!kept.some((chunk) => chunk.tag === tag)) (rebuilt[formBytes + 8] as number) &= ~flag;
    }
  }
  return rebuilt;
}

/**
 * A WebP (RFC 9649) whose sizes are right: the same bytes if they are already. Undefined when the picture's own chunk is not all there:
 * of an animation, the first.
 */
export function mendWebp(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const chunks = readChunks(bytes);
  if (!chunks.some(({ tag }) => pictureTags.includes(tag))) return undefined;
  const stated = viewOf(bytes).getUint32(4, true) + 8;
  const end = chunks.at(-1)?.end ?? 0;
  const isSound = stated <= bytes.length && (stated === end || stated === end + (end % 2));
  // Chunks that lie behind the stated end belong to nothing.
  const isSoundBefore = chunks.some(
    (chunk) => stated === chunk.end + (chunk.end % 2) && pictureTags.includes(chunk.tag),
  );
  if (isSound || (isSoundBefore && stated <= bytes.length)) return bytes;
  return rebuildWebp(bytes, chunks);
}
