import type { Breathe } from "../rare/decoded.ts";
import type { JpegComponent, JpegFrame } from "./frame.ts";
import { type BlockSize, transforms } from "./idct.ts";
import type { JpegFile } from "./jpeg-file.ts";
import type { Columns, Plane, PlaneWindow } from "./planes.ts";
import { ProgressiveBlocks } from "./progressive.ts";
import type { BlockSource, SequentialBlocks } from "./sequential.ts";
import type { TakeBlock } from "./steps.ts";

/** A component at the size that the picture is decoded at. */
export interface SampledComponent {
  readonly size: BlockSize;
  readonly widthPx: number;
  readonly heightPx: number;
  /** The picture's pixels for each of its samples, in a row and from row to row. */
  readonly across: number;
  readonly down: number;
}

/** As libjpeg does it, a component of fewer samples is shrunk less, so that there is something of it for each pixel where possible. */
function sizeOf({ horizontal, vertical }: JpegComponent, frame: JpegFrame, size: BlockSize): BlockSize {
  let own = size as number;
  while (
    own < 8 &&
    (frame.horizontal * size) % (horizontal * own * 2) === 0 &&
    (frame.vertical * size) % (vertical * own * 2) === 0
  )
    own *= 2;
  return own as BlockSize;
}

/** The components of a picture of which a block becomes `size` x `size` pixels. */
export function sampledComponents(frame: JpegFrame, size: BlockSize): readonly SampledComponent[] {
  return frame.components.map((component) => {
    const own = sizeOf(component, frame, size);
    const across = (frame.horizontal * size) / (component.horizontal * own);
    const down = (frame.vertical * size) / (component.vertical * own);
    return {
      size: own,
      widthPx: Math.ceil((frame.widthPx * component.horizontal * own) / (frame.horizontal * 8)),
      heightPx: Math.ceil((frame.heightPx * component.vertical * own) / (frame.vertical * 8)),
      across,
      down,
    };
  });
}

/** Rows and columns of MCUs, decoded or to be. */
interface DecodedPart {
  readonly top: number;
  readonly columns: Columns;
  readonly planes: readonly Plane[];
}

/** Rows of a picture whose samples take no more than this are decoded but once: the same parts are drawn again and again. */
const maxKeptBytes = 64_000_000;

/** Decodes the samples of any part of a JPEG. */
export class SampleReader {
  readonly components: readonly SampledComponent[];
  /** What all samples take, if they are kept. */
  readonly keptBytes: number;
  readonly #file: JpegFile;
  readonly #source: BlockSource;
  /** All of the picture, if it is kept, and which rows of it are there; else the last row, which two parts that follow each other share. */
  #decoded: DecodedPart | undefined;
  readonly #rows = new Set<number>();

  /** `sequential` is shared by readers of all sizes. */
  constructor(file: JpegFile, size: BlockSize, sequential: SequentialBlocks | undefined) {
    this.#file = file;
    this.components = sampledComponents(file.frame, size);
    const sizes = this.components.map((component) => component.size);
    this.#source = sequential ?? new ProgressiveBlocks(file, sizes);
    const { mcusAcross, mcusDown, components } = file.frame;
    const perMcu = components.reduce(
      (sum, { horizontal, vertical, index }) => sum + horizontal * vertical * (sizes[index] as number) ** 2,
      0,
    );
    const bytes = mcusAcross * mcusDown * perMcu;
    this.keptBytes = bytes <= maxKeptBytes ? bytes : 0;
  }

  /** Fills a window of each component. Throws DamageError where bits are missing, or what `breathe` does between rows of blocks. */
  async read(windows: readonly PlaneWindow[], breathe: Breathe): Promise<void> {
    const spans = this.#file.frame.components.map(({ horizontal, vertical, index }) => {
      const { size } = this.components[index] as SampledComponent;
      const { x, y, width, height } = windows[index] as PlaneWindow;
      return {
        left: Math.floor(x / (size * horizontal)),
        right: Math.ceil((x + width) / (size * horizontal)),
        top: Math.floor(y / (size * vertical)),
        bottom: Math.ceil((y + height) / (size * vertical)),
      };
    });
    const columns = {
      from: Math.min(...spans.map(({ left }) => left)),
      to: Math.max(...spans.map(({ right }) => right)),
    };
    const bottom = Math.max(...spans.map((span) => span.bottom));
    for (let row = Math.min(...spans.map(({ top }) => top)); row < bottom; row++) {
      const part = await this.#decodeRow(row, columns, breathe);
      for (const [index, window] of windows.entries()) this.#copy(index, row, part, window);
      await breathe();
    }
  }

  async #decodeRow(row: number, wanted: Columns, breathe: Breathe): Promise<DecodedPart> {
    const part = this.#partFor(row, wanted);
    if (this.#rows.has(row)) return part;
    await this.#source.prepare(row, part.columns, breathe);
    this.#source.readRow(row, part.columns, this.#writeBlocks(part));
    this.#rows.add(row);
    return part;
  }

  /** Where the row is, or is to be decoded. */
  #partFor(row: number, wanted: Columns): DecodedPart {
    const { mcusAcross, mcusDown } = this.#file.frame;
    const last = this.#decoded;
    if (this.keptBytes > 0) {
      const all = { from: 0, to: mcusAcross };
      return (this.#decoded = last ?? { top: 0, columns: all, planes: this.#makePlanes(mcusAcross, mcusDown) });
    }
    const isSame = last?.columns.from === wanted.from && last.columns.to === wanted.to;
    if (last !== undefined && isSame && last.top === row) return last;
    this.#rows.clear();
    const planes = last !== undefined && isSame ? last.planes : this.#makePlanes(wanted.to - wanted.from, 1);
    return (this.#decoded = { top: row, columns: wanted, planes });
  }

  #makePlanes(across: number, down: number): readonly Plane[] {
    return this.#file.frame.components.map(({ horizontal, vertical, index }) => {
      const { size } = this.components[index] as SampledComponent;
      const stride = across * horizontal * size;
      return { samples: new Uint8ClampedArray(stride * down * vertical * size), stride };
    });
  }

  #writeBlocks({ top, columns: { from, to }, planes }: DecodedPart): TakeBlock {
    const { frame, quantizations } = this.#file;
    const targets = frame.components.map(({ horizontal, vertical, index }) => ({
      size: (this.components[index] as SampledComponent).size,
      makeSamples: transforms[(this.components[index] as SampledComponent).size],
      quantization: quantizations[index] as Uint16Array,
      plane: planes[index] as Plane,
      left: from * horizontal,
      right: to * horizontal,
      top: top * vertical,
    }));
    return (component, row, column, block) => {
      const target = targets[component] as (typeof targets)[number];
      const { plane, size, left, top } = target;
      if (column < left || column >= target.right) return;
      target.makeSamples(block, target.quantization, plane, ((row - top) * plane.stride + column - left) * size);
    };
  }

  #copy(index: number, mcuRow: number, { top, columns, planes }: DecodedPart, window: PlaneWindow): void {
    const { horizontal, vertical } = this.#file.frame.components[index] as JpegComponent;
    const { size } = this.components[index] as SampledComponent;
    const { samples, stride } = planes[index] as Plane;
    const first = mcuRow * vertical * size;
    const left = window.x - columns.from * horizontal * size;
    const end = Math.min(first + vertical * size, window.y + window.height);
    for (let y = Math.max(first, window.y); y < end; y++) {
      const at = (y - top * vertical * size) * stride + left;
      window.samples.set(samples.subarray(at, at + window.width), (y - window.y) * window.width);
    }
  }
}
