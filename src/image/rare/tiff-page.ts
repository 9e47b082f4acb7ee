/** What a TIFF says of one of its pictures. TIFF 6.0, sections 2 to 22. */
export interface TiffPage {
  readonly littleEndian: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly bits: number;
  readonly channels: number;
  readonly compression: number;
  readonly photometric: number;
  /** 1 to 8, as in EXIF. */
  readonly orientation: number;
  readonly isPlanar: boolean;
  readonly predictor: number;
  readonly fillOrder: number;
  /** What the first channel after the colours is: 1 is opacity that the colours have been multiplied by, 2 opacity, others are none. */
  readonly extraSample: number | undefined;
  /** The strips or tiles: strips are tiles as wide as the picture. */
  readonly tileWidth: number;
  readonly tileHeight: number;
  readonly isTiled: boolean;
  readonly offsets: ArrayLike<number>;
  readonly byteCounts: ArrayLike<number>;
  readonly palette: ArrayLike<number>;
  readonly profile: Uint8Array | undefined;
  readonly jpegTables: Uint8Array | undefined;
  /** Every sample is an unsigned integer of the same size. */
  readonly isPlain: boolean;
}

/** The values of a tag. */
type Directory = ReadonlyMap<number, ArrayLike<number>>;

const typeBytes: Readonly<Record<number, number>> = { 1: 1, 3: 2, 4: 4, 6: 1, 7: 1, 13: 4, 16: 8, 18: 8 };
// Nothing that a photo needs has more values: strips of one row each, in four planes.
const maxValues = 400_000;
const maxPages = 64;

interface Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  readonly isBig: boolean;
}

function openReader(bytes: Uint8Array): Reader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const littleEndian = bytes[0] === 0x49;
  return { bytes, view, littleEndian, isBig: view.getUint16(2, littleEndian) === 43 };
}

function readNumber({ view, littleEndian }: Reader, offset: number, size: number): number {
  if (size === 1) return view.getUint8(offset);
  if (size === 2) return view.getUint16(offset, littleEndian);
  return size === 4 ? view.getUint32(offset, littleEndian) : Number(view.getBigUint64(offset, littleEndian));
}

function readValues(reader: Reader, entry: number): ArrayLike<number> {
  const { isBig, bytes } = reader;
  const size = typeBytes[readNumber(reader, entry + 2, 2)];
  const count = readNumber(reader, entry + 4, isBig ? 8 : 4);
  if (size === undefined) return [];
  const room = isBig ? 8 : 4;
  const at = entry + (isBig ? 12 : 8);
  const start = count * size <= room ? at : readNumber(reader, at, room);
  if (size === 1) return bytes.subarray(start, start + count);
  if (count > maxValues) return [];
  return Array.from({ length: count }, (_, index) => readNumber(reader, start + index * size, size));
}

/** Throws RangeError where the file ends inside it. */
function readDirectory(reader: Reader, offset: number): { readonly directory: Directory; readonly next: number } {
  const { isBig } = reader;
  const count = readNumber(reader, offset, isBig ? 8 : 2);
  if (count > 4096) throw new RangeError("a directory of too many entries");
  const first = offset + (isBig ? 8 : 2);
  const entryBytes = isBig ? 20 : 12;
  const directory = new Map<number, ArrayLike<number>>();
  for (let entry = first; entry < first + count * entryBytes; entry += entryBytes) {
    directory.set(readNumber(reader, entry, 2), readValues(reader, entry));
  }
  const end = first + count * entryBytes;
  // Some writers leave out the end of the chain.
  const hasNext = end + (isBig ? 8 : 4) <= reader.bytes.length;
  return { directory, next: hasNext ? readNumber(reader, end, isBig ? 8 : 4) : 0 };
}

function makePage(directory: Directory, littleEndian: boolean): TiffPage {
  const list = (tag: number): ArrayLike<number> => directory.get(tag) ?? [];
  const one = (tag: number, otherwise: number): number => list(tag)[0] ?? otherwise;
  const isEach = (tag: number, value: number): boolean => Array.from(list(tag)).every((each) => each === value);
  const blob = (tag: number): Uint8Array | undefined => {
    const bytes = directory.get(tag);
    return bytes instanceof Uint8Array && bytes.length > 0 ? bytes : undefined;
  };
  const [widthPx, heightPx] = [one(256, 0), one(257, 0)];
  const isTiled = directory.has(322);
  const bits = one(258, 1);
  const channels = one(277, 1);
  const offsets = list(isTiled ? 324 : 273);
  const tileHeight = isTiled ? one(323, 0) : Math.min(heightPx, one(278, heightPx));
  const byteCounts = list(isTiled ? 325 : 279);
  const whole = Math.ceil((widthPx * bits * channels) / 8) * heightPx;
  return {
    littleEndian,
    widthPx,
    heightPx,
    bits,
    channels,
    compression: one(259, 1),
    photometric: one(262, -1),
    orientation: one(274, 1),
    isPlanar: one(284, 1) === 2 && channels > 1,
    predictor: one(317, 1),
    fillOrder: one(266, 1),
    extraSample: list(338)[0],
    tileWidth: isTiled ? one(322, 0) : widthPx,
    tileHeight,
    isTiled,
    offsets,
    // Old writers leave it out when nothing is compressed and all is in one strip.
    byteCounts: byteCounts.length === 0 && offsets.length === 1 ? [whole] : byteCounts,
    palette: list(320),
    profile: blob(34675),
    jpegTables: blob(347),
    isPlain: isEach(258, bits) && isEach(339, 1),
  };
}

/** Tags and values that only cameras' raw files have: Adobe's DNG, the colour filter's array, and the vendors' own compressions. */
function isRawDirectory(directory: Directory): boolean {
  const photometric = directory.get(262)?.[0] ?? -1;
  const compression = directory.get(259)?.[0] ?? -1;
  return (
    directory.has(0xc612) ||
    [32803, 34892].includes(photometric) ||
    [32767, 32769, 32770, 34713, 65000, 65535].includes(compression)
  );
}

/** A reduced picture or a mask, beside the one that it belongs to. */
function isBeside(directory: Directory): boolean {
  return ((directory.get(254)?.[0] ?? 0) & 0b101) !== 0;
}

/** The directories that hang below these; what cannot be read is not needed to see the page. */
function readBelow(reader: Reader, directories: readonly Directory[]): readonly Directory[] {
  const offsets = directories.flatMap((directory) => Array.from(directory.get(330) ?? []).slice(0, 8));
  return offsets.flatMap((offset) => {
    try {
      return [readDirectory(reader, offset).directory];
    } catch {
      return [];
    }
  });
}

/** The page that a viewer shows, and how many there are; or that it is a camera's raw file. Undefined when the file ends too early. */
export function readTiff(bytes: Uint8Array): "raw" | { readonly page: TiffPage; readonly pages: number } | undefined {
  // Canon's CR2.
  if (bytes[8] === 0x43 && bytes[9] === 0x52) return "raw";
  try {
    const reader = openReader(bytes);
    const found: Directory[] = [];
    const seen = new Set<number>();
    let offset = reader.isBig ? readNumber(reader, 8, 8) : readNumber(reader, 4, 4);
    while (offset !== 0 && !seen.has(offset) && seen.size < maxPages) {
      seen.add(offset);
      const { directory, next } = readDirectory(reader, offset);
      found.push(directory);
      offset = next;
    }
    const children = readBelow(reader, found);
    // A raw file's first page is a small picture for the camera's screen, and the photo hangs below it.
    const hangsBelow = children.some((child) => !isBeside(child)) && found.some((each) => isBeside(each));
    if (hangsBelow || [...found, ...children].some(isRawDirectory)) return "raw";
    const pages = found.filter((directory) => !isBeside(directory));
    const shown = pages[0] ?? found[0];
    if (shown === undefined) return undefined;
    return { page: makePage(shown, reader.littleEndian), pages: Math.max(1, pages.length) };
  } catch {
    return undefined;
  }
}
