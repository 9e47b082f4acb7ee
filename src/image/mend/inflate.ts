/** What a deflate stream holds, without keeping it. */
interface Inflated {
  /** Bytes that come out: of a broken stream, as many as come before that. */
  readonly bytes: number;
  /** The offset behind the stream's last block. Undefined when it is broken, or not at its end. */
  readonly end: number | undefined;
  /** Adler-32 of what comes out (RFC 1950, 8.2), unsigned. */
  readonly adler: number;
}

const lengthBases = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBases = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const distanceBits = [0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13];
const lengthsOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const windowBytes = 32_768;
const adlerModulus = 65_521;

/** How many codes there are of each length, and their symbols in order: RFC 1951, 3.2.2. */
interface Codes {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
  /** By the next nine bits as they lie in the stream: `symbol << 4 | length`, or 0 when the code is longer. */
  readonly short: Uint16Array;
}

function makeCodes(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(16);
  for (const length of lengths) (counts[length] as number) += 1;
  counts[0] = 0;
  const next = new Uint16Array(17);
  const offsets = new Uint16Array(17);
  for (let length = 1; length < 16; length++) {
    next[length + 1] = ((next[length] as number) + (counts[length] as number)) << 1;
    offsets[length + 1] = (offsets[length] as number) + (counts[length] as number);
  }
  const symbols = new Uint16Array(lengths.length);
  const short = new Uint16Array(512);
  for (const [symbol, length] of lengths.entries()) {
    if (length === 0) continue;
    symbols[(offsets[length] as number)++] = symbol;
    const code = (next[length] as number)++;
    if (length > 9) continue;
    let reversed = 0;
    for (let bit = 0; bit < length; bit++) reversed |= ((code >> bit) & 1) << (length - 1 - bit);
    for (let at = reversed; at < 512; at += 1 << length) short[at] = (symbol << 4) | length;
  }
  return { counts, symbols, short };
}

const fixedLiterals = makeCodes(
  Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)),
);
const fixedDistances = makeCodes(new Uint8Array(30).fill(5));

class Broken extends Error {}

class Inflater {
  bytes = 0;
  readonly #from: Uint8Array;
  readonly #window = new Uint8Array(windowBytes);
  readonly #maxBytes: number;
  #at: number;
  #bits = 0;
  #held = 0;
  #low = 1;
  #high = 0;

  constructor(from: Uint8Array, start: number, maxBytes: number) {
    this.#from = from;
    this.#at = start;
    this.#maxBytes = maxBytes;
  }

  get adler(): number {
    return ((this.#high << 16) | this.#low) >>> 0;
  }

  #read(count: number): number {
    while (this.#held < count) {
      const byte = this.#from[this.#at];
      if (byte === undefined) throw new Broken();
      this.#at += 1;
      this.#bits |= byte << this.#held;
      this.#held += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#held -= count;
    return value;
  }

  #decode({ counts, symbols, short }: Codes): number {
    while (this.#held < 9 && this.#at < this.#from.length) {
      this.#bits |= (this.#from[this.#at++] as number) << this.#held;
      this.#held += 8;
    }
    const found = short[this.#bits & 511] as number;
    if (found !== 0 && (found & 15) <= this.#held) {
      this.#bits >>>= found & 15;
      this.#held -= found & 15;
      return found >> 4;
    }
    let [code, first, index] = [0, 0, 0];
    for (let length = 1; length < 16; length++) {
      code |= this.#read(1);
      const count = counts[length] as number;
      if (code - count < first) return symbols[index + code - first] as number;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Broken();
  }

  #write(byte: number): void {
    if (this.bytes === this.#maxBytes) throw new Broken();
    this.#window[this.bytes % windowBytes] = byte;
    this.bytes += 1;
    this.#low += byte;
    if (this.#low >= adlerModulus) this.#low -= adlerModulus;
    this.#high += this.#low;
    if (this.#high >= adlerModulus) this.#high -= adlerModulus;
  }

  #copyStored(): void {
    // The bytes that were read ahead are given back.
    this.#at -= this.#held >> 3;
    [this.#bits, this.#held] = [0, 0];
    const length = this.#read(16);
    if ((length ^ this.#read(16)) !== 0xffff) throw new Broken();
    for (let count = 0; count < length; count++) this.#write(this.#read(8));
  }

  #readTables(): readonly [literals: Codes, distances: Codes] {
    const [literals, distances, count] = [this.#read(5) + 257, this.#read(5) + 1, this.#read(4) + 4];
    const ofLengths = new Uint8Array(19);
    for (const place of lengthsOrder.slice(0, count)) ofLengths[place] = this.#read(3);
    const codes = makeCodes(ofLengths);
    const lengths = new Uint8Array(literals + distances);
    for (let at = 0; at < lengths.length; ) {
      const symbol = this.#decode(codes);
      if (symbol < 16) {
        lengths[at++] = symbol;
        continue;
      }
      const repeated = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
      const times = symbol === 16 ? 3 + this.#read(2) : symbol === 17 ? 3 + this.#read(3) : 11 + this.#read(7);
      if (at + times > lengths.length) throw new Broken();
      lengths.fill(repeated, at, at + times);
      at += times;
    }
    return [makeCodes(lengths.subarray(0, literals)), makeCodes(lengths.subarray(literals))];
  }

  #expand(literals: Codes, distances: Codes): void {
    for (;;) {
      const symbol = this.#decode(literals);
      if (symbol === 256) return;
      if (symbol < 256) {
        this.#write(symbol);
        continue;
      }
      const length = (lengthBases[symbol - 257] ?? 0) + this.#read(lengthBits[symbol - 257] ?? 0);
      const far = this.#decode(distances);
      const distance = (distanceBases[far] ?? 0) + this.#read(distanceBits[far] ?? 0);
      if (length === 0 || distance === 0 || distance > this.bytes) throw new Broken();
      for (let count = 0; count < length; count++) {
        this.#write(this.#window[(this.bytes - distance) % windowBytes] as number);
      }
    }
  }

  /** All blocks; answers where they end. */
  run(): number {
    for (let isLast = false; !isLast; ) {
      isLast = this.#read(1) === 1;
      const kind = this.#read(2);
      if (kind === 0) this.#copyStored();
      else if (kind === 1) this.#expand(fixedLiterals, fixedDistances);
      else if (kind === 2) this.#expand(...this.#readTables());
      else throw new Broken();
    }
    return this.#at - (this.#held >> 3);
  }
}

/** Goes through a deflate stream (RFC 1951) that begins at `start`, and stops when more than `maxBytes` come out. Never throws. */
export function measureDeflated(from: Uint8Array, start: number, maxBytes: number): Inflated {
  const inflater = new Inflater(from, start, maxBytes);
  let end: number | undefined;
  try {
    end = inflater.run();
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
  }
  return { bytes: inflater.bytes, end, adler: inflater.adler };
}
