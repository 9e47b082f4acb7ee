import { JpegBits } from "./bits.ts";
import type { JpegFrame, Scan } from "./frame.ts";
import { type Step, stepProgressive, stepSequential } from "./steps.ts";

/** Goes through the entropy-coded bits of a scan, MCU by MCU. */
export class ScanWalk {
  readonly bits: JpegBits;
  /** MCUs: those of a component that is alone are its blocks. */
  readonly across: number;
  readonly down: number;
  /** Where the restart markers stand that were met, in their order. */
  readonly restarts: number[] = [];
  /** The next MCU. */
  mcu = 0;
  readonly #bytes: Uint8Array;
  readonly #scan: Scan;
  readonly #restartInterval: number;
  readonly #step: Step;

  constructor(
    bytes: Uint8Array,
    start: number,
    scan: Scan,
    frame: JpegFrame,
    restartInterval: number,
    makeStep: (bits: JpegBits) => Step,
  ) {
    const [{ component }] = scan.parts;
    this.#bytes = bytes;
    this.#scan = scan;
    this.#restartInterval = restartInterval;
    this.bits = new JpegBits(bytes, start);
    this.#step = makeStep(this.bits);
    this.across = this.isAlone ? component.blocksAcross : frame.mcusAcross;
    this.down = this.isAlone ? component.blocksDown : frame.mcusDown;
  }

  get isAlone(): boolean {
    return this.#scan.parts.length === 1;
  }

  get isAtEnd(): boolean {
    return this.mcu >= this.across * this.down;
  }

  /** Steps over all MCUs before this one; false when the bits end before, or are none. */
  walkTo(mcu: number): boolean {
    for (; this.mcu < mcu; this.mcu++) {
      if (this.#restartInterval > 0 && this.mcu > 0 && this.mcu % this.#restartInterval === 0 && !this.#restart())
        return false;
      if (!this.#stepOver(Math.floor(this.mcu / this.across), this.mcu % this.across)) return false;
    }
    return true;
  }

  #restart(): boolean {
    const bytes = this.#bytes;
    let at = bytes.indexOf(0xff, this.bits.align());
    while (at !== -1 && bytes[at + 1] === 0xff) at += 1;
    const code = bytes[at + 1] ?? 0;
    if (at === -1 || code < 0xd0 || code > 0xd7) return false;
    this.restarts.push(at);
    this.bits.skipTo(at + 2);
    this.#step.restart();
    return true;
  }

  #stepOver(row: number, column: number): boolean {
    const { parts } = this.#scan;
    if (parts.length === 1) return this.#step.over(row, column, parts[0]);
    for (const part of parts) {
      const { horizontal, vertical } = part.component;
      for (let y = 0; y < vertical; y++) {
        for (let x = 0; x < horizontal; x++) {
          if (!this.#step.over(row * vertical + y, column * horizontal + x, part)) return false;
        }
      }
    }
    return true;
  }

  /** Goes on at a place that `bits` has kept, before this MCU. */
  goTo(mcu: number, places: Int32Array, at: number): void {
    this.mcu = mcu;
    this.restarts.length = 0;
    this.bits.goTo(places, at);
  }
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
  const walk = new ScanWalk(bytes, start, scan, frame, restartInterval, (bits) =>
    frame.progressive ? stepProgressive(bits, scan) : stepSequential(bits, new Int32Array(4)),
  );
  if (!walk.walkTo(walk.across * walk.down)) return undefined;
  for (const { component } of scan.parts) {
    for (let at = scan.from; at <= scan.to; at++) component.lowest[at] = scan.low;
  }
  return { end: walk.bits.align(), restarts: walk.restarts, strays: walk.bits.strays };
}
