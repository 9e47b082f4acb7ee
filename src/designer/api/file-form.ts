import { randomId } from "../host/random-id.ts";

/** A file as the only content of a form, which passes firewalls that refuse large or unusual bodies. */
export interface FileForm<Piece> {
  readonly contentType: string;
  readonly pieces: readonly Piece[];
}

/** What comes in more parts than these is refused by our server, and by ModSecurity as it is set. */
const maxParts = 10;
const mark = [0x0a, 0x2d, 0x2d] as const;

/**
 * Between the hyphens of each line that begins with two, as far as there may be parts: such a line in a form looks to ModSecurity like
 * an attack, and every tenth picture has one by chance. Bytes come in one piece after the other.
 */
export function createCutFinder() {
  const cuts: number[] = [];
  let passed = 0;
  let matched = 0;
  return {
    cuts,
    push(bytes: Uint8Array): void {
      for (let at = 0; at < bytes.length && cuts.length < maxParts - 1; at += 1) {
        if (matched === 0) {
          at = bytes.indexOf(mark[0], at);
          if (at < 0) break;
          matched = 1;
        } else if (bytes[at] === mark[matched]) matched += 1;
        else matched = bytes[at] === mark[0] ? 1 : 0;
        if (matched < mark.length) continue;
        cuts.push(passed + at);
        // The next part begins with this hyphen.
        matched = mark.length - 1;
      }
      passed += bytes.length;
    },
  };
}

/** The form of a file of `size` bytes that is cut there; `slice` gives a part of it. */
export function makeFileForm<Piece>(
  size: number,
  cuts: readonly number[],
  slice: (from: number, to: number) => Piece,
  encode: (text: string) => Piece,
): FileForm<Piece> {
  const boundary = `card-${randomId()}`;
  const head = `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="file"\r\n\r\n`;
  const edges = [0, ...cuts, size];
  const parts = edges.slice(1).flatMap((end, index) => {
    const start = index === 0 ? "" : "\r\n";
    return [encode(`${start}${head}`), slice(edges[index] ?? 0, end)];
  });
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    pieces: [...parts, encode(`\r\n--${boundary}--\r\n`)],
  };
}

/** A form in one piece. */
export function formOfBytes(file: Uint8Array): {
  readonly contentType: string;
  readonly body: Uint8Array<ArrayBuffer>;
} {
  const finder = createCutFinder();
  finder.push(file);
  const encoder = new TextEncoder();
  const { contentType, pieces } = makeFileForm<Uint8Array>(
    file.length,
    finder.cuts,
    (from, to) => file.subarray(from, to),
    (text) => encoder.encode(text),
  );
  const body = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    body.set(piece, at);
    at += piece.length;
  }
  return { contentType, body };
}

const readAtOnce = 1024 * 1024;

/** The same of a large file, which stays where it is. */
export async function formOfBlob(file: Blob): Promise<{ readonly contentType: string; readonly body: Blob }> {
  const finder = createCutFinder();
  for (let at = 0; at < file.size; at += readAtOnce)
    finder.push(new Uint8Array(await file.slice(at, at + readAtOnce).arrayBuffer()));
  const { contentType, pieces } = makeFileForm<Blob | string>(
    file.size,
    finder.cuts,
    (from, to) => file.slice(from, to),
    (text) => text,
  );
  return { contentType, body: new Blob([...pieces]) };
}
