import { Problem } from "#contracts/problem.ts";

/** Takes the file out of a body, whichever way it was sent. */
export interface FileReader {
  /** How much longer than its file the body may be, in bytes. */
  readonly extraBytes: number;
  /** The file's bytes in the next piece of the body, which may be views of it. Throws Problem("bad-request"). */
  push(piece: Buffer): readonly Buffer[];
  /** The body has ended. Throws Problem("bad-request") when the file is not whole by then. */
  end(): void;
}

/** A file comes in more than one part only where it would have a line that begins with two hyphens: see the designer's `file-form.ts`. */
const maxParts = 10;
const maxHeadBytes = 1024;
const maxBoundary = 70;
/** Each part's head with its boundary, and the boundary at the end. */
const formBytes = (maxParts + 1) * (maxHeadBytes + maxBoundary + 8);

/** For the interface's description. */
export const formUse = `which may come in up to ${maxParts} parts of that name, in order; nothing else is in it`;
const help = 'Send the file as the part "file" with a filename, and nothing else.';
const refuse = (what: string): Problem => new Problem("bad-request", { detail: `The form ${what}. ${help}` });

export function isForm(contentType: string | undefined): boolean {
  return /^multipart\/form-data(?=[;\s]|$)/i.test(contentType ?? "");
}

/** RFC 2046, 5.1.1; in quotes it may have blanks, which nobody uses. */
function readBoundary(contentType: string): string {
  const bare = /^[^;]+;\s*boundary=("?)([\w'()+,./:=?-]{1,70})\1\s*$/i.exec(contentType)?.[2];
  if (bare === undefined) throw refuse("has no boundary of 1 to 70 characters in its Content-Type");
  return bare;
}

function checkHead(head: string): void {
  const names = new Set<string>();
  let isFile = false;
  for (const line of head.split("\r\n")) {
    const [, name, value = ""] = /^([\w-]+):[ \t]*([\x20-\x7e]*)$/.exec(line) ?? [];
    if (name === undefined) throw refuse("has a header line in a part that cannot be read");
    const key = name.toLowerCase();
    if (names.has(key)) throw refuse(`has a part with ${key} twice`);
    if (key === "content-transfer-encoding") throw refuse("has a part in another encoding than its own bytes");
    if (key === "content-disposition") isFile = /^form-data; name="file"; filename="[^"]{0,255}"$/.test(value);
    names.add(key);
  }
  if (!isFile) throw refuse('has a part that is not form-data; name="file"; filename="…"');
}

/** How long a part's head is with the empty line behind it; 0 where that has not come yet. */
function measureHead(bytes: Buffer): number {
  const length = bytes.subarray(0, maxHeadBytes).indexOf("\r\n\r\n");
  if (length < 0 && bytes.length >= maxHeadBytes) throw refuse(`has a part whose head exceeds ${maxHeadBytes} bytes`);
  if (length < 0) return 0;
  checkHead(bytes.toString("latin1", 0, length));
  return length + 4;
}

/** How many bytes at the end may be the beginning of `mark`. */
function countHeld(bytes: Buffer, mark: Buffer): number {
  const from = Math.max(0, bytes.length - mark.length + 1);
  for (let at = bytes.indexOf(mark[0] ?? 0, from); at >= 0; at = bytes.indexOf(mark[0] ?? 0, at + 1)) {
    if (bytes.subarray(at).equals(mark.subarray(0, bytes.length - at))) return bytes.length - at;
  }
  return 0;
}

type Step = "start" | "delimiter" | "head" | "file" | "end";

/** A form that holds one file. Of what has come it keeps a part's head, or what may be a boundary, and nothing else. */
function createFormReader(boundary: string): FileReader {
  const delimiter = Buffer.from(`\r\n--${boundary}`, "latin1");
  // Nothing stands before the first one.
  const first = delimiter.subarray(2);
  let step: Step = "start";
  let kept = Buffer.alloc(0);
  let parts = 0;

  /** Each gives how many of these bytes it has dealt with. Where it goes no step further, more has to come first. */
  const steps: Record<Step, (bytes: Buffer, found: Buffer[]) => number> = {
    start(bytes) {
      const length = Math.min(bytes.length, first.length);
      if (!bytes.subarray(0, length).equals(first.subarray(0, length)))
        throw refuse("does not begin with its boundary");
      if (length < first.length) return 0;
      step = "delimiter";
      return length;
    },
    delimiter(bytes) {
      if (bytes.length < 2) return 0;
      const after = bytes.toString("latin1", 0, 2);
      if (after !== "\r\n" && after !== "--") throw refuse("has a boundary with something behind it");
      step = after === "--" ? "end" : "head";
      if (step === "end" && parts === 0) throw refuse("has no part");
      if (step === "head" && ++parts > maxParts) throw refuse(`has more than ${maxParts} parts`);
      return 2;
    },
    head(bytes) {
      const length = measureHead(bytes);
      if (length > 0) step = "file";
      return length;
    },
    file(bytes, found) {
      const at = bytes.indexOf(delimiter);
      const length = at < 0 ? bytes.length - countHeld(bytes, delimiter) : at;
      if (length > 0) found.push(bytes.subarray(0, length));
      if (at < 0) return length;
      step = "delimiter";
      return length + delimiter.length;
    },
    end(bytes) {
      if (!"\r\n".startsWith(bytes.toString("latin1", 0, 3))) throw refuse("goes on behind its end");
      return 0;
    },
  };
  return {
    extraBytes: formBytes,
    push(piece) {
      const found: Buffer[] = [];
      let bytes = kept.length === 0 ? piece : Buffer.concat([kept, piece]);
      for (let before: Step | undefined; before !== step; ) {
        before = step;
        bytes = bytes.subarray(steps[step](bytes, found));
      }
      // A copy: the piece is not ours to keep.
      kept = Buffer.from(bytes);
      return found;
    },
    end() {
      if (step !== "end") throw refuse("breaks off");
    },
  };
}

const wholeBody: FileReader = { extraBytes: 0, push: (piece) => [piece], end: () => {} };

/** For a body of this Content-Type: a form, or the file itself. Throws Problem("bad-request") when a form has no boundary. */
export function createFileReader(contentType: string | undefined): FileReader {
  return contentType !== undefined && isForm(contentType) ? createFormReader(readBoundary(contentType)) : wholeBody;
}
