/** Where the pixel at x, y of a stored picture goes in the upright one, row by row: `first + x * right + y * down`. */
export interface Turn {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly first: number;
  readonly right: number;
  readonly down: number;
}

/** A quarter against the clock, mirrored top to bottom, mirrored left to right. */
export type Step = "left" | "upside-down" | "mirrored";

/** What the steps, one after the other, make of a picture of this size. */
export function takeSteps(widthPx: number, heightPx: number, steps: readonly Step[]): Turn {
  let [width, height] = [widthPx, heightPx];
  // The column, and the row, of a stored pixel: that of the first one, and what one to the right and one down add.
  let column = [0, 1, 0];
  let row = [0, 0, 1];
  const from = (last: number, [first = 0, right = 0, down = 0]: readonly number[]) => [last - first, -right, -down];
  for (const step of steps) {
    if (step === "mirrored") column = from(width - 1, column);
    else if (step === "upside-down") row = from(height - 1, row);
    else {
      [column, row] = [row, from(width - 1, column)];
      [width, height] = [height, width];
    }
  }
  const at = (index: number): number => (row[index] ?? 0) * width + (column[index] ?? 0);
  return { widthPx: width, heightPx: height, first: at(0), right: at(1), down: at(2) };
}
