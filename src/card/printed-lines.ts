import { type Lit, lightWithin } from "./crop-light.ts";
import { isPrintedLine, type PrintedLine, type PrintedZone, type Product } from "./products.ts";

/** Of a zone's height, from its top: where letters and digits lie. */
const [lettersTop, lettersBottom] = [0.25, 0.95];
/** A name seldom takes up all the room there is for it. */
const nameShare = 0.6;
/** About one letter wide, and looked at in so many places across and down. */
const windowMm = 2.7;
const [across, down] = [6, 5];
/** A speck behind a part of one letter does no harm. */
const worstShare = 0.1;

/** Contrast as WCAG defines it, from 1 to 21, of two relative luminances. */
export function contrastOf(one: number, other: number): number {
  return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
}

/** How well this line is told from what is behind it where that is worst: contrast as WCAG defines it, from 1 to 21. */
function worstContrast(lit: Lit, zone: PrintedZone, { inkLuminance }: Product): number {
  const { xMm, yMm, heightMm } = zone;
  const widthMm = zone.widthMm * (zone.kind === "cardholder-name" ? nameShare : 1);
  const [top, bottom] = [yMm + lettersTop * heightMm, yMm + lettersBottom * heightMm];
  const columns = Math.max(across, Math.round((widthMm * across) / windowMm));
  const behind = lightWithin(lit, { left: xMm, top, right: xMm + widthMm, bottom }, columns, down);
  const means = new Float64Array(columns);
  for (let at = 0; at < behind.length; at++)
    means[at % columns] = (means[at % columns] as number) + (behind[at] as number) / down;
  // A window at each column, which goes on from the one before.
  const contrasts = new Float64Array(columns - across + 1);
  let sum = 0;
  for (let column = 0; column < columns; column++) {
    sum += means[column] as number;
    if (column >= across) sum -= means[column - across] as number;
    if (column >= across - 1) contrasts[column - across + 1] = contrastOf(inkLuminance, sum / across);
  }
  return contrasts.sort()[Math.floor(worstShare * contrasts.length)] as number;
}

/** A line that is hard to read. */
export interface HardLine {
  readonly line: PrintedLine;
  readonly contrast: number;
  /** The product does not take it. */
  readonly isRefused: boolean;
  /** It would be read on the photo alone: what lies there is in the way. */
  readonly isCovered: boolean;
}

interface Measured extends Pick<HardLine, "line" | "contrast"> {
  readonly zone: PrintedZone;
}

function contrastsOf(lit: Lit, product: Product): readonly Measured[] {
  return product.zones
    .filter(isPrintedLine)
    .map((zone) => ({ zone, line: zone.kind, contrast: worstContrast(lit, zone, product) }));
}

/** How well that printed line is read which is read worst: contrast as WCAG defines it, from 1 to 21. */
export function leastContrast(lit: Lit, product: Product): number {
  return Math.min(21, ...contrastsOf(lit, product).map(({ contrast }) => contrast));
}

/** The printed lines that are hard to read, the worst first. */
export function findHardLines(lit: Lit, product: Product): readonly HardLine[] {
  const { warnBelowContrast } = product;
  return contrastsOf(lit, product)
    .filter(({ contrast }) => contrast < warnBelowContrast)
    .map(({ zone, line, contrast }) => ({
      line,
      contrast,
      isRefused: contrast < product.refuseBelowContrast,
      isCovered:
        lit.laid !== undefined && worstContrast({ ...lit, laid: undefined }, zone, product) >= warnBelowContrast,
    }))
    .sort((one, other) => one.contrast - other.contrast);
}
