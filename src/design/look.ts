/** How the photo's light and colours are changed: whole numbers from -100 to 100, of which 0 changes nothing. */
export interface Adjustments {
  readonly brightness: number;
  readonly contrast: number;
  /** Towards amber; below 0 towards blue. */
  readonly warmth: number;
  /** -100 leaves greys. */
  readonly saturation: number;
  /** From 0: lifts the shadows, which print darker than a screen shows them. */
  readonly lift: number;
}

/** How the photo looks. What is absent changes nothing. */
export interface Look {
  readonly adjust?: Adjustments | undefined;
}

/** The least and the most of each, in the order in which they are offered. */
export const adjustmentRanges = {
  brightness: { min: -100, max: 100 },
  contrast: { min: -100, max: 100 },
  warmth: { min: -100, max: 100 },
  saturation: { min: -100, max: 100 },
  lift: { min: 0, max: 100 },
} as const satisfies Record<keyof Adjustments, { readonly min: number; readonly max: number }>;

export const adjustmentNames = Object.keys(adjustmentRanges) as readonly (keyof Adjustments)[];

export const noAdjustments: Adjustments = { brightness: 0, contrast: 0, warmth: 0, saturation: 0, lift: 0 };

export function sameAdjustments(one: Adjustments, other: Adjustments): boolean {
  return one === other || adjustmentNames.every((name) => one[name] === other[name]);
}

/** The photo's adjustments in a design; undefined where nothing is changed. */
export function adjustmentsOf({ look }: { readonly look?: Look | undefined }): Adjustments | undefined {
  const adjust = look?.adjust;
  return adjust === undefined || sameAdjustments(adjust, noAdjustments) ? undefined : adjust;
}

/** With these adjustments changed, rounded and kept within their ranges. What changes nothing in the end is left out; undefined where nothing is left. */
export function changeLook(look: Look | undefined, change: Partial<Adjustments>): Look | undefined {
  const adjust = { ...noAdjustments, ...look?.adjust };
  for (const name of adjustmentNames) {
    const { min, max } = adjustmentRanges[name];
    // Adding 0 makes 0 of -0.
    adjust[name] = Math.round(Math.min(max, Math.max(min, change[name] ?? adjust[name]))) + 0;
  }
  return sameAdjustments(adjust, noAdjustments) ? undefined : { ...look, adjust };
}

/** How much steeper shadows are at most. Less than 4: from there on a lighter grey would become a darker one. */
const steepest = 3;

/** A level, from 0 to 1, with its shadows lifted by so much of 100. Black and white stay what they are. */
export function liftLevel(level: number, lift: number): number {
  const dark = 1 - level;
  return level + (steepest * lift * level * dark * dark * dark) / 100;
}

/** A picture of which half is darker than this, of 255, prints dark. */
const darkBelow = 64;
/** What it is lifted to, as far as that goes. */
const liftedTo = 84;
const liftStep = 5;

/**
 * By how much the shadows of a picture are to be lifted so that it prints well: a value for `lift`, 0 where it is not dark.
 * `medianLevel` is the brightness, of 255 in sRGB's own levels, than which half of what is seen of it is darker.
 */
export function liftFor(medianLevel: number): number {
  if (medianLevel >= darkBelow) return 0;
  // Black cannot be lifted.
  const level = Math.max(1, medianLevel) / 255;
  const perPercent = liftLevel(level, 1) - level;
  const lift = Math.ceil((liftedTo / 255 - level) / perPercent / liftStep) * liftStep;
  return Math.min(adjustmentRanges.lift.max, lift);
}
