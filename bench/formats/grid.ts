const [columns, rows] = [24, 16];

/** Mean colours of the parts of a picture whose pixels take `step` bytes: enough to tell how it is turned. */
export function gridOf(pixels: ArrayLike<number>, width: number, height: number, step: 3 | 4): number[] {
  const grid: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [top, bottom] = [row, row + 1].map((edge) => Math.floor((edge * height) / rows)) as [number, number];
      const [left, right] = [column, column + 1].map((edge) => Math.floor((edge * width) / columns)) as [
        number,
        number,
      ];
      const sums: [number, number, number] = [0, 0, 0];
      for (let y = top; y < bottom; y++) {
        for (let at = (y * width + left) * step; at < (y * width + right) * step; at += step) {
          for (const channel of [0, 1, 2] as const) sums[channel] += pixels[at + channel] as number;
        }
      }
      grid.push(...sums.map((sum) => sum / ((bottom - top) * (right - left))));
    }
  }
  return grid;
}

/** The same grid of a picture that is mirrored, upside down, or both. */
export function flipped(grid: readonly number[], isSideways: boolean, isUpsideDown: boolean): number[] {
  return grid.map((_, at) => {
    const [row, column] = [Math.floor(at / 3 / columns), Math.floor(at / 3) % columns];
    const from = (isUpsideDown ? rows - 1 - row : row) * columns + (isSideways ? columns - 1 - column : column);
    return grid[from * 3 + (at % 3)] as number;
  });
}
