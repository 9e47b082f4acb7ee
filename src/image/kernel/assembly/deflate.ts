import { beginBits, endBits, writeBits } from "./bits";
import { assignCodes, Code, lengthOf } from "./huffman";
import { allocate } from "./memory";

// RFC 1951. One look for a match at each place, in the last 32 kB: photos have few, and flat colour has them everywhere.
const windowBytes: usize = 32768;
// Filtered samples cost 4 to 6 bits each: a shorter match costs more than what it stands for.
const leastMatch: usize = 5;
const longestMatch: usize = 258;
const hashBits = 15;
const heads = memory.data(4 << 15, 4);

const blockSymbols = 1 << 15;
/** Literals below 256; matches as 1 << 31, length - 3 << 16, distance - 1. */
const symbols = memory.data(4 << 15, 4);
let symbolCount = 0;

const endOfBlock = 256;
const literals = new Code(286, 15, memory.data(288 * 4, 4), memory.data(288 * 4, 4));
const distances = new Code(30, 15, memory.data(30 * 4, 4), memory.data(30 * 4, 4));
const lengths = new Code(19, 7, memory.data(19 * 4, 4), memory.data(19 * 4, 4));
const lengthOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

function count(code: Code, symbol: i32): void {
  const at = code.counts + ((<usize>symbol) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

function logarithm(value: u32): u32 {
  return 31 - clz(value);
}

/** Symbol, number of extra bits and their value of a match's length less 3. */
function lengthExtra(length: u32): u32 {
  return length < 8 || length === 255 ? 0 : logarithm(length) - 2;
}
function lengthSymbol(length: u32): u32 {
  if (length < 8) return 257 + length;
  if (length === 255) return 285;
  const extra = lengthExtra(length);
  return 261 + (extra << 2) + ((length >> extra) & 3);
}

/** The same of its distance less 1. */
function distanceExtra(distance: u32): u32 {
  return distance < 4 ? 0 : logarithm(distance) - 1;
}
function distanceSymbol(distance: u32): u32 {
  const extra = distanceExtra(distance);
  return distance < 4 ? distance : 2 + (extra << 1) + ((distance >> extra) & 1);
}

function note(symbol: u32): void {
  store<u32>(symbols + ((<usize>symbolCount) << 2), symbol);
  symbolCount++;
  if (symbolCount === blockSymbols) writeBlock(false);
}

function matchLength(one: usize, other: usize, end: usize): usize {
  const start = one;
  const limit = min(end, one + longestMatch);
  while (one + 8 <= limit) {
    const difference = load<u64>(one) ^ load<u64>(other);
    if (difference !== 0) return one - start + <usize>(ctz(difference) >> 3);
    one += 8;
    other += 8;
  }
  while (one < limit && load<u8>(one) === load<u8>(other)) {
    one++;
    other++;
  }
  return one - start;
}

/** Where the last place that began with the same four bytes is kept, or with others of the same hash. */
function headOf(at: usize): usize {
  return heads + ((<usize>((load<u32>(at) * 2654435761) >> (32 - hashBits))) << 2);
}

function findSymbols(from: usize, end: usize): void {
  memory.fill(heads, 0, 4 << hashBits);
  let at = from;
  let misses: usize = 0;
  while (at + 8 <= end) {
    const head = headOf(at);
    const candidate = load<usize>(head);
    store<usize>(head, at);
    if (candidate !== 0 && at - candidate <= windowBytes && load<u32>(candidate) === load<u32>(at)) {
      const length = matchLength(at, candidate, end);
      if (length >= leastMatch) {
        note((1 << 31) | ((<u32>(length - 3)) << 16) | <u32>(at - candidate - 1));
        at += length;
        // Runs of one byte are then found at a distance of one.
        store<usize>(headOf(at - 1), at - 1);
        misses = 0;
        continue;
      }
    }
    // Where there was none for long, there is none soon.
    for (let skipped = min<usize>(1 + (misses++ >> 6), 8); skipped > 0 && at < end; skipped--) note(load<u8>(at++));
  }
  while (at < end) note(load<u8>(at++));
}

function countSymbols(): void {
  memory.fill(literals.counts, 0, 288 * 4);
  memory.fill(distances.counts, 0, 30 * 4);
  // A code has two symbols at least.
  count(literals, endOfBlock);
  count(literals, 0);
  count(distances, 0);
  count(distances, 1);
  for (let index = 0; index < symbolCount; index++) {
    const symbol = load<u32>(symbols + ((<usize>index) << 2));
    if (symbol < 256) {
      count(literals, symbol);
    } else {
      count(literals, lengthSymbol((symbol >> 16) & 255));
      count(distances, distanceSymbol(symbol & 0xffff));
    }
  }
}

function writeSymbols(): void {
  for (let index = 0; index < symbolCount; index++) {
    const symbol = load<u32>(symbols + ((<usize>index) << 2));
    if (symbol < 256) {
      writeCode(literals, symbol, 0, 0);
    } else {
      const length = (symbol >> 16) & 255;
      const distance = symbol & 0xffff;
      writeCode(literals, lengthSymbol(length), length, lengthExtra(length));
      writeCode(distances, distanceSymbol(distance), distance, distanceExtra(distance));
    }
  }
  writeCode(literals, endOfBlock, 0, 0);
}

/** A symbol, and the lowest `extra` bits of the value that it stands for. */
function writeCode(code: Code, symbol: u32, value: u32, extra: u32): void {
  const entry = load<u32>(code.codes + ((<usize>symbol) << 2));
  const length = entry >> 24;
  const low = value & ((1 << extra) - 1);
  writeBits(<u64>(entry & 0xffffff) | ((<u64>low) << length), <u64>(length + extra));
}

/** The last symbol that comes, of those from `least` on. */
function lastUsed(code: Code, least: i32): i32 {
  let last = code.symbols - 1;
  while (last > least && lengthOf(code, last) === 0) last--;
  return last;
}

function lengthAt(index: i32, literalCount: i32): i32 {
  return index < literalCount ? lengthOf(literals, index) : lengthOf(distances, index - literalCount);
}

/** Goes through the lengths of both codes, runs of 0 drawn together (RFC 1951, 3.2.7), to count them or to write them. */
function walkLengths(literalCount: i32, total: i32, isWriting: bool): void {
  let index = 0;
  while (index < total) {
    const length = lengthAt(index, literalCount);
    let run = 1;
    while (length === 0 && index + run < total && run < 138 && lengthAt(index + run, literalCount) === 0) run++;
    const symbol = run < 3 ? length : run < 11 ? 17 : 18;
    if (symbol === length) run = 1;
    if (!isWriting) count(lengths, symbol);
    else if (symbol === 17) writeCode(lengths, 17, run - 3, 3);
    else if (symbol === 18) writeCode(lengths, 18, run - 11, 7);
    else writeCode(lengths, symbol, 0, 0);
    index += run;
  }
}

function writeBlock(isLast: bool): void {
  countSymbols();
  assignCodes(literals);
  assignCodes(distances);
  const literalCount = lastUsed(literals, endOfBlock) + 1;
  const distanceCount = lastUsed(distances, 0) + 1;
  memory.fill(lengths.counts, 0, 19 * 4);
  walkLengths(literalCount, literalCount + distanceCount, false);
  assignCodes(lengths);
  // Its own code, made for this block.
  writeBits(<u64>isLast | (2 << 1), 3);
  writeBits(literalCount - 257, 5);
  writeBits(distanceCount - 1, 5);
  writeBits(19 - 4, 4);
  for (let place = 0; place < 19; place++) writeBits(lengthOf(lengths, load<u8>(lengthOrder + place)), 3);
  walkLengths(literalCount, literalCount + distanceCount, true);
  writeSymbols();
  symbolCount = 0;
}

// RFC 1950, 8.2. So many bytes can be summed before the sums no longer fit into 32 bits.
function adler32(from: usize, end: usize): u32 {
  let sum: u32 = 1;
  let sumOfSums: u32 = 0;
  while (from < end) {
    for (const stop = min(end, from + 5552); from < stop; from++) {
      sum += load<u8>(from);
      sumOfSums += sum;
    }
    sum %= 65521;
    sumOfSums %= 65521;
  }
  return (sumOfSums << 16) | sum;
}

let deflatedBytes: usize = 0;

export function deflatedLength(): usize {
  return deflatedBytes;
}

/** A zlib stream (RFC 1950) of these bytes; `deflatedLength` tells how long it is. */
export function deflate(from: usize, length: usize): usize {
  // A block costs 300 bytes more than its symbols at most, and they no more than what they stand for.
  const stream = allocate(length + (length >> 6) + 1024);
  // A window of 32 kB, no level named.
  store<u8>(stream, 0x78);
  store<u8>(stream, 0x01, 1);
  beginBits(stream + 2);
  findSymbols(from, from + length);
  writeBlock(true);
  const end = endBits();
  store<u32>(end, bswap(adler32(from, from + length)));
  deflatedBytes = end + 4 - stream;
  return stream;
}
