/** CSS pixels per millimetre that a screen may have: from a page at 400 % zoom to a small phone set to small type. */
export const leastPxPerMm = 0.8;
export const mostPxPerMm = 9;

/** The slider has as many steps as make each of them 0.3 % of the card: a quarter of a millimetre. */
export const sizeSteps = 800;

const ratio = mostPxPerMm / leastPxPerMm;

/** What a slider at `step` stands for, from 0 to `sizeSteps`: each step makes the card larger by the same share. */
export function pxPerMmAt(step: number): number {
  return leastPxPerMm * ratio ** (Math.min(Math.max(step, 0), sizeSteps) / sizeSteps);
}

/** The whole step that is nearest to this many CSS pixels per millimetre. */
export function stepAt(pxPerMm: number): number {
  const step = Math.round((Math.log(pxPerMm / leastPxPerMm) / Math.log(ratio)) * sizeSteps);
  return Math.min(Math.max(step, 0), sizeSteps);
}

/**
 * Where to begin, since no browser says how large its pixels are: a phone has about 160 CSS pixels to the inch, a desk 96 by
 * definition and a laptop some more.
 */
export function guessPxPerMm(isHandheld: boolean): number {
  return (isHandheld ? 158 : 104) / 25.4;
}
