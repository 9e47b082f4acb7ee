import { bleedSizeMm, type Product } from "#card/products.ts";

/** RGBA rows. */
export interface Pixels {
  readonly rgba: Uint8ClampedArray;
  readonly widthPx: number;
  readonly heightPx: number;
}

/** `unclear`: it looks neither like the same picture nor plainly like another. */
export type Likeness = "same" | "different" | "unclear";

/** In shares of an area, from its top left corner. */
interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** How the card's long side is divided. */
const fieldsAlong = 16;
/** A field of which less is there is left out: rounded corners. */
const leastOpaque = 0.9;
/** Of the fields that look least alike so many are left out: something may be drawn over them of which the product says nothing. */
const leftOut = 0.1;
/** Every second pixel, both ways: a field has thousands. */
const stepPx = 2;
/** Fields that differ among themselves by less, of 255, make a plain picture, which has nothing but its colour. */
const plain = 5;

type Turn = 0 | 90 | 180 | 270;

/** Where a box of the unturned picture lies in the one that was turned clockwise. */
function turnBox({ x, y, width, height }: Box, turn: Turn): Box {
  if (turn === 90) return { x: 1 - y - height, y: x, width: height, height: width };
  if (turn === 180) return { x: 1 - x - width, y: 1 - y - height, width, height };
  return turn === 270 ? { x: y, y: 1 - x - width, width: height, height: width } : { x, y, width, height };
}

/** A box of a box. */
function within(outer: Box, { x, y, width, height }: Box): Box {
  return {
    x: outer.x + x * outer.width,
    y: outer.y + y * outer.height,
    width: width * outer.width,
    height: height * outer.height,
  };
}

/** The mean colour; null where too little is opaque. */
function meanOf({ rgba, widthPx, heightPx }: Pixels, box: Box): readonly [number, number, number] | null {
  const [left, right] = [box.x * widthPx, (box.x + box.width) * widthPx].map(Math.round) as [number, number];
  const [top, bottom] = [box.y * heightPx, (box.y + box.height) * heightPx].map(Math.round) as [number, number];
  const sums: [number, number, number] = [0, 0, 0];
  let [count, opaque] = [0, 0];
  for (let y = top; y < bottom; y += stepPx) {
    for (let x = left; x < right; x += stepPx) {
      const at = (y * widthPx + x) * 4;
      count += 1;
      if ((rgba[at + 3] as number) < 255) continue;
      opaque += 1;
      for (let channel = 0; channel < 3; channel++) sums[channel as 0] += rgba[at + channel] as number;
    }
  }
  if (opaque === 0 || opaque < count * leastOpaque) return null;
  return [sums[0] / opaque, sums[1] / opaque, sums[2] / opaque];
}

/** The fields of the trimmed card over which the platform prints nothing, in shares of the trim. */
function fieldsOf({ trimWidthMm, trimHeightMm, zones }: Product): Box[] {
  const fieldMm = Math.max(trimWidthMm, trimHeightMm) / fieldsAlong;
  const [across, down] = [Math.round(trimWidthMm / fieldMm), Math.round(trimHeightMm / fieldMm)];
  const boxes = Array.from({ length: across * down }, (_, at) => ({
    x: (at % across) / across,
    y: Math.floor(at / across) / down,
    width: 1 / across,
    height: 1 / down,
  }));
  const isClear = (box: Box): boolean =>
    zones.every((zone) => {
      const [x, y] = [(box.x - 0.5) * trimWidthMm, (box.y - 0.5) * trimHeightMm];
      const isBeside = x >= zone.xMm + zone.widthMm || x + box.width * trimWidthMm <= zone.xMm;
      return isBeside || y >= zone.yMm + zone.heightMm || y + box.height * trimHeightMm <= zone.yMm;
    });
  return boxes.filter(isClear);
}

/** Our field's colour beside theirs, channel by channel. */
type Pair = readonly [readonly number[], readonly number[]];

const channels = [0, 1, 2] as const;
const meanIn = (values: readonly number[]): number => values.reduce((sum, each) => sum + each, 0) / values.length;

interface Fit {
  /** How alike the patterns are, up to 1. */
  readonly correlation: number;
  /** By how much theirs is brighter or otherwise coloured all over, of 255. */
  readonly shift: number;
  /** By how much the fields differ among themselves. */
  readonly spread: number;
  readonly theirSpread: number;
}

/** Each channel about its mean, so that another tone all over makes no difference. */
function fitOf(pairs: readonly Pair[]): Fit {
  const means = channels.map((channel) =>
    ([0, 1] as const).map((side) => meanIn(pairs.map((pair) => pair[side][channel] as number))),
  );
  const products = [0, 0, 0] as [number, number, number];
  for (const [own, theirs] of pairs) {
    for (const channel of channels) {
      const [ownMean = 0, theirMean = 0] = means[channel] ?? [];
      const [a, b] = [(own[channel] as number) - ownMean, (theirs[channel] as number) - theirMean];
      products[0] += a * a;
      products[1] += b * b;
      products[2] += a * b;
    }
  }
  const [aa, bb, ab] = products;
  return {
    correlation: aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb),
    shift: Math.max(...means.map(([own = 0, theirs = 0]) => Math.abs(own - theirs))),
    spread: Math.sqrt(aa / pairs.length / 3),
    theirSpread: Math.sqrt(bb / pairs.length / 3),
  };
}

/** Without the fields that look least alike. */
function withoutWorst(pairs: readonly Pair[]): Pair[] {
  const distance = ([own, theirs]: Pair): number =>
    channels.reduce<number>((sum, at) => sum + Math.abs((own[at] as number) - (theirs[at] as number)), 0);
  return [...pairs].sort((a, b) => distance(a) - distance(b)).slice(0, Math.ceil(pairs.length * (1 - leftOut)));
}

function judgeFit({ correlation, shift, spread, theirSpread }: Fit): Likeness {
  if (spread < plain) {
    if (shift > 40 || theirSpread > 3 * plain) return "different";
    return shift < 10 && theirSpread < 2 * plain ? "same" : "unclear";
  }
  if (shift > 70 || correlation < 0.85) return "different";
  return shift < 40 && correlation > 0.96 && theirSpread > spread / 2 ? "same" : "unclear";
}

const order: readonly Likeness[] = ["same", "unclear", "different"];

/**
 * Whether what the card platform shows of a picture looks like that picture (of the product's raster). It may be cut to the card or
 * not, turned, smaller, compressed, in other tones, with rounded corners, and with chip and lettering over it.
 */
export function judgeLikeness(own: Pixels, theirs: Pixels, product: Product): Likeness {
  const bleed = bleedSizeMm(product);
  const [width, height] = [product.trimWidthMm / bleed.widthMm, product.trimHeightMm / bleed.heightMm];
  const trim: Box = { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
  const fields = fieldsOf(product);
  const ours = fields.map((field) => meanOf(own, within(trim, field)));
  const isTurned = own.widthPx > own.heightPx !== theirs.widthPx > theirs.heightPx;
  const turns: readonly Turn[] = isTurned ? [90, 270] : [0, 180];
  const whole: Box = { x: 0, y: 0, width: 1, height: 1 };
  const verdicts = turns.flatMap((turn) =>
    [whole, trim].map((shown) => {
      const pairs = fields.flatMap((field, at): Pair[] => {
        const mine = ours[at] ?? null;
        const other = meanOf(theirs, turnBox(within(shown, field), turn));
        return mine === null || other === null ? [] : [[mine, other]];
      });
      // Of too little nothing can be said.
      return pairs.length < fields.length / 2 ? "unclear" : judgeFit(fitOf(withoutWorst(pairs)));
    }),
  );
  return order.find((verdict) => verdicts.includes(verdict)) ?? "unclear";
}
