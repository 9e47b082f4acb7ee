/** Whole pixels, from `left` and `top` up to before `right` and `bottom`. */
export type Box = readonly [left: number, top: number, right: number, bottom: number];

/** Numbers in rows, and their means over boxes, which take no longer for large ones. */
export class Plane {
  readonly width: number;
  readonly height: number;
  readonly values: Float64Array;
  /** From the top left corner to each place: any box's sum is four of them. */
  readonly #sums: Float64Array;

  constructor(width: number, height: number, values: Float64Array) {
    this.width = width;
    this.height = height;
    this.values = values;
    const sums = new Float64Array((width + 1) * (height + 1));
    for (let y = 0; y < height; y++) {
      let row = 0;
      for (let x = 0; x < width; x++) {
        row += values[y * width + x] as number;
        sums[(y + 1) * (width + 1) + x + 1] = (sums[y * (width + 1) + x + 1] as number) + row;
      }
    }
    this.#sums = sums;
  }

  at(x: number, y: number): number {
    return this.values[y * this.width + x] as number;
  }

  #sum(left: number, top: number, right: number, bottom: number): number {
    const [upper, lower] = [top * (this.width + 1), bottom * (this.width + 1)];
    const sums = this.#sums;
    return (
      (sums[lower + right] as number) -
      (sums[lower + left] as number) -
      (sums[upper + right] as number) +
      (sums[upper + left] as number)
    );
  }

  mean([left, top, right, bottom]: Box): number {
    return this.#sum(left, top, right, bottom) / ((right - left) * (bottom - top));
  }

  get average(): number {
    return this.mean([0, 0, this.width, this.height]);
  }

  /** Root mean square of the differences to the average. */
  get deviation(): number {
    const { average } = this;
    return Math.sqrt(this.values.reduce((sum, value) => sum + (value - average) ** 2, 0) / this.values.length);
  }

  /** Means over squares, at the border over as much less on the other side: what lies there does not stand out for that. */
  blur(radius: number): Plane {
    const { width, height } = this;
    const values = new Float64Array(width * height);
    for (let y = 0; y < height; y++) {
      const down = Math.min(radius, y, height - 1 - y);
      for (let x = 0; x < width; x++) {
        const across = Math.min(radius, x, width - 1 - x);
        const area = (2 * across + 1) * (2 * down + 1);
        values[y * width + x] = this.#sum(x - across, y - down, x + across + 1, y + down + 1) / area;
      }
    }
    return new Plane(width, height, values);
  }
}

/** The box within `inside` whose values are above `threshold` by most, added up. */
export function densestBox(plane: Plane, threshold: number, [left, top, right, bottom]: Box): Box {
  const { width, height, values } = plane;
  const rows = new Float64Array(height);
  let best = -Infinity;
  let found: Box = [left, top, right, bottom];
  for (let from = left; from < right; from++) {
    rows.fill(0);
    for (let to = from + 1; to <= right; to++) {
      // The best run of rows between two columns (Kadane).
      let sum = 0;
      let start = top;
      for (let y = top; y < bottom; y++) {
        rows[y] = (rows[y] as number) + (values[y * width + to - 1] as number) - threshold;
        if (sum <= 0) {
          sum = 0;
          start = y;
        }
        sum += rows[y] as number;
        if (sum > best + 1e-9) {
          best = sum;
          found = [from, start, to, y + 1];
        }
      }
    }
  }
  return found;
}
