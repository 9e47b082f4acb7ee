import { type Box, readBoxes } from "../boxes.ts";
import { joinPieces, viewOf } from "../bytes.ts";

/** Reads numbers of a stated width; beyond the end they are 0. */
class Numbers {
  readonly #bytes: Uint8Array;
  #at: number;
  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }
  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length;
  }
  next(width: number): number {
    let value = 0;
    for (let count = 0; count < width; count++) value = value * 256 + (this.#bytes[this.#at++] ?? 0);
    return value;
  }
}

/** How far into the file the data reach that `iloc` names (ISO/IEC 14496-12, 8.11.3). */
function findDataEnd(bytes: Uint8Array, { content, end }: Box): number {
  const numbers = new Numbers(bytes.subarray(0, end), content);
  const version = numbers.next(1);
  numbers.next(3);
  const [offsetAndLength, baseAndIndex] = [numbers.next(1), numbers.next(1)];
  const items = numbers.next(version < 2 ? 2 : 4);
  let dataEnd = 0;
  for (let item = 0; item < items && !numbers.isAtEnd; item++) {
    numbers.next(version < 2 ? 2 : 4);
    const isInFile = version === 0 || (numbers.next(2) & 15) === 0;
    numbers.next(2);
    const base = numbers.next(baseAndIndex >> 4);
    const extents = numbers.next(2);
    for (let extent = 0; extent < extents && !numbers.isAtEnd; extent++) {
      if (version > 0) numbers.next(baseAndIndex & 15);
      const offset = numbers.next(offsetAndLength >> 4);
      const length = numbers.next(offsetAndLength & 15);
      if (isInFile) dataEnd = Math.max(dataEnd, base + offset + length);
    }
  }
  return dataEnd;
}

/** How far into the file the pictures' data reach; undefined without any. */
function findPicturesEnd(bytes: Uint8Array, boxes: readonly Box[]): number | undefined {
  const meta = boxes.find(({ tag }) => tag === "meta");
  if (meta === undefined || meta.end > bytes.length) return undefined;
  const inMeta = readBoxes(bytes, meta.content + 4, meta.end);
  const locations = inMeta.find(({ tag }) => tag === "iloc");
  return locations && findDataEnd(bytes, locations);
}

/**
 * An AVIF whose boxes end where the file does: the same bytes if they do already. Undefined when some of its pictures' data are missing.
 */
export function mendAvif(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  const boxes = readBoxes(bytes, 0, bytes.length);
  const last = boxes.at(-1);
  if (last === undefined || !boxes.some(({ tag }) => tag === "mdat" || tag === "meta")) return undefined;
  const picturesEnd = findPicturesEnd(bytes, boxes);
  // A sequence has other tables; its boxes tell as much.
  if (picturesEnd === undefined) return last.end === bytes.length ? bytes : undefined;
  if (picturesEnd > bytes.length) return undefined;
  const whole = boxes.filter(({ end }) => end <= bytes.length);
  const wholeEnd = whole.at(-1)?.end ?? 0;
  if (wholeEnd === bytes.length) return bytes;
  if (wholeEnd >= picturesEnd) return bytes.slice(0, wholeEnd);
  // The data's own box states another size than it has.
  const data = boxes.filter(({ tag }) => tag === "mdat").at(-1);
  if (data === undefined || data.content !== data.start + 8) return undefined;
  const mended = joinPieces([bytes]);
  viewOf(mended).setUint32(data.start, 0);
  return mended;
}
