import type { Breathe } from "../rare/decoded.ts";
import type { JpegComponent, JpegFrame } from "./frame.ts";
import { type BlockSize, transforms } from "./idct.ts";
import type { JpegFile } from "./jpeg-file.ts";
import type { Columns, Plane, PlaneWindow } from "./planes.ts";
import { ProgressiveBlocks } from "./progressive.ts";
import { type BlockSource, SequentialBlocks } from "./sequential.ts";
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

/** A row of MCUs, decoded. */
interface DecodedRow {
  readonly row: number;
  readonly columns: Columns;
  readonly planes: readonly Plane[];
}

/** Decodes the samples of any part of a JPEG. */
export class SampleReader {
  readonly components: readonly SampledComponent[];
  readonly #file: JpegFile;
  readonly #source: BlockSource;
  /** Two parts that follow each other share a row. */
  #last: DecodedRow | undefined;

  /** `sequential` is shared by readers of all sizes. */
  constructor(file: JpegFile, size: BlockSize, sequential: SequentialBlocks | undefined) {
    this.#file = file;
    this.components = sampledComponents(file.frame, size);
    this.#source =
      sequential ??
      new ProgressiveBlocks(
        file,
        this.components.map((component) => component.size),
      );
  }

  /** Fills a window of each component. Throws DecodeError where bits are missing, or what `breathe` does between rows of blocks. */
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
      const { planes } = await this.#decodeRow(row, columns, breathe);
      for (const [index, window] of windows.entries()) this.#copy(index, row, columns, planes[index] as Plane, window);
      await breathe();
    }
  }

  async #decodeRow(row: number, columns: Columns, breathe: Breathe): Promise<DecodedRow> {
    const last = this.#last;
    if (last?.columns.from === columns.from && last.columns.to === columns.to) {
      if (last.row === row) return last;
    }
    await this.#source.prepare(row, columns, breathe);
    // The same memory, where it fits.
    const planes =
      last !== undefined && last.columns.to - last.columns.from === columns.to - columns.from
        ? last.planes
        : this.#makePlanes(columns.to - columns.from);
    this.#last = undefined;
    this.#source.readRow(row, columns, this.#writeBlocks(row, columns, planes));
    this.#last = { row, columns, planes };
    return this.#last;
  }

  #makePlanes(mcus: number): readonly Plane[] {
    return this.#file.frame.components.map(({ horizontal, vertical, index }) => {
      const { size } = this.components[index] as SampledComponent;
      const stride = mcus * horizontal * size;
      return { samples: new Uint8ClampedArray(stride * vertical * size), stride };
    });
  }

  #writeBlocks(mcuRow: number, { from, to }: Columns, planes: readonly Plane[]): TakeBlock {
    const { frame, quantizations } = this.#file;
    const targets = frame.components.map(({ horizontal, vertical, index }) => ({
      size: (this.components[index] as SampledComponent).size,
      makeSamples: transforms[(this.components[index] as SampledComponent).size],
      quantization: quantizations[index] as Uint16Array,
      plane: planes[index] as Plane,
      left: from * horizontal,
      right: to * horizontal,
      top: mcuRow * vertical,
    }));
    return (component, row, column, block) => {
      const target = targets[component] as (typeof targets)[number];
      const { plane, size, left, top } = target;
      if (column < left || column >= target.right) return;
      target.makeSamples(block, target.quantization, plane, ((row - top) * plane.stride + column - left) * size);
    };
  }

  #copy(index: number, mcuRow: number, { from }: Columns, { samples, stride }: Plane, window: PlaneWindow): void {
    const { horizontal, vertical } = this.#file.frame.components[index] as JpegComponent;
    const { size } = this.components[index] as SampledComponent;
    const top = mcuRow * vertical * size;
    const left = window.x - from * horizontal * size;
    const end = Math.min(top + vertical * size, window.y + window.height);
    for (let y = Math.max(top, window.y); y < end; y++) {
      const at = (y - top) * stride + left;
      window.samples.set(samples.subarray(at, at + window.width), (y - window.y) * window.width);
    }
  }
}
