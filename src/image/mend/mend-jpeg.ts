import { joinPieces, viewOf } from "../bytes.ts";
import {
  type HuffmanTables,
  isFullyRefined,
  type JpegFrame,
  readHuffmanTables,
  readJpegFrame,
  readJpegScan,
} from "../jpeg/frame.ts";
import {
  endOfImage,
  isFrame,
  isKnownMarker,
  lengthAt,
  nextMarker,
  startOfImage,
  startOfScan,
} from "../jpeg/markers.ts";
import { findScanEnd } from "../jpeg/scan-walk.ts";

/** No camera writes as many; each is gone through once. */
const maxScans = 200;
const maxSegmentBytes = 0xffff;
const maxSegmentsSearched = 100;

function isApplicationData(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === 0xfe;
}

/**
 * Whether every browser shows all of it as it stands: known segments, each right behind the other, restarts in their order,
 * and an end. It says nothing of the bits between the markers, which all browsers show as far as they go.
 */
function isSound(bytes: Uint8Array): boolean {
  let hasFrame = false;
  let hasScan = false;
  let found = nextMarker(bytes, 2);
  while (found !== undefined && found.marker !== endOfImage) {
    const { marker, at } = found;
    // Hierarchical ones have others; no browser opens them.
    if (!isKnownMarker(marker) && marker !== 0xf7 && marker !== 0xf8) return false;
    const end = at + 2 + lengthAt(bytes, at + 2);
    if (end > bytes.length || (marker !== startOfScan && bytes[end] !== 0xff)) return false;
    hasFrame ||= isFrame(marker) || marker === 0xf7;
    hasScan ||= marker === startOfScan;
    found = nextMarker(bytes, end);
    if (marker === startOfScan && !hasRestartsInOrder(bytes, end, found?.at ?? end)) return false;
  }
  return found !== undefined && hasFrame && hasScan;
}

function hasRestartsInOrder(bytes: Uint8Array, start: number, end: number): boolean {
  let restart = 0;
  for (let at = bytes.indexOf(0xff, start); at !== -1 && at < end; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1] as number;
    if (marker < 0xd0 || marker > 0xd7) continue;
    if (marker !== 0xd0 + (restart & 7)) return false;
    restart += 1;
  }
  return true;
}

/** Where the scan is to which segments lead from `offset` on, each right behind the other. Undefined when they do not. */
function leadToScan(bytes: Uint8Array, offset: number, maxSegments: number): number | undefined {
  let at = offset;
  for (let count = 0; count < maxSegments && bytes[at] === 0xff; count++) {
    while (bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1] ?? 0;
    if (marker === startOfScan) return count > 0 ? at : undefined;
    if (!isKnownMarker(marker)) return undefined;
    at += 2 + lengthAt(bytes, at + 2);
  }
  return undefined;
}

/** Where application data really ends that states a wrong length, and where the scan is to which what follows leads. */
function findDataEnd(bytes: Uint8Array, at: number): { end: number; scan: number } | undefined {
  const last = Math.min(bytes.length, at + 2 + maxSegmentBytes);
  for (let end = bytes.indexOf(0xff, at + 4); end !== -1 && end <= last; end = bytes.indexOf(0xff, end + 1)) {
    const scan = leadToScan(bytes, end, maxSegmentsSearched);
    if (scan !== undefined) return { end, scan };
  }
  return undefined;
}

/** Puts a JPEG together anew, of those of its parts that mean something. */
class Rebuilding {
  readonly pieces: Uint8Array[] = [Uint8Array.of(0xff, startOfImage)];
  readonly #bytes: Uint8Array;
  readonly #tables: HuffmanTables = { dc: [], ac: [] };
  #frame: JpegFrame | undefined;
  #restartInterval = 0;
  #scans = 0;
  #endsEarly = false;
  /** Up to there the segments are known to follow each other. */
  #soundTo = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The bits of a scan have come to an end before its last block. */
  get endsEarly(): boolean {
    return this.#endsEarly;
  }

  get isProgressive(): boolean {
    return this.#frame?.progressive === true;
  }

  /** Every component has been seen, to its last bit. */
  get isWhole(): boolean {
    return this.#frame !== undefined && this.#scans > 0 && isFullyRefined(this.#frame);
  }

  get hasScan(): boolean {
    return this.#scans > 0;
  }

  /** Takes the segment whose marker is at `at`, and the bits of its scan. Answers where it ends; undefined when something is missing. */
  take(marker: number, at: number): number | undefined {
    const end = this.#findEnd(marker, at);
    if (end === undefined || end < at + 4 || end > this.#bytes.length) return undefined;
    const segment = this.#bytes.slice(at, end);
    viewOf(segment).setUint16(2, segment.length - 2);
    this.pieces.push(segment);
    const content = segment.subarray(2);
    if (marker === 0xc4) readHuffmanTables(content, this.#tables);
    if (marker === 0xdd) this.#restartInterval = lengthAt(content, 2);
    if (isFrame(marker)) {
      // Other kinds are not made of Huffman codes.
      if (marker > 0xc2 || this.#frame !== undefined) return undefined;
      this.#frame = readJpegFrame(content, marker === 0xc2);
    }
    return marker === startOfScan ? this.#takeScan(content, end) : end;
  }

  #findEnd(marker: number, at: number): number | undefined {
    const stated = at + 2 + lengthAt(this.#bytes, at + 2);
    if (!isApplicationData(marker) || this.hasScan || at < this.#soundTo) return stated;
    const scan = leadToScan(this.#bytes, stated, this.#bytes.length);
    const found = scan === undefined ? findDataEnd(this.#bytes, at) : { end: stated, scan };
    this.#soundTo = found?.scan ?? 0;
    return found?.end;
  }

  #takeScan(content: Uint8Array, start: number): number | undefined {
    this.#scans += 1;
    if (this.#frame === undefined || this.#scans > maxScans) return undefined;
    const scan = readJpegScan(content, this.#frame, this.#tables);
    const found = scan && findScanEnd(this.#bytes, start, scan, this.#frame, this.#restartInterval);
    this.#endsEarly = scan !== undefined && found === undefined;
    if (found === undefined) return undefined;
    const { end, restarts, strays } = found;
    if (!isEndOfBits(this.#bytes, end, strays.length > 0)) return undefined;
    const bits = this.#bytes.slice(start, end);
    for (const [index, restart] of restarts.entries()) bits[restart - start + 1] = 0xd0 + (index & 7);
    let from = 0;
    for (const stray of strays) {
      this.pieces.push(bits.subarray(from, stray - start));
      from = stray - start + 2;
    }
    this.pieces.push(bits.subarray(from));
    return end;
  }
}

/**
 * Whether the bits of a scan can have ended here. Where a file was filled up with zeros they come to an end too, as do those in which
 * something was lost.
 */
function isEndOfBits(bytes: Uint8Array, end: number, exactly: boolean): boolean {
  const [next, afterNext = 0] = bytes.subarray(end, end + 2);
  if (next === undefined || (next === 0xff && afterNext !== 0)) return true;
  const [beforeLast = 0, last = 0] = bytes.subarray(end - 2, end);
  // A last byte is filled up with ones.
  return !exactly && ((last & 1) === 1 || (last === 0 && beforeLast === 0xff));
}

function rebuildJpeg(bytes: Uint8Array, rebuilding = new Rebuilding(bytes)): Uint8Array<ArrayBuffer> | undefined {
  let offset = 2;
  while (!rebuilding.isWhole) {
    const found = nextMarker(bytes, offset);
    if (found === undefined) return undefined;
    // Some progressive ones leave out the finest bits, which only their end can tell.
    if (found.marker === endOfImage && rebuilding.hasScan && rebuilding.isProgressive) break;
    if (found.marker === endOfImage || (found.marker === startOfImage && rebuilding.hasScan)) return undefined;
    const end = isKnownMarker(found.marker) ? rebuilding.take(found.marker, found.at) : found.at + 2;
    if (end === undefined) return undefined;
    offset = end;
  }
  return joinPieces([...rebuilding.pieces, Uint8Array.of(0xff, endOfImage)]);
}

/**
 * A JPEG (ISO/IEC 10918-1, annex B) as every browser shows all of it: the same bytes if they are such a one already; otherwise with the
 * end, the order or the lengths put right that it lacks, and without what means nothing in it. Undefined when a part of the
 * picture is missing. Browsers show such a one too, with a grey rest and no error.
 */
export function mendJpeg(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
  return isSound(bytes) ? bytes : rebuildJpeg(bytes);
}

/** Whether a JPEG that has an end has it too early: a cut one to which somebody has added it. Takes as long as decoding it. */
export function endsEarly(bytes: Uint8Array): boolean {
  const rebuilding = new Rebuilding(bytes);
  rebuildJpeg(bytes, rebuilding);
  return rebuilding.endsEarly;
}
