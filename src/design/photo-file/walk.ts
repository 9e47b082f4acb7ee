/** What a walk needs of the file next: so many bytes to look at, to pass over, or the next marker of a JPEG. */
export type Ask = { readonly take: number } | { readonly skip: number } | { readonly marker: "next" };

/** A walk through a file's parts. It is given what it asked for; less only where the file ends. */
export type Walk = Generator<Ask, void, Uint8Array>;

/** Bytes of the file that are not its picture, from the first to behind the last. */
export interface Extra {
  readonly from: number;
  readonly to: number;
  /** As it is named in its format: "Exif", "tEXt". */
  readonly name: string;
  /** What of it the picture needs, in the same form: its orientation. Empty for nothing. */
  readonly instead: Uint8Array;
}

/** What a walk has found by now. */
export interface Found {
  size?: { readonly widthPx: number; readonly heightPx: number };
  /** The pixels have begun: a file that ends from here on is cut, and shows what it has. */
  hasPixels: boolean;
  readonly extras: Extra[];
  /** The file is not built as its format is. */
  isBroken: boolean;
}

/** How far the file has been walked, for the walk itself. */
export interface Cursor {
  position: number;
}

const none = new Uint8Array(0);

/** The bytes, or undefined where the file ends before them. */
export function* take(count: number): Generator<Ask, Uint8Array | undefined, Uint8Array> {
  const bytes = yield { take: count };
  return bytes.length === count ? bytes : undefined;
}

/** False where the file ends before all of it. */
export function* skip(count: number): Generator<Ask, boolean, Uint8Array> {
  return (yield { skip: count }).length === 0;
}

/** The next marker's code, whatever lies before it; undefined where there is none any more. */
export function* nextMarker(): Generator<Ask, number | undefined, Uint8Array> {
  return (yield { marker: "next" })[0];
}

/** Neither a zero, which belongs to the data, nor a fill byte, nor one without a segment. */
function isMarker(code: number): boolean {
  return code !== 0x00 && code !== 0xff && code !== 0x01 && !(code >= 0xd0 && code <= 0xd8);
}

/** Anything but nothing: where a file ends in what is passed over. */
const ended = new Uint8Array(1);

/** The first marker's code in the piece, and how many bytes it took to find it. `wasAfterFf`: the piece before has ended with one. */
function findMarker(piece: Uint8Array, wasAfterFf: boolean): { used: number; code?: number; isAfterFf: boolean } {
  let isAfterFf = wasAfterFf;
  let at = 0;
  while (at < piece.length) {
    if (isAfterFf) {
      const code = piece[at] as number;
      at += 1;
      if (isMarker(code)) return { used: at, code, isAfterFf: false };
      isAfterFf = code === 0xff;
    } else {
      const found = piece.indexOf(0xff, at);
      if (found < 0) return { used: piece.length, isAfterFf: false };
      at = found + 1;
      isAfterFf = true;
    }
  }
  return { used: at, isAfterFf };
}

/** Runs a walk over a file that comes in pieces, of which none is kept. `end` gives where the walk was over, if that was before. */
export function runWalk(walk: Walk, cursor: Cursor): { push(piece: Uint8Array): void; end(): number | undefined } {
  let step: IteratorResult<Ask, void> = walk.next();
  let taken: Uint8Array = none;
  let count = 0;
  let isAfterFf = false;

  const advance = (answer: Uint8Array): void => {
    [taken, count, isAfterFf] = [none, 0, false];
    step = walk.next(answer);
  };
  const pass = (bytes: number): void => {
    cursor.position += bytes;
    count += bytes;
  };
  /** Each gives how many bytes of the piece it has used. */
  const takeFrom = (piece: Uint8Array, most: number): number => {
    const used = Math.min(most - count, piece.length);
    if (count === 0) taken = new Uint8Array(most);
    taken.set(piece.subarray(0, used), count);
    pass(used);
    if (count === most) advance(taken);
    return used;
  };
  const skipFrom = (piece: Uint8Array, most: number): number => {
    const used = Math.min(most - count, piece.length);
    pass(used);
    if (count === most) advance(none);
    return used;
  };
  const markerFrom = (piece: Uint8Array): number => {
    const found = findMarker(piece, isAfterFf);
    pass(found.used);
    isAfterFf = found.isAfterFf;
    if (found.code !== undefined) advance(Uint8Array.of(found.code));
    return found.used;
  };
  return {
    push(piece) {
      let rest = piece;
      while (step.done !== true) {
        const ask = step.value;
        const isForNothing = ("take" in ask && ask.take === 0) || ("skip" in ask && ask.skip === 0);
        if (isForNothing) advance(none);
        else if (rest.length === 0) return;
        else if ("take" in ask) rest = rest.subarray(takeFrom(rest, ask.take));
        else if ("skip" in ask) rest = rest.subarray(skipFrom(rest, ask.skip));
        else rest = rest.subarray(markerFrom(rest));
      }
    },
    end() {
      const overAt = step.done === true ? cursor.position : undefined;
      while (step.done !== true) {
        const ask = step.value;
        if ("take" in ask) advance(taken.subarray(0, count));
        else advance("skip" in ask && ask.skip > count ? ended : none);
      }
      return overAt;
    },
  };
}
