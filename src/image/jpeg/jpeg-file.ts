import { tagAt, viewOf } from "../bytes.ts";
import { DamageError } from "../decode-error.ts";
import {
  type HuffmanTables,
  type JpegFrame,
  readHuffmanTables,
  readJpegFrame,
  readJpegScan,
  type Scan,
} from "./frame.ts";
import { endOfImage, isFrame, lengthAt, nextMarker, startOfScan } from "./markers.ts";
import { naturalOrder } from "./steps.ts";

/** A scan, and where its bits begin. */
export interface FileScan extends Scan {
  readonly start: number;
  readonly restartInterval: number;
}

/** What the components stand for. */
export type JpegColours = "grey" | "rgb" | "ycc" | "cmyk" | "ycck";

/** A JPEG of Huffman codes, read up to its bits. */
export interface JpegFile {
  readonly bytes: Uint8Array;
  readonly frame: JpegFrame;
  readonly scans: readonly FileScan[];
  /** Of each component, row by row. */
  readonly quantizations: readonly Uint16Array[];
  readonly colours: JpegColours;
  /** EXIF's, 1 to 8. */
  readonly orientation: number;
  readonly profile: Uint8Array | undefined;
}

/** No camera writes as many; each is gone through once. */
const maxScans = 200;

/** EXIF 2.32, 4.6.5, tag 0x0112 of the first directory; 1 where there is none that makes sense. */
function readOrientation(exif: Uint8Array): number {
  const view = viewOf(exif);
  const littleEndian = tagAt(exif, 0).startsWith("II");
  if (exif.length < 8) return 1;
  const start = view.getUint32(4, littleEndian);
  const count = start + 2 <= exif.length ? view.getUint16(start, littleEndian) : 0;
  for (let entry = start + 2; entry + 12 <= Math.min(exif.length, start + 2 + count * 12); entry += 12) {
    if (view.getUint16(entry, littleEndian) !== 0x0112) continue;
    const value = view.getUint16(entry + 8, littleEndian);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Puts together the parts of a profile (ICC.1:2022, B.4). */
function joinProfile(parts: ReadonlyMap<number, Uint8Array>): Uint8Array | undefined {
  if (parts.size === 0) return undefined;
  const ordered = [...parts.entries()].sort(([one], [other]) => one - other).map(([, part]) => part);
  const profile = new Uint8Array(ordered.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of ordered) {
    profile.set(part, at);
    at += part.length;
  }
  return profile;
}

class FileReading {
  frame: JpegFrame | undefined;
  readonly scans: FileScan[] = [];
  readonly #tables: HuffmanTables = { dc: [], ac: [] };
  readonly #quantizations: (Uint16Array | undefined)[] = [];
  /** By component: the tables that were valid when its first scan began. */
  readonly #latched: (Uint16Array | undefined)[] = [];
  readonly #profile = new Map<number, Uint8Array>();
  #restartInterval = 0;
  #orientation: number | undefined;
  #hasJfif = false;
  #adobeTransform: number | undefined;

  /** Takes a segment from its length field on, behind which a scan's bits begin at `end`. */
  take(marker: number, segment: Uint8Array, end: number): void {
    if (isFrame(marker)) {
      if (marker > 0xc2 || segment[2] !== 8 || this.frame !== undefined)
        throw new DamageError("a JPEG of another kind");
      this.frame = readJpegFrame(segment, marker === 0xc2);
    }
    if (marker === 0xc4) readHuffmanTables(segment, this.#tables);
    if (marker === 0xdb) this.#readQuantizations(segment);
    if (marker === 0xdd) this.#restartInterval = lengthAt(segment, 2);
    if (marker >= 0xe0 && marker <= 0xef) this.#readApplicationData(marker, segment);
    if (marker === startOfScan) this.#takeScan(segment, end);
  }

  #readQuantizations(segment: Uint8Array): void {
    for (let at = 2; at < segment.length; ) {
      const head = segment[at] as number;
      const size = head >> 4 === 0 ? 1 : 2;
      const table = new Uint16Array(64);
      for (let index = 0; index < 64; index++) {
        const value = at + 1 + index * size;
        table[naturalOrder[index] as number] = size === 1 ? (segment[value] ?? 0) : lengthAt(segment, value);
      }
      this.#quantizations[head & 3] = table;
      at += 1 + 64 * size;
    }
  }

  #readApplicationData(marker: number, segment: Uint8Array): void {
    const name = String.fromCharCode(...segment.subarray(2, 14));
    if (marker === 0xe0 && name.startsWith("JFIF\0")) this.#hasJfif = true;
    if (marker === 0xe1 && name.startsWith("Exif\0")) this.#orientation ??= readOrientation(segment.subarray(8));
    if (marker === 0xe2 && name === "ICC_PROFILE\0") this.#profile.set(segment[14] ?? 0, segment.subarray(16));
    if (marker === 0xee && name.startsWith("Adobe") && segment.length >= 14) this.#adobeTransform = segment[13];
  }

  #takeScan(segment: Uint8Array, start: number): void {
    const scan = this.frame && readJpegScan(segment, this.frame, this.#tables);
    if (scan === undefined || this.scans.length === maxScans) throw new DamageError("a scan that makes no sense");
    for (const { component } of scan.parts)
      this.#latched[component.index] ??= this.#quantizations[component.quantization];
    this.scans.push({ ...scan, start, restartInterval: this.#restartInterval });
  }

  /** As libjpeg guesses it. */
  #coloursOf({ components }: JpegFrame): JpegColours {
    const ids = components.map(({ id }) => id).join();
    switch (components.length) {
      case 1:
        return "grey";
      case 3:
        if (this.#hasJfif) return "ycc";
        return this.#adobeTransform === 0 || (this.#adobeTransform === undefined && ids === "82,71,66") ? "rgb" : "ycc";
      case 4:
        return this.#adobeTransform === 2 ? "ycck" : "cmyk";
      default:
        throw new DamageError("a JPEG of two components");
    }
  }

  finish(bytes: Uint8Array): JpegFile {
    const { frame } = this;
    const quantizations = this.#latched.filter((table) => table !== undefined);
    if (frame === undefined || quantizations.length < frame.components.length)
      throw new DamageError("a part of the picture is missing");
    return {
      bytes,
      frame,
      scans: this.scans,
      quantizations,
      colours: this.#coloursOf(frame),
      orientation: this.#orientation ?? 1,
      profile: joinProfile(this.#profile),
    };
  }
}

/** Whether each component has had its scan, of which a sequential JPEG has but one. */
function hasAll({ frame, scans }: FileReading): boolean {
  if (frame === undefined || frame.progressive) return false;
  return frame.components.every((component) =>
    scans.some(({ parts }) => parts.some((part) => part.component === component)),
  );
}

/** Reads all of a JPEG but its entropy-coded bits. Throws DamageError for one that is broken there, or not made of Huffman codes. */
export function readJpegFile(bytes: Uint8Array): JpegFile {
  const reading = new FileReading();
  let found = nextMarker(bytes, 2);
  while (found !== undefined && found.marker !== endOfImage && !hasAll(reading)) {
    const { marker, at } = found;
    const end = at + 2 + lengthAt(bytes, at + 2);
    if (end > bytes.length || end < at + 4) throw new DamageError("a segment ends too early");
    reading.take(marker, bytes.subarray(at + 2, end), end);
    found = nextMarker(bytes, end);
  }
  return reading.finish(bytes);
}
