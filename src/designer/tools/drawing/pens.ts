export const tips = ["fine", "marker", "brush", "eraser"] as const;
export type Tip = (typeof tips)[number];

/** What pointers draw with. */
export interface Pen {
  readonly tip: Tip;
  /** `#rrggbb`, lower case. */
  readonly fill: string;
  /** How far a stroke follows the hand's way rather than its trembling: 0 to 100. */
  readonly steady: number;
}

interface Width {
  /** On the card, in mm, at half the pressure. */
  readonly mm: number;
  /** By which part of it pressure changes the width at most. */
  readonly thinning: number;
}

/** The brush leaves 0.6 to 3 mm. */
export const widths: Readonly<Record<Tip, Width>> = {
  fine: { mm: 0.5, thinning: 0 },
  marker: { mm: 1.2, thinning: 0 },
  brush: { mm: 1.8, thinning: 2 / 3 },
  eraser: { mm: 3, thinning: 0 },
};

export function widestMm(tip: Tip): number {
  return widths[tip].mm * (1 + widths[tip].thinning);
}
