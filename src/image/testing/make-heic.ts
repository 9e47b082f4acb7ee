/** A coded picture: its decoder's set-up and its bytes. */
export interface CodedPicture {
  readonly setup: Uint8Array;
  readonly data: Uint8Array;
}

export interface HeicOptions {
  readonly columns: number;
  readonly rows: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** Property boxes of the grid, in their order: how it is cropped, turned, mirrored, and what its colours are. */
  readonly properties?: readonly Uint8Array[];
  /** EXIF's orientation, beside the picture. */
  readonly exifOrientation?: number;
}

type Part = Uint8Array | readonly number[];

function join(...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function number(value: number, size: 1 | 2 | 4): number[] {
  return Array.from({ length: size }, (_, index) => Math.floor(value / 256 ** (size - 1 - index)) % 256);
}

function letters(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0));
}

/** ISO/IEC 14496-12, 4.2. */
export function box(type: string, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  const content = join(...parts);
  return join(number(content.length + 8, 4), letters(type), content);
}

function fullBox(type: string, version: number, flags: number, ...parts: readonly Part[]): Uint8Array<ArrayBuffer> {
  return box(type, number(version, 1), [0], number(flags, 2), ...parts);
}

/** Turned against the clock by so many quarters. */
export const turn = (quarters: number): Uint8Array => box("irot", [quarters]);
/** Mirrored top to bottom (0), or left to right (1). */
export const mirror = (axis: 0 | 1): Uint8Array => box("imir", [axis]);
/** Cropped to this size around the middle. */
export const crop = (widthPx: number, heightPx: number): Uint8Array =>
  box("clap", ...[widthPx, 1, heightPx, 1, 0, 1, 0, 1].map((value) => number(value, 4)));
/** Colours by ITU-T H.273's numbers: the primaries, sRGB's curve, BT.601's matrix, full range. */
export const numbered = (primaries: number): Uint8Array =>
  box("colr", letters("nclx"), number(primaries, 2), number(13, 2), number(6, 2), [0x80]);
export const profiled = (profile: Uint8Array): Uint8Array => box("colr", letters("prof"), profile);

function findBox(
  bytes: Uint8Array,
  type: string,
  from: number,
  end: number,
): { start: number; end: number } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = from; at + 8 <= end; at += Math.max(8, view.getUint32(at))) {
    const name = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (name === type) return { start: at + 8, end: at + view.getUint32(at) };
  }
  return undefined;
}

function need<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("a box is missing");
  return value;
}

/** The pictures in a file of heif-enc's: each has one extent, and all have the first set-up. */
export function readPictures(bytes: Uint8Array): CodedPicture[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const meta = need(findBox(bytes, "meta", 0, bytes.length));
  const iprp = need(findBox(bytes, "iprp", meta.start + 4, meta.end));
  const ipco = need(findBox(bytes, "ipco", iprp.start, iprp.end));
  const hvcC = need(findBox(bytes, "hvcC", ipco.start, ipco.end));
  const iloc = need(findBox(bytes, "iloc", meta.start + 4, meta.end));
  const count = view.getUint16(iloc.start + 6);
  // In bytes: number 2, reference 2, base 4, count of extents 2, offset 4, length 4.
  return Array.from({ length: count }, (_, index) => {
    const at = iloc.start + 8 + index * 18;
    const offset = view.getUint32(at + 4) + view.getUint32(at + 10);
    const data = bytes.subarray(offset, offset + view.getUint32(at + 14));
    return { setup: box("hvcC", bytes.subarray(hvcC.start, hvcC.end)), data };
  });
}

/**
 * A HEIC as a phone writes it: a grid of 512 x 512 pictures, taken in turn from `pictures`. The first picture in the file is another
 * than the primary one, and there is one for previews.
 */
export function makeHeic(pictures: readonly CodedPicture[], options: HeicOptions): Uint8Array<ArrayBuffer> {
  const { columns, rows, widthPx, heightPx, properties = [], exifOrientation } = options;
  const [first] = pictures;
  if (first === undefined) throw new Error("no picture");
  const count = columns * rows;
  const [other, grid, preview, exif] = [1, count + 2, count + 3, count + 4];
  const tiles = Array.from({ length: count }, (_, index) => index + 2);
  const gridData = [0, 0, rows - 1, columns - 1, ...number(widthPx, 2), ...number(heightPx, 2)];
  const exifData = [
    0,
    0,
    0,
    0,
    ...letters("MM"),
    0,
    42,
    0,
    0,
    0,
    8,
    0,
    1,
    1,
    0x12,
    0,
    3,
    0,
    0,
    0,
    1,
    0,
    exifOrientation ?? 1,
    0,
    0,
    0,
    0,
    0,
    0,
  ];
  const items: readonly (readonly [id: number, type: string, data: Part, isHidden: boolean])[] = [
    [other, "hvc1", first.data, false],
    ...tiles.map((id, index) => [id, "hvc1", pictures[index % pictures.length]?.data ?? [], true] as const),
    [grid, "grid", gridData, false],
    [preview, "hvc1", first.data, false],
    ...(exifOrientation === undefined ? [] : [[exif, "Exif", exifData, true] as const]),
  ];
  const ispe = (width: number, height: number) => fullBox("ispe", 0, 0, number(width, 4), number(height, 4));
  const allProperties = [first.setup, ispe(512, 512), ispe(widthPx, heightPx), ...properties];
  const coded = [0x81, 2];
  const associations = [other, ...tiles, preview]
    .map((id) => [...number(id, 2), 2, ...coded])
    .concat([[...number(grid, 2), 1 + properties.length, 3, ...properties.map((_, index) => 0x80 | (index + 4))]]);
  const references = [
    box("dimg", number(grid, 2), number(count, 2), ...tiles.map((id) => number(id, 2))),
    box("thmb", number(preview, 2), number(1, 2), number(grid, 2)),
    ...(exifOrientation === undefined ? [] : [box("cdsc", number(exif, 2), number(1, 2), number(grid, 2))]),
  ];
  const infos = items.map(([id, type, , isHidden]) =>
    fullBox("infe", 2, isHidden ? 1 : 0, number(id, 2), [0, 0], letters(type), [0]),
  );
  const makeMeta = (start: number): Uint8Array => {
    let at = start;
    const locations = items.map(([id, , data]) => {
      at += data.length;
      return [...number(id, 2), 0, 0, 0, 0, 0, 1, ...number(at - data.length, 4), ...number(data.length, 4)];
    });
    return fullBox(
      "meta",
      0,
      0,
      fullBox("hdlr", 0, 0, [0, 0, 0, 0], letters("pict"), new Uint8Array(13)),
      fullBox("pitm", 0, 0, number(grid, 2)),
      fullBox("iloc", 1, 0, [0x44, 0], number(items.length, 2), ...locations),
      fullBox("iinf", 0, 0, number(items.length, 2), ...infos),
      fullBox("iref", 0, 0, ...references),
      box(
        "iprp",
        box("ipco", ...allProperties),
        fullBox("ipma", 0, 0, number(associations.length, 4), ...associations),
      ),
    );
  };
  const ftyp = box("ftyp", letters("heic"), [0, 0, 0, 0], letters("mif1heic"));
  const dataAt = ftyp.length + makeMeta(0).length + 8;
  return join(ftyp, makeMeta(dataAt), box("mdat", ...items.map(([, , data]) => data)));
}
