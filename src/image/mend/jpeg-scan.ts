import { type HuffmanTable, JpegBits, makeHuffmanTable } from "./jpeg-bits.ts";

/** More than any product takes. Their coefficients' bits would fill the memory. */
const maxPixels = 500_000_000;

interface JpegComponent {
  readonly id: number;
  readonly horizontal: number;
  readonly vertical: number;
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
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly components: readonly JpegComponent[];
}

/** Reads an SOF segment of a Huffman-coded JPEG (ISO/IEC 10918-1, B.2.2), from its length field on. Undefined when it makes no sense. */
export function readJpegFrame(segment: Uint8Array, progressive: boolean): JpegFrame | undefined {
  const [, , , heightHigh = 0, heightLow = 0, widthHigh = 0, widthLow = 0, count = 0] = segment;
  const [width, height] = [(widthHigh << 8) | widthLow, (heightHigh << 8) | heightLow];
  if (width * height === 0 || width * height > maxPixels || count === 0 || count > 4 || segment.length < 8 + 3 * count)
    return undefined;
  const factors = Array.from({ length: count }, (_, index) => {
    const [id = 0, sampling = 0] = segment.subarray(8 + 3 * index);
    return { id, horizontal: sampling >> 4, vertical: sampling & 15 };
  });
  if (factors.some(({ horizontal, vertical }) => horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4))
    return undefined;
  const most = {
    horizontal: Math.max(...factors.map(({ horizontal }) => horizontal)),
    vertical: Math.max(...factors.map(({ vertical }) => vertical)),
  };
  const mcusAcross = Math.ceil(width / (8 * most.horizontal));
  const mcusDown = Math.ceil(height / (8 * most.vertical));
  const components = factors.map(({ id, horizontal, vertical }) => ({
    id,
    horizontal,
    vertical,
    blocksAcross: Math.ceil((width * horizontal) / most.horizontal / 8),
    blocksDown: Math.ceil((height * vertical) / most.vertical / 8),
    storedAcross: mcusAcross * horizontal,
    nonZero: new Uint8Array(progressive ? mcusAcross * horizontal * mcusDown * vertical * 8 : 0),
    lowest: new Uint8Array(64).fill(99),
  }));
  return { progressive, mcusAcross, mcusDown, components };
}

/** What an SOS segment says (B.2.3), and the tables that are valid then. */
interface Scan {
  readonly parts: readonly {
    readonly component: JpegComponent;
    readonly dc: HuffmanTable;
    readonly ac: HuffmanTable;
  }[];
  readonly from: number;
  readonly to: number;
  readonly high: number;
  readonly low: number;
}

const noTable = makeHuffmanTable(new Uint8Array(16), new Uint8Array(0));

/** Reads an SOS segment from its length field on. Undefined when it makes no sense. */
export function readJpegScan(
  segment: Uint8Array,
  frame: JpegFrame,
  tables: { readonly dc: readonly HuffmanTable[]; readonly ac: readonly HuffmanTable[] },
): Scan | undefined {
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
  const known = parts.filter((part) => part !== undefined);
  if (known.length < count) return undefined;
  if (!frame.progressive) return { parts: known, from: 0, to: 63, high: 0, low: 0 };
  if (from > to || to > 63 || (from > 0 && count > 1)) return undefined;
  return { parts: known, from, to, high: bits >> 4, low: bits & 15 };
}

/** Steps over one block, whose index among the component's is `block`; false when that cannot be. */
type StepOver = (block: number, part: Scan["parts"][number]) => boolean;

function stepSequential(bits: JpegBits): StepOver {
  return (_, { dc, ac }) => {
    const difference = bits.decode(dc);
    if (difference < 0) return false;
    bits.read(difference & 15);
    for (let at = 1; at < 64 && !bits.exhausted; ) {
      const symbol = bits.decode(ac);
      if (symbol < 0) return false;
      const size = symbol & 15;
      if (size === 0 && symbol < 0xf0) break;
      at += (symbol >> 4) + 1;
      if (at > 64) return false;
      bits.read(size);
    }
    return !bits.exhausted;
  };
}

function stepDc(bits: JpegBits, { high }: Scan): StepOver {
  return (_, { dc }) => {
    const size = high === 0 ? bits.decode(dc) : 1;
    if (size > 0) bits.read(size & 15);
    return size >= 0 && !bits.exhausted;
  };
}

/** The same for the coefficients of a band, first or refined (G.1.2.2 and G.1.2.3). `begin` forgets the run of empty blocks. */
function stepAc(bits: JpegBits, { from, to, high }: Scan): { readonly step: StepOver; readonly begin: () => void } {
  let emptyBlocks = 0;
  const step: StepOver = (block, { component: { nonZero }, ac }) => {
    const base = block * 64;
    const isSet = (at: number): boolean => (((nonZero[(base + at) >> 3] as number) >> (at & 7)) & 1) === 1;
    const refineTo = (first: number, zeros: number): number => {
      let at = first;
      for (let left = zeros; at <= to; at++) {
        if (isSet(at)) bits.read(1);
        else if (left-- === 0) break;
      }
      return at;
    };
    let at = from;
    while (emptyBlocks === 0 && at <= to) {
      const symbol = bits.decode(ac);
      if (symbol < 0) return false;
      const [run, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && run < 15) {
        emptyBlocks = (1 << run) + bits.read(run);
        break;
      }
      if (size > 0) bits.read(high === 0 ? size : 1);
      at = high === 0 ? at + run : refineTo(at, run);
      if (size > 0 && at <= to) (nonZero[(base + at) >> 3] as number) |= 1 << (at & 7);
      at += 1;
      if (bits.exhausted) return false;
    }
    if (emptyBlocks > 0) {
      emptyBlocks -= 1;
      if (high !== 0) refineTo(at, 64);
    }
    return !bits.exhausted;
  };
  return { step, begin: () => (emptyBlocks = 0) };
}

/** Steps over the blocks of the MCU with this index. */
function stepMcu({ parts }: Scan, frame: JpegFrame, step: StepOver): (mcu: number) => boolean {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) {
    const { blocksAcross, storedAcross } = first.component;
    return (mcu) => step(Math.floor(mcu / blocksAcross) * storedAcross + (mcu % blocksAcross), first);
  }
  return (mcu) => {
    const [row, column] = [Math.floor(mcu / frame.mcusAcross), mcu % frame.mcusAcross];
    return parts.every((part) => {
      const { horizontal, vertical, storedAcross } = part.component;
      for (let y = 0; y < vertical; y++) {
        for (let x = 0; x < horizontal; x++) {
          if (!step((row * vertical + y) * storedAcross + column * horizontal + x, part)) return false;
        }
      }
      return true;
    });
  };
}

interface ScanEnd {
  /** The offset behind the last byte of its bits. */
  readonly end: number;
  /** Where restart markers stand, in their order. */
  readonly restarts: readonly number[];
  /** Where markers without any meaning stand between the bits. */
  readonly strays: readonly number[];
}

/**
 * Steps over the entropy-coded bits of a scan from `start` on, without making any pixel of them. Undefined when they end before
 * the last block does, or are none. Takes time in proportion to the bytes and the blocks.
 */
export function findScanEnd(
  bytes: Uint8Array,
  start: number,
  scan: Scan,
  frame: JpegFrame,
  restartInterval: number,
): ScanEnd | undefined {
  const bits = new JpegBits(bytes, start);
  const ac = stepAc(bits, scan);
  const step = !frame.progressive ? stepSequential(bits) : scan.from === 0 ? stepDc(bits, scan) : ac.step;
  const stepOver = stepMcu(scan, frame, step);
  const [first] = scan.parts;
  const isAlone = scan.parts.length === 1 && first !== undefined;
  const mcus = isAlone ? first.component.blocksAcross * first.component.blocksDown : frame.mcusAcross * frame.mcusDown;
  const restarts: number[] = [];
  for (let mcu = 0; mcu < mcus; mcu++) {
    if (restartInterval > 0 && mcu > 0 && mcu % restartInterval === 0) {
      let at = bytes.indexOf(0xff, bits.align());
      while (at !== -1 && bytes[at + 1] === 0xff) at += 1;
      const code = bytes[at + 1] ?? 0;
      if (at === -1 || code < 0xd0 || code > 0xd7) return undefined;
      restarts.push(at);
      bits.skipTo(at + 2);
      ac.begin();
    }
    if (!stepOver(mcu)) return undefined;
  }
  for (const { component } of scan.parts) {
    for (let at = scan.from; at <= scan.to; at++) component.lowest[at] = scan.low;
  }
  return { end: bits.align(), restarts, strays: bits.strays };
}

/** Whether every coefficient of the picture has come, to its last bit. */
export function isFullyRefined({ components }: JpegFrame): boolean {
  return components.every(({ lowest }) => lowest.every((bit) => bit === 0));
}
