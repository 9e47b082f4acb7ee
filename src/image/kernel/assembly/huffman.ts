/** A prefix code for up to 288 symbols: how often each comes, then how long its code is, then the code. */
export class Code {
  constructor(
    readonly symbols: i32,
    /** Bits that a code may have. */
    readonly limit: i32,
    /** Room for 4 bytes each. */
    readonly counts: usize,
    /** A code in the low 24 bits, its length above. */
    readonly codes: usize,
  ) {}
}

// Two leaves or trees joined make a new one: fewer than twice as many nodes as symbols.
const weights = memory.data(2 * 288 * 4, 4);
const parents = memory.data(2 * 288 * 4, 4);
const sorted = memory.data(288 * 4, 4);
const lengthCounts = memory.data(16 * 4, 4);
const nextCodes = memory.data(16 * 4, 4);

function at(table: usize, index: i32): i32 {
  return load<i32>(table + ((<usize>index) << 2));
}

function put(table: usize, index: i32, value: i32): void {
  store<i32>(table + ((<usize>index) << 2), value);
}

export function lengthOf(code: Code, symbol: i32): i32 {
  return load<u8>(code.codes + ((<usize>symbol) << 2), 3);
}

/** The symbols that come at all, rarest first, equal ones in their order. Returns how many. */
function sortSymbols(code: Code): i32 {
  let used = 0;
  for (let symbol = 0; symbol < code.symbols; symbol++) {
    const count = at(code.counts, symbol);
    if (count === 0) continue;
    let place = used++;
    for (; place > 0 && at(code.counts, at(sorted, place - 1)) > count; place--) {
      put(sorted, place, at(sorted, place - 1));
    }
    put(sorted, place, symbol);
  }
  return used;
}

/** Joins the two lightest again and again: Huffman's tree. Returns the depth of its deepest leaf; `weights` become the depths. */
function growTree(leaves: i32): i32 {
  let leaf = 0;
  let tree = leaves;
  const root = 2 * leaves - 2;
  for (let node = leaves; node <= root; node++) {
    let weight = 0;
    for (let side = 0; side < 2; side++) {
      const isLeaf = leaf < leaves && (tree === node || at(weights, leaf) <= at(weights, tree));
      const child = isLeaf ? leaf++ : tree++;
      weight += at(weights, child);
      put(parents, child, node);
    }
    put(weights, node, weight);
  }
  put(weights, root, 0);
  for (let node = root - 1; node >= 0; node--) put(weights, node, at(weights, at(parents, node)) + 1);
  return at(weights, 0);
}

/** Gives every symbol that comes its code (RFC 1951, 3.2.2), bits reversed as they are sent. At least two symbols must come. */
export function assignCodes(code: Code): void {
  const used = sortSymbols(code);
  // Rarer symbols are taken to be more frequent until no code is too long.
  for (let flatten = 0; ; flatten++) {
    for (let leaf = 0; leaf < used; leaf++) put(weights, leaf, (at(code.counts, at(sorted, leaf)) >> flatten) | 1);
    if (growTree(used) <= code.limit) break;
  }
  memory.fill(lengthCounts, 0, 16 * 4);
  memory.fill(code.codes, 0, (<usize>code.symbols) << 2);
  for (let leaf = 0; leaf < used; leaf++) {
    const length = at(weights, leaf);
    put(lengthCounts, length, at(lengthCounts, length) + 1);
    store<u8>(code.codes + ((<usize>at(sorted, leaf)) << 2), <u8>length, 3);
  }
  let next = 0;
  for (let length = 1; length <= code.limit; length++) {
    next = (next + at(lengthCounts, length - 1)) << 1;
    put(nextCodes, length, next);
  }
  for (let symbol = 0; symbol < code.symbols; symbol++) {
    const length = lengthOf(code, symbol);
    if (length === 0) continue;
    const value = at(nextCodes, length);
    put(nextCodes, length, value + 1);
    put(code.codes, symbol, reverseBits(value, length) | (length << 24));
  }
}

function reverseBits(value: i32, length: i32): i32 {
  let reversed = 0;
  for (let bit = 0; bit < length; bit++) reversed |= ((value >> bit) & 1) << (length - 1 - bit);
  return reversed;
}
