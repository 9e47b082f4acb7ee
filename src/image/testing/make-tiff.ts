/** A tag and its values: numbers of 16 or 32 bits as they need, or bytes. */
type Tags = Readonly<Record<number, readonly number[] | Uint8Array>>;

export interface TiffOptions {
  readonly littleEndian?: boolean;
  /** BigTIFF. */
  readonly isBig?: boolean;
}

/** A TIFF of one page: these strips or tiles, and these tags without those of where they are. `blockTag` is 273 or 324. */
export function makeTiff(
  tags: Tags,
  blocks: readonly Uint8Array[],
  { littleEndian = true, isBig = false }: TiffOptions = {},
  blockTag: 273 | 324 = 273,
): Uint8Array<ArrayBuffer> {
  const headBytes = isBig ? 16 : 8;
  const offsets: number[] = [];
  let end = headBytes;
  for (const { length } of blocks) {
    offsets.push(end);
    end += length + (length % 2);
  }
  const all: Tags = {
    ...tags,
    [blockTag]: offsets,
    [blockTag === 273 ? 279 : 325]: blocks.map(({ length }) => length),
  };
  const entries = Object.entries(all).sort(([one], [other]) => Number(one) - Number(other));
  const typeOf = (values: readonly number[] | Uint8Array): readonly [type: number, size: number] =>
    values instanceof Uint8Array ? [7, 1] : values.some((value) => value > 0xffff) ? [4, 4] : [3, 2];
  const [countSize, entrySize, room] = isBig ? [8, 20, 8] : [2, 12, 4];
  const directory = end;
  let extra = directory + countSize + entries.length * entrySize + room;
  const total = entries.reduce((sum, [, values]) => sum + values.length * typeOf(values)[1] + 8, extra);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  const put = (at: number, size: number, value: number): void => {
    if (size === 1) view.setUint8(at, value);
    else if (size === 2) view.setUint16(at, value, littleEndian);
    else if (size === 4) view.setUint32(at, value, littleEndian);
    else view.setBigUint64(at, BigInt(value), littleEndian);
  };
  bytes.set(littleEndian ? [0x49, 0x49] : [0x4d, 0x4d]);
  put(2, 2, isBig ? 43 : 42);
  if (isBig) put(4, 2, 8);
  put(isBig ? 8 : 4, room, directory);
  for (const [index, block] of blocks.entries()) bytes.set(block, offsets[index]);
  put(directory, countSize, entries.length);
  for (const [index, [name, values]] of entries.entries()) {
    const at = directory + countSize + index * entrySize;
    const [type, size] = typeOf(values);
    put(at, 2, Number(name));
    put(at + 2, 2, type);
    put(at + 4, room, values.length);
    const start = values.length * size <= room ? at + 4 + room : extra;
    if (start === extra) {
      put(at + 4 + room, room, extra);
      extra += values.length * size + ((values.length * size) % 2);
    }
    for (let each = 0; each < values.length; each++) put(start + each * size, size, values[each] ?? 0);
  }
  return bytes.slice(0, extra);
}
