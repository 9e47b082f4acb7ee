/** What an encoder may choose that photos made by sharp do not show. */
export interface JpegShape {
  readonly widthPx: number;
  readonly heightPx: number;
  /** Sampling factors of each component: in a row, and from row to row. */
  readonly samplings: readonly (readonly [horizontal: number, vertical: number])[];
  readonly ids?: readonly number[];
  readonly restartInterval?: number;
  /** Each component in a scan of its own. */
  readonly apart?: boolean;
  /** Adobe's marker says so: 0 for colours as they are, 1 for YCbCr, 2 for YCCK. */
  readonly adobe?: number;
  /** Whole segments. */
  readonly segments?: readonly Uint8Array[];
}

function segment(marker: number, ...content: readonly number[]): number[] {
  const length = content.length + 2;
  return [0xff, marker, length >> 8, length & 255, ...content];
}

/** Codes of 8 bits: each symbol is its own. */
function flatTable(place: number, symbols: number): number[] {
  const counts = Array.from({ length: 16 }, (_, index) => (index === 7 ? symbols : 0));
  return segment(0xc4, place, ...counts, ...Array.from({ length: symbols }, (_, symbol) => symbol));
}

class BitWriter {
  readonly bytes: number[] = [];
  #bits = 0;
  #held = 0;

  write(value: number, count: number): void {
    for (let bit = count - 1; bit >= 0; bit--) {
      this.#bits = (this.#bits << 1) | ((value >> bit) & 1);
      this.#held += 1;
      if (this.#held < 8) continue;
      this.bytes.push(this.#bits, ...(this.#bits === 0xff ? [0] : []));
      this.#bits = 0;
      this.#held = 0;
    }
  }

  /** Zeros run before the number. */
  writeNumber(value: number, run: number): void {
    const size = 32 - Math.clz32(Math.abs(value));
    this.write((run << 4) | size, 8);
    this.write(value < 0 ? value + (1 << size) - 1 : value, size);
  }

  align(): void {
    while (this.#held > 0) this.write(1, 1);
  }
}

/** The numbers of a block, in the order of their frequencies: a wave of its own for each component, and something fine. */
function coefficientsAt(
  component: number,
  row: number,
  column: number,
): { mean: number; third: number; twelfth: number } {
  const wave = Math.sin(column / 3 + component) * Math.cos(row / 2 - component);
  return {
    mean: Math.round(40 * wave),
    third: ((row * 7 + column * 5 + component) % 13) - 6,
    twelfth: ((row * 3 + column * 11 + component) % 7) - 3,
  };
}

/** A baseline JPEG with something in every block. */
export function makeJpeg({ widthPx, heightPx, samplings, ...shape }: JpegShape): Uint8Array<ArrayBuffer> {
  const { restartInterval = 0, apart = false } = shape;
  const ids = shape.ids ?? samplings.map((_, index) => index + 1);
  const most = [0, 1].map((direction) => Math.max(...samplings.map((factors) => factors[direction] as number)));
  const head = [
    ...segment(0xdb, 0, ...Array.from({ length: 64 }, (_, at) => 8 + (at >> 2))),
    ...flatTable(0x00, 16),
    ...flatTable(0x10, 255),
    ...(shape.adobe === undefined ? [] : segment(0xee, 0x41, 0x64, 0x6f, 0x62, 0x65, 0, 100, 0, 0, 0, 0, shape.adobe)),
    ...segment(
      0xc0,
      8,
      heightPx >> 8,
      heightPx & 255,
      widthPx >> 8,
      widthPx & 255,
      samplings.length,
      ...samplings.flatMap(([h, v], index) => [ids[index] as number, (h << 4) | v, 0]),
    ),
    ...segment(0xdd, restartInterval >> 8, restartInterval & 255),
  ];
  const all = samplings.map((_, index) => index);
  const scans = (apart ? all.map((index) => [index]) : [all]).flatMap((components) => {
    const bits = new BitWriter();
    const means = samplings.map(() => 0);
    const writeBlock = (component: number, row: number, column: number): void => {
      const { mean, third, twelfth } = coefficientsAt(component, row, column);
      bits.writeNumber(mean - (means[component] as number), 0);
      means[component] = mean;
      if (third !== 0) bits.writeNumber(third, 2);
      if (twelfth !== 0) bits.writeNumber(twelfth, third === 0 ? 11 : 8);
      bits.write(0, 8);
    };
    const isAlone = components.length === 1;
    const sizeIn = (direction: 0 | 1, pixels: number): number => {
      const factor = samplings[components[0] as number]?.[direction] ?? 1;
      const unit = 8 * (most[direction] as number);
      return isAlone ? Math.ceil((pixels * factor) / unit) : Math.ceil(pixels / unit);
    };
    const [mcusAcross, mcusDown] = [sizeIn(0, widthPx), sizeIn(1, heightPx)];
    for (let mcu = 0; mcu < mcusAcross * mcusDown; mcu++) {
      if (restartInterval > 0 && mcu > 0 && mcu % restartInterval === 0) {
        bits.align();
        bits.bytes.push(0xff, 0xd0 + ((mcu / restartInterval - 1) & 7));
        means.fill(0);
      }
      const [row, column] = [Math.floor(mcu / mcusAcross), mcu % mcusAcross];
      for (const component of components) {
        const [h, v] = isAlone ? [1, 1] : (samplings[component] as readonly [number, number]);
        for (let y = 0; y < v; y++) for (let x = 0; x < h; x++) writeBlock(component, row * v + y, column * h + x);
      }
    }
    bits.align();
    const parts = components.flatMap((index) => [ids[index] as number, 0]);
    return [...segment(0xda, components.length, ...parts, 0, 63, 0), ...bits.bytes];
  });
  const extra = (shape.segments ?? []).flatMap((each) => [...each]);
  return Uint8Array.from([0xff, 0xd8, ...extra, ...head, ...scans, 0xff, 0xd9]);
}
