/** Bytes in place of those from one offset to another. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly bytes: readonly number[];
}

/** The file with these edits, which are in their order and do not overlap. */
export function withEdits(file: Blob, edits: readonly Edit[]): Blob {
  const pieces: (Blob | Uint8Array<ArrayBuffer>)[] = [];
  let at = 0;
  for (const { from, to, bytes } of edits) {
    pieces.push(file.slice(at, from), Uint8Array.from(bytes));
    at = to;
  }
  return new Blob([...pieces, file.slice(at)], { type: file.type });
}
