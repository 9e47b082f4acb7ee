/** Undoes zlib. */
export type Inflate = (bytes: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

const maxFontBytes = 4 * 1024 * 1024;
const signature = 0x774f4646;

/** The font within a WOFF file, as its shaper takes it. Throws a RangeError where it is none, or greater than 4 MB. Source: WOFF File Format 1.0, W3C, 2012. */
export async function unpackWoff(file: Uint8Array<ArrayBuffer>, inflate: Inflate): Promise<Uint8Array<ArrayBuffer>> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (view.getUint32(0) !== signature) throw new RangeError("not a WOFF file");
  const [tables, size] = [view.getUint16(12), view.getUint32(16)];
  if (size > maxFontBytes) throw new RangeError(`a font of ${size} bytes`);
  const font = new Uint8Array(size);
  const out = new DataView(font.buffer);
  out.setUint32(0, view.getUint32(4));
  out.setUint16(4, tables);
  const power = 2 ** Math.floor(Math.log2(tables));
  out.setUint16(6, power * 16);
  out.setUint16(8, Math.log2(power));
  out.setUint16(10, (tables - power) * 16);
  let at = 12 + tables * 16;
  for (let table = 0; table < tables; table++) {
    const entry = 44 + table * 20;
    const [offset, packedLength, length] = [4, 8, 12].map((field) => view.getUint32(entry + field)) as [
      number,
      number,
      number,
    ];
    const packed = file.slice(offset, offset + packedLength);
    const bytes = packedLength < length ? await inflate(packed) : packed;
    if (bytes.length !== length) throw new RangeError("a table of another length");
    const record = 12 + table * 16;
    out.setUint32(record, view.getUint32(entry));
    out.setUint32(record + 4, view.getUint32(entry + 16));
    out.setUint32(record + 8, at);
    out.setUint32(record + 12, length);
    font.set(bytes, at);
    // Tables begin at multiples of four.
    at += (length + 3) & ~3;
  }
  return font;
}
