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

/** A filter over the photo. */
export interface PhotoFilter {
  readonly id: string;
  /** How much of it: a whole number from 1 to 100. */
  readonly percent: number;
}

/** How the photo looks: adjusted first, and the filter over that. What is absent changes nothing. */
export interface Look {
  readonly adjust?: Adjustments | undefined;
  readonly filter?: PhotoFilter | undefined;
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

/** Of a filter's `id`. */
export const filterIdForm = /^[a-z0-9-]{1,40}$/;

/** Of a filter's `percent`. */
export const filterRange = { min: 1, max: 100 } as const;

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
  const { adjust: _before, ...others } = look ?? {};
  return tidy(sameAdjustments(adjust, noAdjustments) ? others : { ...others, adjust });
}

/** With this filter, rounded and kept within its range, or none. Undefined where nothing is left. */
export function changeFilter(look: Look | undefined, filter: PhotoFilter | null): Look | undefined {
  const { filter: _before, ...others } = look ?? {};
  if (filter === null) return tidy(others);
  const percent = Math.round(Math.min(filterRange.max, Math.max(filterRange.min, filter.percent)));
  return { ...others, filter: { id: filter.id, percent } };
}

function tidy(look: Look): Look | undefined {
  return look.adjust === undefined && look.filter === undefined ? undefined : look;
}

export function sameFilter(one: PhotoFilter | undefined, other: PhotoFilter | undefined): boolean {
  return one?.id === other?.id && one?.percent === other?.percent;
}

/** Whether a photo looks the same with both. */
export function sameLook(one: Look | undefined, other: Look | undefined): boolean {
  if (one === other) return true;
  return (
    sameFilter(one?.filter, other?.filter) &&
    sameAdjustments(one?.adjust ?? noAdjustments, other?.adjust ?? noAdjustments)
  );
}

/** What changes how the photo of a design looks; undefined where nothing does. */
export function lookOf({ look }: { readonly look?: Look | undefined }): Look | undefined {
  return sameLook(look, undefined) ? undefined : look;
}

/** How much steeper shadows are at most. Less than 4: from there on a lighter grey would become a darker one. */
const steepest = 3;

/** A level, from 0 to 1, with its shadows lifted by so much of 100. Black and white stay what they are. */
export function liftLevel(level: number, lift: number): number {
  const dark = 1 - level;
  return level + (steepest * lift * level * dark * dark * dark) / 100;
}

/** In steps that one can tell apart. */
const liftStep = 5;

/** The least lift, of 100, that brings this level to the wanted one, both from 0 to 1; the most there is where none does. */
export function liftTo(level: number, wanted: number): number {
  if (level >= wanted) return 0;
  const perPercent = liftLevel(level, 1) - level;
  const { max } = adjustmentRanges.lift;
  return perPercent > 0 ? Math.min(max, Math.ceil((wanted - level) / perPercent / liftStep) * liftStep) : max;
}
