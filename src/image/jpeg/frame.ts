import { type HuffmanTable, makeHuffmanTable } from "./bits.ts";

/** More than any product takes. Their coefficients' bits would fill the memory. */
const maxPixels = 500_000_000;

export interface JpegComponent {
  readonly index: number;
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
  /** The number of its quantization table. */
  readonly quantization: number;
  /** Blocks of 8 x 8 that hold pixels, and those of whole MCUs. */
  readonly blocksAcross: number;
  readonly blocksDown: number;
  readonly storedAcross: number;
  /** Of each coefficient of each block, one bit: whether it is other than 0. In progressive JPEGs alone. */
  readonly nonZero: Uint8Array;
  /** By coefficient, the lowest bit that has come; 99 when none has. */
  readonly lowest: Uint8Array;
}

export interface JpegFrame {
  readonly progressive: boolean;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The sampling factors of the component that has the most samples. */
  readonly horizontal: number;
  readonly vertical: number;
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly components: readonly JpegComponent[];
}

/** Reads an SOF segment of a Huffman-coded JPEG (ISO/IEC 10918-1, B.2.2), from its length field on. Undefined when it makes no sense. */
export function readJpegFrame(segment: Uint8Array, progressive: boolean): JpegFrame | undefined {
  const [, , , heightHigh = 0, heightLow = 0, widthHigh = 0, widthLow = 0, count = 0] = segment;
  const [heightPx, widthPx] = [(heightHigh << 8) | heightLow, (widthHigh << 8) | widthLow];
  const pixels = widthPx * heightPx;
  if (pixels === 0 || pixels > maxPixels || count === 0 || count > 4 || segment.length < 8 + 3 * count)
    return undefined;
  const factors = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0, quantization = 0] = segment.subarray(8 + 3 * index);
    return { index, id, horizontal: sampling >> 4, vertical: sampling & 15, quantization };
  });
  if (factors.some(({ horizontal, vertical }) => horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4))
    return undefined;
  const most = {
    horizontal: Math.max(...factors.map(({ horizontal }) => horizontal)),
    vertical: Math.max(...factors.map(({ vertical }) => vertical)),
  };
  const mcusAcross = Math.ceil(widthPx / (8 * most.horizontal));
  const mcusDown = Math.ceil(heightPx / (8 * most.vertical));
  const components = factors.map((factor) => ({
    ...factor,
    blocksAcross: Math.ceil((widthPx * factor.horizontal) / most.horizontal / 8),
    blocksDown: Math.ceil((heightPx * factor.vertical) / most.vertical / 8),
    storedAcross: mcusAcross * factor.horizontal,
    nonZero: new Uint8Array(progressive ? mcusAcross * factor.horizontal * mcusDown * factor.vertical * 8 : 0),
    lowest: new Uint8Array(64).fill(99),
  }));
  return { progressive, widthPx, heightPx, ...most, mcusAcross, mcusDown, components };
}

/** A component in a scan, and its tables there. */
export interface ScanPart {
  readonly component: JpegComponent;
  readonly dc: HuffmanTable;
  readonly ac: HuffmanTable;
}

/** What an SOS segment says (B.2.3), and the tables that are valid then. */
export interface Scan {
  readonly parts: readonly [ScanPart, ...ScanPart[]];
  readonly from: number;
  readonly to: number;
  readonly high: number;
  readonly low: number;
}

const noTable = makeHuffmanTable(new Uint8Array(16), new Uint8Array(0));

/** The Huffman tables that are valid, each kind in four places. */
export interface HuffmanTables {
  readonly dc: HuffmanTable[];
  readonly ac: HuffmanTable[];
}

/** Reads a DHT segment from its length field on (B.2.4.2). */
export function readHuffmanTables(segment: Uint8Array, { dc, ac }: HuffmanTables): void {
  let at = 2;
  while (at + 17 <= segment.length) {
    const place = segment[at] as number;
    const counts = segment.subarray(at + 1, at + 17);
    const symbols = counts.reduce((sum, count) => sum + count, 0);
    const table = makeHuffmanTable(counts, segment.subarray(at + 17, at + 17 + symbols));
    (place >> 4 === 0 ? dc : ac)[place & 3] = table;
    at += 17 + symbols;
  }
}

/** Reads an SOS segment from its length field on. Undefined when it makes no sense. */
export function readJpegScan(segment: Uint8Array, frame: JpegFrame, tables: HuffmanTables): Scan | undefined {
  const count = segment[2] ?? 0;
  const [from = 0, to = 0, bits = 0] = segment.subarray(3 + 2 * count);
  if (count < 1 || count > 4 || segment.length < 6 + 2 * count) return undefined;
  const parts = Array.from({ length: count }, (_, index) => {
    const [id, numbers = 0] = segment.subarray(3 + 2 * index);
    const component = frame.components.find((each) => each.id === id);
    // A progressive scan needs one of the two.
    const missing = frame.progressive ? noTable : undefined;
    const [dc, ac] = [tables.dc[numbers >> 4] ?? missing, tables.ac[numbers & 15] ?? missing];
    return component && dc && ac && { component, dc, ac };
  });
  const [first, ...others] = parts.filter((part) => part !== undefined);
  if (first === undefined || others.length + 1 < count) return undefined;
  const known = [first, ...others] as const;
  if (!frame.progressive) return { parts: known, from: 0, to: 63, high: 0, low: 0 };
  if (from > to || to > 63 || (from > 0 && count > 1)) return undefined;
  return { parts: known, from, to, high: bits >> 4, low: bits & 15 };
}

/** Whether every coefficient of the picture has come, to its last bit. */
export function isFullyRefined({ components }: JpegFrame): boolean {
  return components.every(({ lowest }) => lowest.every((bit) => bit === 0));
}
