import type { Affine, PhotoSize } from "#card/placement.ts";
import { readBoxes } from "./boxes.ts";
import { tagAt, viewOf } from "./bytes.ts";
import type { Edit } from "./edits.ts";

/** How a file says that its picture is turned, and its bytes without saying so. Engines agree about none of these but JPEG's. */
export interface Turn {
  /** As in EXIF, 2 to 8. */
  readonly orientation: number;
  readonly edits: readonly Edit[];
}

/** From a stored picture's pixels to those of the upright one, by EXIF's orientation. */
export function orient(orientation: number, { widthPx: w, heightPx: h }: PhotoSize): Affine {
  const ways: Readonly<Record<number, Affine>> = {
    2: [-1, 0, 0, 1, w, 0],
    3: [-1, 0, 0, -1, w, h],
    4: [1, 0, 0, -1, 0, h],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, h, 0],
    7: [0, -1, -1, 0, h, w],
    8: [0, -1, 1, 0, 0, w],
  };
  return ways[orientation] ?? [1, 0, 0, 1, 0, 0];
}

/** The value of tag 274 in EXIF's TIFF, 2 to 8, and where its two bytes are; undefined when it says nothing of it. */
function readExif(
  bytes: Uint8Array,
): { readonly orientation: number; readonly at: number; readonly isLittle: boolean } | undefined {
  const isLittle = tagAt(bytes, 0) === "II*\0";
  if (!isLittle && tagAt(bytes, 0) !== "MM\0*") return undefined;
  const view = viewOf(bytes);
  const directory = view.getUint32(4, isLittle);
  const count = view.getUint16(directory, isLittle);
  for (let entry = directory + 2; entry < directory + 2 + count * 12; entry += 12) {
    if (view.getUint16(entry, isLittle) !== 0x112) continue;
    const orientation = view.getUint16(entry + 8, isLittle);
    return orientation >= 2 && orientation <= 8 ? { orientation, at: entry + 8, isLittle } : undefined;
  }
  return undefined;
}

/** What ends too early, or points beyond its end, says nothing. */
function tryReading<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

/** By the `eXIf` chunk (PNG, third edition, 11.3.3.2). */
export function readPngTurn(bytes: Uint8Array): Turn | undefined {
  return tryReading(() => {
    const view = viewOf(bytes);
    for (let start = 8; start + 12 <= bytes.length; start += 12 + view.getUint32(start)) {
      if (tagAt(bytes, start + 4) !== "eXIf") continue;
      const data = start + 8;
      const end = data + view.getUint32(start);
      const read = readExif(bytes.subarray(data, end));
      return read && { orientation: read.orientation, edits: [{ from: start, to: end + 4, bytes: [] }] };
    }
    return undefined;
  });
}

/** By the `EXIF` chunk (RFC 9649, 2.7.1.5), before whose data some writers put what JPEGs have there. */
export function readWebpTurn(bytes: Uint8Array): Turn | undefined {
  return tryReading(() => {
    const view = viewOf(bytes);
    for (let start = 12; start + 8 <= bytes.length; ) {
      const length = view.getUint32(start + 4, true);
      if (tagAt(bytes, start) === "EXIF") {
        const data = start + 8 + (tagAt(bytes, start + 8) === "Exif" ? 6 : 0);
        const read = readExif(bytes.subarray(data, start + 8 + length));
        if (read === undefined) return undefined;
        const at = data + read.at;
        return {
          orientation: read.orientation,
          edits: [{ from: at, to: at + 2, bytes: read.isLittle ? [1, 0] : [0, 1] }],
        };
      }
      start += 8 + length + (length % 2);
    }
    return undefined;
  });
}

/** EXIF's orientation for so many quarters against the clock, then not mirrored, top to bottom, or left to right. */
const asExif = [
  [1, 4, 2],
  [8, 5, 7],
  [3, 2, 4],
  [6, 7, 5],
] as const;

/** The properties of pictures that a file's `ipma` names: which they are and where that is written. */
function readUses(
  bytes: Uint8Array,
  start: number,
): { item: number; property: number; at: number; isEssential: boolean }[] {
  const view = viewOf(bytes);
  const isLong = view.getUint8(start) > 0;
  const wide = (view.getUint8(start + 3) & 1) === 1;
  const uses = [];
  let at = start + 8;
  for (let entries = view.getUint32(start + 4); entries > 0; entries--) {
    const item = isLong ? view.getUint32(at) : view.getUint16(at);
    at += isLong ? 4 : 2;
    for (let count = view.getUint8(at++); count > 0; count--, at += wide ? 2 : 1) {
      const value = view.getUint8(at);
      const property = wide ? ((value & 127) << 8) | view.getUint8(at + 1) : value & 127;
      uses.push({ item, property, at, isEssential: value > 127 });
    }
  }
  return uses;
}

/** By `irot` and `imir` of the primary picture (ISO/IEC 23008-12, 6.5.10 and 6.5.12): turned first, then mirrored. EXIF does not count there. */
export function readAvifTurn(bytes: Uint8Array): Turn | undefined {
  return tryReading(() => {
    const view = viewOf(bytes);
    const inside = (tag: string, start: number, end: number) => {
      const box = readBoxes(bytes, start, end).find((each) => each.tag === tag);
      if (box === undefined) throw new RangeError(`no ${tag}`);
      return box;
    };
    const meta = inside("meta", 0, bytes.length);
    const pitm = inside("pitm", meta.content + 4, meta.end);
    const primary =
      view.getUint8(pitm.content) === 0 ? view.getUint16(pitm.content + 4) : view.getUint32(pitm.content + 4);
    const iprp = inside("iprp", meta.content + 4, meta.end);
    const ipco = inside("ipco", iprp.content, iprp.end);
    const properties = readBoxes(bytes, ipco.content, ipco.end);
    const uses = readUses(bytes, inside("ipma", iprp.content, iprp.end).content);
    const own = (tag: string) =>
      uses
        .filter(({ item }) => item === primary)
        .map(({ property }) => properties[property - 1])
        .find((box) => box?.tag === tag);
    const [rotation, mirror] = [own("irot"), own("imir")];
    const quarters = rotation === undefined ? 0 : view.getUint8(rotation.content) & 3;
    const mirrored = mirror === undefined ? 0 : 1 + (view.getUint8(mirror.content) & 1);
    const orientation = asExif[quarters]?.[mirrored] ?? 1;
    if (orientation === 1) return undefined;
    const edits: Edit[] = [];
    if (rotation !== undefined) edits.push({ from: rotation.content, to: rotation.content + 1, bytes: [0] });
    if (mirror !== undefined) {
      // A box of no meaning, which whoever does not know it need not know.
      edits.push({ from: mirror.start + 4, to: mirror.start + 8, bytes: [0x66, 0x72, 0x65, 0x65] });
      for (const { property, at, isEssential } of uses) {
        if (isEssential && properties[property - 1] === mirror)
          edits.push({ from: at, to: at + 1, bytes: [view.getUint8(at) & 127] });
      }
    }
    return { orientation, edits: edits.sort((one, other) => one.from - other.from) };
  });
}
