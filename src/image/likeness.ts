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
/** Pictures whose fields differ by less, of 255, once their tone is left aside, are never called different: correlation knows no size. */
const leastDifference = 10;
/** The same where ours is plain: a light or a pattern that a platform draws over it is all there is to be seen. */
const leastDifferenceOfPlain = 20;
/** Darker or lighter by more, of 255 in every channel, is not the work of another gamma: from 0.5 to 1.8 that is 80. */
const maxShiftAllOver = 110;
/** The same of one channel, where the hue is the opposite one too. */
const maxShiftOfHue = 70;
/** A colour is a hue from so far, of 255, off grey. */
const leastHue = 30;
/** By how much the sides of what is shown may be out of proportion. */
const maxOutOfProportion = 0.02;

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
  /** How alike the patterns are, up to 1: in colour, or in brightness alone where that is more. */
  readonly correlation: number;
  readonly colourCorrelation: number;
  /** By how much theirs is brighter or otherwise coloured all over, of 255, in the channel where that is most. */
  readonly shift: number;
  /** It is so much brighter or darker, or of such another hue, that this alone makes it another picture. */
  readonly isOtherTone: boolean;
  /** By how much the fields differ among themselves. */
  readonly spread: number;
  readonly theirSpread: number;
  /** By how much they differ from ours, another tone all over left aside. */
  readonly difference: number;
}

/** The sums of squares of ours and of theirs, and of their products, each about its mean. */
function sumsOf(values: readonly (readonly [own: number, theirs: number])[]): readonly [number, number, number] {
  const [ownMean, theirMean] = [meanIn(values.map(([own]) => own)), meanIn(values.map(([, theirs]) => theirs))];
  let [aa, bb, ab] = [0, 0, 0];
  for (const [own, theirs] of values) {
    const [a, b] = [own - ownMean, theirs - theirMean];
    aa += a * a;
    bb += b * b;
    ab += a * b;
  }
  return [aa, bb, ab];
}

const correlationOf = ([aa, bb, ab]: readonly [number, number, number]): number =>
  aa * bb === 0 ? 0 : ab / Math.sqrt(aa * bb);

/** Whether the mean colours have hues, and these are opposed. */
function areOpposed(means: readonly (readonly number[])[]): boolean {
  const [own, theirs] = ([0, 1] as const).map((side) => {
    const values = means.map((mean) => mean[side] as number);
    return values.map((value) => value - meanIn(values));
  }) as [number[], number[]];
  if (Math.min(Math.hypot(...own), Math.hypot(...theirs)) < leastHue) return false;
  const product = own.reduce((sum, value, at) => sum + value * (theirs[at] as number), 0);
  return product < -0.3 * Math.hypot(...own) * Math.hypot(...theirs);
}

/** Each channel about its mean, so that another tone all over makes no difference. */
function fitOf(pairs: readonly Pair[]): Fit {
  const inChannel = channels.map((channel) =>
    pairs.map(([own, theirs]) => [own[channel] as number, theirs[channel] as number] as const),
  );
  const means = inChannel.map((values) => ([0, 1] as const).map((side) => meanIn(values.map((each) => each[side]))));
  const shifts = means.map(([own = 0, theirs = 0]) => theirs - own);
  const sums = inChannel.map(sumsOf);
  const [aa, bb, ab] = channels.map((part) => sums.reduce((sum, each) => sum + each[part], 0)) as [
    number,
    number,
    number,
  ];
  const brightness = pairs.map(([own, theirs]) => [meanIn(own), meanIn(theirs)] as const);
  const colourCorrelation = correlationOf([aa, bb, ab]);
  const rmsOf = (sum: number): number => Math.sqrt(Math.max(sum, 0) / pairs.length / 3);
  const isAllOver = shifts.every((each) => each > maxShiftAllOver) || shifts.every((each) => each < -maxShiftAllOver);
  const shift = Math.max(...shifts.map(Math.abs));
  return {
    correlation: Math.max(colourCorrelation, correlationOf(sumsOf(brightness))),
    colourCorrelation,
    shift,
    isOtherTone: isAllOver || (shift > maxShiftOfHue && areOpposed(means)),
    spread: rmsOf(aa),
    theirSpread: rmsOf(bb),
    difference: rmsOf(aa + bb - 2 * ab),
  };
}

/** Without the fields that look least alike, another tone all over left aside: in a darker picture, white lettering comes closest to ours. */
function withoutWorst(pairs: readonly Pair[]): Pair[] {
  const shifts = channels.map((at) => {
    const sorted = pairs.map(([own, theirs]) => (theirs[at] as number) - (own[at] as number)).sort((a, b) => a - b);
    return sorted[Math.floor(sorted.length / 2)] ?? 0;
  });
  const distance = ([own, theirs]: Pair): number =>
    channels.reduce<number>(
      (sum, at) => sum + Math.abs((theirs[at] as number) - (own[at] as number) - (shifts[at] as number)),
      0,
    );
  return [...pairs].sort((a, b) => distance(a) - distance(b)).slice(0, Math.ceil(pairs.length * (1 - leftOut)));
}

/** `different` has consequences: it is said of nothing that other colours, or what a platform draws over a picture, may explain. */
function judgeFit(fit: Fit): Likeness {
  const { shift, isOtherTone, spread, theirSpread, difference } = fit;
  if (isOtherTone) return "different";
  if (spread < plain) {
    if (difference > leastDifferenceOfPlain) return "different";
    return shift < 10 && theirSpread < 2 * plain ? "same" : "unclear";
  }
  if (fit.correlation < 0.85 && difference > leastDifference) return "different";
  return shift < 40 && fit.colourCorrelation > 0.96 && theirSpread > spread / 2 ? "same" : "unclear";
}

/** The box of the pixels, each named by where its RGBA begins, that belong to something. */
function boxOf({ widthPx, heightPx }: Pixels, isPart: (at: number) => boolean): Box {
  let [left, top, right, bottom] = [widthPx, heightPx, 0, 0];
  for (let y = 0; y < heightPx; y++) {
    const [begin, end] = [y * widthPx, (y + 1) * widthPx];
    let at = begin;
    while (at < end && !isPart(at * 4)) at++;
    if (at === end) continue;
    [left, top, bottom] = [Math.min(left, at - begin), Math.min(top, y), y + 1];
    // What lies between the row's first and its last one changes nothing.
    for (at = end; !isPart((at - 1) * 4); ) at--;
    right = Math.max(right, at - begin);
  }
  return {
    x: left / widthPx,
    y: top / heightPx,
    width: Math.max(right - left, 0) / widthPx,
    height: Math.max(bottom - top, 0) / heightPx,
  };
}

/** What is opaque of a picture: around it a platform may leave room, or a shadow. */
function opaqueBoxOf(pixels: Pixels): Box {
  return boxOf(pixels, (at) => pixels.rgba[at + 3] === 255);
}

/** A pixel belongs to the card where a channel is further than this, of 255, from the page's colour; the noise of compression is nearer. */
const leastOffPage = 24;

/** The card where it is shown smaller on a page of one colour: the box of all that has not the colour of the picture's first pixel. */
function boxOnPage(pixels: Pixels): Box {
  const { rgba } = pixels;
  return boxOf(pixels, (at) =>
    channels.some((channel) => Math.abs((rgba[at + channel] as number) - (rgba[channel] as number)) > leastOffPage),
  );
}

/** The longer side over the shorter one. */
const proportionOf = (width: number, height: number): number => Math.max(width, height) / Math.min(width, height);

const order: readonly Likeness[] = ["same", "unclear", "different"];

/**
 * Whether what the card platform shows of a picture looks like that picture (of the product's raster). It may be cut to the card or
 * not, turned, smaller, compressed, in other tones, with rounded corners and room around, on a page of one colour, and with chip and
 * lettering over it.
 */
export function judgeLikeness(own: Pixels, theirs: Pixels, product: Product): Likeness {
  const { trimWidthMm, trimHeightMm } = product;
  const bleed = bleedSizeMm(product);
  const [width, height] = [trimWidthMm / bleed.widthMm, trimHeightMm / bleed.heightMm];
  const trim: Box = { x: (1 - width) / 2, y: (1 - height) / 2, width, height };
  const fields = fieldsOf(product);
  const ours = fields.map((field) => meanOf(own, within(trim, field)));
  const verdictsIn = (box: Box): Likeness[] => {
    const [theirWidth, theirHeight] = [box.width * theirs.widthPx, box.height * theirs.heightPx];
    const isLike = (proportion: number): boolean =>
      Math.abs(proportionOf(theirWidth, theirHeight) / proportion - 1) <= maxOutOfProportion;
    // Where the card lies in what they show, cut or not. Of neither shape, it is shown in some way that is not understood.
    const areas = [
      ...(isLike(proportionOf(trimWidthMm, trimHeightMm)) ? [{ x: 0, y: 0, width: 1, height: 1 }] : []),
      ...(isLike(proportionOf(bleed.widthMm, bleed.heightMm)) ? [trim] : []),
    ];
    const isTurned = own.widthPx > own.heightPx !== theirWidth > theirHeight;
    const turns: readonly Turn[] = isTurned ? [90, 270] : [0, 180];
    return turns.flatMap((turn) =>
      areas.map((area) => {
        const pairs = fields.flatMap((field, at): Pair[] => {
          const mine = ours[at] ?? null;
          const other = meanOf(theirs, within(box, turnBox(within(area, field), turn)));
          return mine === null || other === null ? [] : [[mine, other]];
        });
        // Of too little nothing can be said.
        return pairs.length < fields.length / 2 ? "unclear" : judgeFit(fitOf(withoutWorst(pairs)));
      }),
    );
  };
  // On a page the opaque box is page and card together, and differs: an `unclear` of the card itself has to win over that.
  const verdicts = [opaqueBoxOf(theirs), boxOnPage(theirs)].flatMap(verdictsIn);
  return order.find((verdict) => verdicts.includes(verdict)) ?? "unclear";
}
