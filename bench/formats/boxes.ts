// Properties added to the primary picture of an AVIF (ISO/IEC 14496-12 and 23008-12).
import { join, number } from "./bytes.ts";

interface Box {
  readonly start: number;
  readonly content: number;
  readonly end: number;
}

function findBox(bytes: Buffer, type: string, from: number, to: number): Box {
  for (let start = from; start + 8 <= to; start += bytes.readUInt32BE(start)) {
    if (bytes.toString("latin1", start + 4, start + 8) === type) {
      return { start, content: start + 8, end: start + bytes.readUInt32BE(start) };
    }
  }
  throw new Error(`there is no ${type}`);
}

/** The file with these boxes as essential properties of its primary picture, in their order. */
export function withProperties(avif: Uint8Array, properties: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.from(avif);
  const meta = findBox(bytes, "meta", 0, bytes.length);
  const inside = meta.content + 4;
  const iprp = findBox(bytes, "iprp", inside, meta.end);
  const ipco = findBox(bytes, "ipco", iprp.content, iprp.end);
  const ipma = findBox(bytes, "ipma", iprp.content, iprp.end);
  const pitm = findBox(bytes, "pitm", inside, meta.end);
  const primary = bytes.readUInt16BE(pitm.content + 4);
  let known = 0;
  for (let at = ipco.content; at < ipco.end; at += bytes.readUInt32BE(at)) known += 1;
  if (bytes.readUInt32BE(ipma.content) !== 0) throw new Error("another kind of ipma");
  let entry = ipma.content + 8;
  while (bytes.readUInt16BE(entry) !== primary) entry += 3 + (bytes[entry + 2] as number);
  const count = bytes[entry + 2] as number;
  const added = properties.map((_, index) => 0x80 | (known + 1 + index));
  const growth = properties.reduce((sum, { length }) => sum + length, added.length);
  const grown = ({ start, end }: Box, by: number): void => void bytes.writeUInt32BE(end - start + by, start);
  grown(meta, growth);
  grown(iprp, growth);
  grown(ipco, growth - added.length);
  grown(ipma, added.length);
  bytes[entry + 2] = count + added.length;
  moveData(
    bytes,
    findBox(bytes, "iloc", inside, meta.start + bytes.readUInt32BE(meta.start) - growth),
    meta.end,
    growth,
  );
  const behind = entry + 3 + count;
  if (ipco.end > behind) throw new Error("properties behind their use");
  return join(
    bytes.subarray(0, ipco.end),
    ...properties,
    bytes.subarray(ipco.end, behind),
    added,
    bytes.subarray(behind),
  );
}

/** What lies behind `from` lies further behind now. */
function moveData(bytes: Buffer, { content }: Box, from: number, by: number): void {
  const version = bytes[content] as number;
  const [sizes, bases] = [bytes[content + 4] as number, bytes[content + 5] as number];
  if (version > 1 || sizes !== 0x44) throw new Error("another kind of iloc");
  const baseBytes = bases >> 4;
  let at = content + 8;
  for (let item = bytes.readUInt16BE(content + 6); item > 0; item--) {
    const isInFile = version === 0 || bytes.readUInt16BE(at + 2) === 0;
    at += (version === 0 ? 4 : 6) + baseBytes;
    const base = baseBytes === 4 ? bytes.readUInt32BE(at - 4) : 0;
    const extents = bytes.readUInt16BE(at);
    at += 2;
    for (let extent = 0; extent < extents; extent++, at += 8) {
      const offset = bytes.readUInt32BE(at);
      if (isInFile && base + offset >= from) bytes.writeUInt32BE(offset + by, at);
    }
  }
}

/** EXIF's orientations as turns against the clock and a mirror, in that order. */
export const asProperties: Readonly<Record<number, readonly (readonly [type: "irot" | "imir", value: number])[]>> = {
  1: [],
  2: [["imir", 1]],
  3: [["irot", 2]],
  4: [["imir", 0]],
  5: [
    ["irot", 1],
    ["imir", 0],
  ],
  6: [["irot", 3]],
  7: [
    ["irot", 1],
    ["imir", 1],
  ],
  8: [["irot", 1]],
};

export function propertiesFor(orientation: number): Buffer[] {
  return (asProperties[orientation] ?? []).map(([type, value]) => join(number(9, 4), type, [value]));
}
