/** A Huffman table as a JPEG's DHT segment gives it: ISO/IEC 10918-1, annex C. */
export interface HuffmanTable {
  /** Length and symbol of what the next nine bits begin with: `length << 8 | symbol`, or 0 when the code is longer. */
  readonly short: Uint16Array;
  /** By the code's length, 1 to 16: the first code that is too large for it, and what to take off to find its symbol. */
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

const shortBits = 9;

/** `counts` are those of the codes with 1 to 16 bits. */
export function makeHuffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const table = {
    short: new Uint16Array(1 << shortBits),
    limits: new Int32Array(17),
    offsets: new Int32Array(17),
    symbols,
  };
  let code = 0;
  let index = 0;
  for (let length = 1; length <= 16; length++) {
    table.offsets[length] = code - index;
    for (let count = counts[length - 1] ?? 0; count > 0; count--, code++, index++) {
      if (length <= shortBits) {
        const shift = shortBits - length;
        table.short.fill((length << 8) | (symbols[index] ?? 0), code << shift, (code + 1) << shift);
      }
    }
    table.limits[length] = code;
    code <<= 1;
  }
  return table;
}

/** Numbers that a place between the bits is kept in. */
export const placeNumbers = 3;

/** Reads the entropy-coded bits of a scan. Whatever is asked for behind their end makes it `exhausted`, and is 0. */
export class JpegBits {
  exhausted = false;
  /** Where markers without any meaning stand between the bits: they are stepped over when more bits are needed. */
  readonly strays: number[] = [];
  readonly #bytes: Uint8Array;
  #at: number;
  /** The lowest `#held` of them are still to be read. */
  #bits = 0;
  #held = 0;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  /** Holds at least 25 bits, if there are as many. */
  #fill(): void {
    const bytes = this.#bytes;
    while (this.#held <= 24) {
      const byte = bytes[this.#at];
      if (byte === undefined) return;
      if (byte === 0xff) {
        const next = bytes[this.#at + 1];
        if (next !== undefined && next >= 0x02 && next <= 0xbf) {
          this.strays.push(this.#at);
          this.#at += 2;
          continue;
        }
        if (next !== 0) return;
        this.#at += 1;
      }
      this.#at += 1;
      this.#bits = (this.#bits << 8) | byte;
      this.#held += 8;
    }
  }

  /** The next `count` bits, up to 16. */
  read(count: number): number {
    if (this.#held < count) this.#fill();
    if (this.#held < count) {
      this.exhausted = true;
      return 0;
    }
    this.#held -= count;
    return (this.#bits >>> this.#held) & ((1 << count) - 1);
  }

  /** The number that the next `count` bits, up to 15, stand for (F.2.2.1). */
  readSigned(count: number): number {
    const value = this.read(count);
    return value < 1 << (count - 1) ? value - (1 << count) + 1 : value;
  }

  /** The next symbol; -1 when no code of the table is there. */
  decode({ short, limits, offsets, symbols }: HuffmanTable): number {
    if (this.#held < 16) this.#fill();
    const held = this.#held;
    const found = short[this.#peek(shortBits)] as number;
    if (found !== 0 && found >> 8 <= held) {
      this.#held = held - (found >> 8);
      return found & 0xff;
    }
    // One that has been found here is cut off by the end.
    for (let length = found === 0 ? shortBits + 1 : 17; length <= 16; length++) {
      const code = this.#peek(length);
      if (length > held) break;
      if (code < (limits[length] as number)) {
        this.#held = held - length;
        return symbols[code - (offsets[length] as number)] ?? -1;
      }
    }
    if (held < 16) this.exhausted = true;
    return -1;
  }

  /** The next bits, with zeros behind the last. */
  #peek(count: number): number {
    const left = this.#held - count;
    return (left >= 0 ? this.#bits >>> left : this.#bits << -left) & ((1 << count) - 1);
  }

  /** Drops the rest of a byte, and answers where the bits have ended: the offset behind the last byte that was begun. */
  align(): number {
    for (; this.#held >= 8; this.#held -= 8) {
      while (this.strays.length > 0 && (this.strays.at(-1) as number) + 2 >= this.#at)
        this.#at = this.strays.pop() as number;
      const isStuffed = this.#bytes[this.#at - 1] === 0 && this.#bytes[this.#at - 2] === 0xff;
      this.#at -= isStuffed ? 2 : 1;
    }
    this.#held = 0;
    this.#bits = 0;
    while (this.strays.length > 0 && (this.strays.at(-1) as number) >= this.#at) this.strays.pop();
    return this.#at;
  }

  /** Goes on at `offset`. */
  skipTo(offset: number): void {
    this.#at = offset;
  }

  /** Keeps the place before the next bit. */
  savePlace(places: Int32Array, at: number): void {
    places[at] = this.#at;
    places[at + 1] = this.#bits;
    places[at + 2] = this.#held;
  }

  goTo(places: Int32Array, at: number): void {
    this.#at = places[at] as number;
    this.#bits = places[at + 1] as number;
    this.#held = places[at + 2] as number;
    this.exhausted = false;
  }
}
