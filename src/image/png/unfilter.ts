import { DamageError } from "../decode-error.ts";

/** Whichever of the three is nearest to left + above - corner; PNG, third edition, 9.4. */
function predict(left: number, above: number, corner: number): number {
  const byLeft = Math.abs(above - corner);
  const byAbove = Math.abs(left - corner);
  const byCorner = Math.abs(left + above - 2 * corner);
  if (byLeft <= byAbove && byLeft <= byCorner) return left;
  return byAbove <= byCorner ? above : corner;
}

/**
 * Takes the filter off a row, in place: PNG, third edition, 9.2. `above` is the row before it without its own, zeros for the first;
 * `step` is the bytes from a pixel to the next, at least one. Throws DamageError for a filter that there is not.
 */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  const { length } = row;
  switch (filter) {
    case 0:
      return;
    case 1:
      for (let at = step; at < length; at++) row[at] = (row[at] as number) + (row[at - step] as number);
      return;
    case 2:
      for (let at = 0; at < length; at++) row[at] = (row[at] as number) + (above[at] as number);
      return;
    case 3:
      for (let at = 0; at < length; at++) {
        const left = at < step ? 0 : (row[at - step] as number);
        row[at] = (row[at] as number) + ((left + (above[at] as number)) >> 1);
      }
      return;
    case 4:
      for (let at = 0; at < step; at++) row[at] = (row[at] as number) + (above[at] as number);
      for (let at = step; at < length; at++) {
        const from = at - step;
        const near = predict(row[from] as number, above[at] as number, above[from] as number);
        row[at] = (row[at] as number) + near;
      }
      return;
    default:
      throw new DamageError(`a PNG's row has filter ${filter}`);
  }
}
