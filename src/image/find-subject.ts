import { type Attention, averageAttention, type RectPx, type Subject } from "#card/subject.ts";
import { type Box, densestBox, Plane } from "./plane.ts";

/** A photo in a few pixels: upright, RGBA, 8 bits each, sRGB. */
export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  readonly rgba: ArrayLike<number>;
}

/** The longer side of a thumbnail in which a subject is looked for. */
export const thumbnailPx = 64;

/** In a photo without a subject no place differs from what is around it by so much, of 255. */
const leastContrast = 6;
/** By how much what stands out does so more than the photo on average, of itself. */
const leastConfidence = 0.15;
/** What is less like skin, from 0 to 1, is no part of a face: see `skinOf`. */
const leastSkin = 0.3;
/** So many pixels of nothing but skin. */
const leastSkinSum = 4;
/** A group's faces, and hands. */
const mostPlaces = 12;
const mostGain = 6;
/** Deviation of red against green, of 255, in a photo in colour. */
const leastColour = 6;

// Only sums, products and square roots are used, which are the same to the last bit in every engine.

/** Lightness, red against green, yellow against blue: as eyes see differences, roughly. */
function colourPlanes({ width, height, rgba }: Thumbnail): Colours {
  const mix = (red: number, green: number, blue: number): Plane => {
    const values = new Float64Array(width * height);
    for (let at = 0; at < values.length; at++) {
      values[at] =
        (rgba[at * 4] as number) * red + (rgba[at * 4 + 1] as number) * green + (rgba[at * 4 + 2] as number) * blue;
    }
    return new Plane(width, height, values);
  };
  return [mix(0.3, 0.55, 0.15), mix(0.8, -0.8, 0), mix(0.4, 0.4, -0.8)];
}

type Colours = readonly [Plane, Plane, Plane];

/** As it would be in good light: what one looks at in a dark photo is the same. */
function asBright(colours: Colours): Colours {
  const [{ width, height, values }] = colours;
  const brightest = values.reduce((most, value) => Math.max(most, value), 0);
  const gain = Math.min(mostGain, 255 / Math.max(1, brightest));
  const lit = (plane: Plane): Plane =>
    new Plane(
      width,
      height,
      plane.values.map((value) => value * gain),
    );
  return [lit(colours[0]), lit(colours[1]), lit(colours[2])];
}

// A photo is looked at once, by a worker that has just begun: nothing below has been compiled yet, and so it makes no arrays in its loops.

/** The square of how far a place's colour is from another. */
function squareDistance(colours: Colours, at: number, light: number, red: number, yellow: number): number {
  const lightness = (colours[0].values[at] as number) - light;
  const redness = (colours[1].values[at] as number) - red;
  const yellowness = (colours[2].values[at] as number) - yellow;
  return lightness * lightness + redness * redness + yellowness * yellowness;
}

/** How unlike what is around it each place is, near and far. */
function unlikeAround(colours: Colours): Plane {
  const [{ width, height }] = colours;
  const radii = [12, 6, 3].map((part) => Math.max(1, Math.round(Math.max(width, height) / part)));
  const values = new Float64Array(width * height);
  for (const radius of radii) {
    const [light, red, yellow] = colours.map((plane) => plane.blur(radius).values) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (let at = 0; at < values.length; at++) {
      const square = squareDistance(colours, at, light[at] as number, red[at] as number, yellow[at] as number);
      values[at] = (values[at] as number) + Math.sqrt(square) / radii.length;
    }
  }
  return new Plane(width, height, values);
}

/** How unlike the left, right and upper border, which are most often behind the subject; what it stands on is below. */
function unlikeBorder(colours: Colours): Plane {
  const [{ width, height }] = colours;
  const depth = Math.max(1, Math.round(Math.min(width, height) / 16));
  const parts = 4;
  const borders: number[] = [];
  const add = (box: Box): void => void borders.push(...colours.map((plane) => plane.mean(box)));
  for (let part = 0; part < parts; part++) {
    const [top, left] = [Math.floor((height * part) / parts), Math.floor((width * part) / parts)];
    // Mirrored, it has to give the same.
    const bottom = Math.max(top + 1, Math.floor((height * (part + 1)) / parts));
    const right = Math.max(left + 1, Math.ceil((width * (part + 1)) / parts));
    add([0, top, Math.min(depth, width), bottom]);
    add([Math.max(0, width - depth), top, width, bottom]);
    add([left, 0, right, Math.min(depth, height)]);
  }
  const values = new Float64Array(width * height);
  for (let at = 0; at < values.length; at++) {
    let nearest = Infinity;
    for (let from = 0; from < borders.length; from += 3) {
      const light = borders[from] as number;
      const square = squareDistance(colours, at, light, borders[from + 1] as number, borders[from + 2] as number);
      if (square < nearest) nearest = square;
    }
    values[at] = Math.sqrt(nearest);
  }
  return new Plane(width, height, values);
}

/** How much there is to see in each place. */
function detailOf(light: Plane): Plane {
  const { width, height, values } = light;
  const edges = new Float64Array(values.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const across = light.at(Math.min(width - 1, x + 1), y) - light.at(Math.max(0, x - 1), y);
      const down = light.at(x, Math.min(height - 1, y + 1)) - light.at(x, Math.max(0, y - 1));
      edges[y * width + x] = Math.sqrt(across * across + down * down);
    }
  }
  return new Plane(width, height, edges).blur(Math.max(1, Math.round(Math.max(width, height) / 12)));
}

function near(value: number, middle: number, width: number): number {
  const away = (value - middle) / width;
  return Math.max(0, 1 - away * away);
}

/** How far from 0 to 1 each colour may be somebody's skin, light or dark, above what the photo has of it everywhere. */
function skinOf([light, red, yellow]: Colours): Plane {
  const values = new Float64Array(light.values.length);
  // Paper that has gone brown has the hue of skin.
  if (red.deviation < leastColour) return new Plane(light.width, light.height, values);
  for (let at = 0; at < values.length; at++) {
    const lightness = light.values[at] as number;
    const redness = (red.values[at] as number) / (lightness + 20);
    const hue = (yellow.values[at] as number) / Math.max(1, red.values[at] as number);
    values[at] = lightness < 30 ? 0 : Math.min(1, 1.6 * near(redness, 0.2, 0.16) * near(hue, 1.15, 0.6));
  }
  const { width, height } = light;
  const { average } = new Plane(width, height, values);
  return new Plane(
    width,
    height,
    values.map((value) => Math.max(0, value - 1.5 * average)),
  );
}

/** How much each place stands out; 1 is the average of a plain photo. */
function attentionOf(colours: Colours, around: Plane, skin: Plane): Plane {
  const [light] = colours;
  const { width, height } = light;
  const planes = [around, unlikeBorder(colours), detailOf(light)] as const;
  const weights = planes.map(({ average }, at) => (at < 2 ? 1 : 0.5) / Math.max(average, leastContrast / 2));
  const values = new Float64Array(width * height);
  for (let y = 0; y < height; y++) {
    const down = (2 * y + 1) / height - 1;
    for (let x = 0; x < width; x++) {
      const at = y * width + x;
      const across = (2 * x + 1) / width - 1;
      const central = Math.max(0.1, 1 - 0.45 * (across * across + down * down));
      let sum = 0;
      for (let plane = 0; plane < 3; plane++) {
        sum += ((planes[plane] as Plane).values[at] as number) * (weights[plane] as number);
      }
      values[at] = (sum + 4 * (skin.values[at] as number)) * central;
    }
  }
  return new Plane(width, height, values);
}

function areaOf([left, top, right, bottom]: Box): number {
  return (right - left) * (bottom - top);
}

/** Whether a place of skin has the shape of a face, the size of one that is looked at, and is not at the photo's foot, as hands are. */
function isFace(skin: Plane, box: Box): boolean {
  const [left, top, right, bottom] = box;
  const aspect = (right - left) / (bottom - top);
  const share = areaOf(box) / (skin.width * skin.height);
  const isRound = aspect > 0.6 && aspect < 1.7;
  return isRound && share > 0.003 && share < 0.4 && (top + bottom) / 2 < 0.72 * skin.height && skin.mean(box) > 0.5;
}

/** Places of skin that may be faces, the largest first, without those that are much smaller. */
function findFaces(skin: Plane): readonly Box[] {
  const { width, height } = skin;
  const values = Float64Array.from(skin.values);
  const faces: Box[] = [];
  let largest = 0;
  for (let place = 0; place < mostPlaces; place++) {
    const rest = new Plane(width, height, values);
    const box = densestBox(rest, leastSkin, [0, 0, width, height]);
    const sum = rest.mean(box) * areaOf(box);
    if (sum < Math.max(leastSkinSum, largest / 4)) break;
    if (isFace(rest, box)) {
      faces.push(box);
      largest ||= sum;
    }
    for (let y = box[1]; y < box[3]; y++) values.fill(0, y * width + box[0], y * width + box[2]);
  }
  return faces;
}

/** A face with the hair above it, and as much again of what is beside and below. */
function headOf([left, top, right, bottom]: Box, { width, height }: Plane): Box {
  const [across, down] = [(right - left) / 5, (bottom - top) / 5];
  return [
    Math.max(0, left - across),
    Math.max(0, top - 2.5 * down),
    Math.min(width, right + across),
    Math.min(height, bottom + down),
  ];
}

function unite(boxes: readonly Box[]): Box {
  const edge = (at: 0 | 1 | 2 | 3, of: (...values: number[]) => number): number => of(...boxes.map((box) => box[at]));
  return [edge(0, Math.min), edge(1, Math.min), edge(2, Math.max), edge(3, Math.max)];
}

function rectOf([left, top, right, bottom]: Box): RectPx {
  return { xPx: left, yPx: top, widthPx: right - left, heightPx: bottom - top };
}

function headsOf(faces: readonly Box[], plane: Plane): readonly Box[] {
  return faces.map((face) => headOf(face, plane));
}

/** What must be seen of a subject: its heads where there are some, and where they are small the upper part of all of it. */
function coreOf(attention: Plane, skin: Plane, whole: Box): Box {
  const isWithin = ([left, top, right, bottom]: Box): boolean => {
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    return x > whole[0] - (whole[2] - whole[0]) / 4 && x < whole[2] + (whole[2] - whole[0]) / 4 && y < whole[3];
  };
  const heads = headsOf(findFaces(skin), attention).filter(isWithin);
  if (heads.length === 0) {
    return densestBox(attention, attention.average + 0.9 * attention.deviation, whole);
  }
  const isLarge = Math.max(...heads.map(areaOf)) > areaOf(whole) / 6;
  const [left, top, right, bottom] = whole;
  // One face is found where the others are turned away, or in the shade.
  return isLarge ? unite(heads) : unite([...heads, [left, top, right, top + 0.6 * (bottom - top)]]);
}

function asBytes({ width, height, values, average }: Plane): Attention {
  // `Uint8Array.from` takes seven times as long.
  const bytes = new Uint8Array(values.map((value) => Math.min(255, Math.round((value / average) * averageAttention))));
  return { columns: width, rows: height, values: bytes };
}

/**
 * What one looks at in a photo, in pixels of the thumbnail; null where nothing stands out. `faces` are those that a detector has
 * found, in the same pixels: it is their heads then. The same for the same pixels in every engine.
 */
export function findSubject(thumbnail: Thumbnail, faces: readonly RectPx[] = []): Subject | null {
  const colours = asBright(colourPlanes(thumbnail).map((plane) => plane.blur(1)) as [Plane, Plane, Plane]);
  const around = unlikeAround(colours);
  const found = faces.map(({ xPx, yPx, widthPx, heightPx }): Box => [xPx, yPx, xPx + widthPx, yPx + heightPx]);
  if (found.length === 0 && Math.max(around.average, around.deviation) < leastContrast) return null;
  const skin = skinOf(colours);
  const attention = attentionOf(colours, around, skin);
  const { average, deviation, width, height } = attention;
  const dense = densestBox(attention, average + 0.35 * deviation, [0, 0, width, height]);
  const inside = attention.mean(dense);
  const core = found.length > 0 ? unite(headsOf(found, attention)) : coreOf(attention, skin, dense);
  const confidence = found.length > 0 ? 1 : (inside - average) / inside;
  if (confidence < leastConfidence) return null;
  return { whole: rectOf(unite([dense, core])), core: rectOf(core), attention: asBytes(attention), confidence };
}
