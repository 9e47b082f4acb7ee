/** Rows of one component's samples. */
export interface Plane {
  readonly samples: Uint8ClampedArray;
  /** Samples from one row to the next. */
  readonly stride: number;
}

/** A part of a component's samples, tightly packed, which lies within them. */
export interface PlaneWindow {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly samples: Uint8ClampedArray;
}

/** Columns of MCUs, the last not included. */
export interface Columns {
  readonly from: number;
  readonly to: number;
}
