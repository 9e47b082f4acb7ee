// The picture that should come out, and how far another is from it. Imports nothing of the product: no geometry, no filter.
import sharp from "sharp";

/** RGB, 8 bits, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

export interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
}

/** As a design document has it: millimetres from the card's centre, degrees clockwise, mirrored before anything else. */
export interface Place {
  readonly xMm: number;
  readonly yMm: number;
  readonly mmPerPx: number;
  readonly rotationDeg: number;
  readonly mirrored: boolean;
}

/** The transfer function of IEC 61966-2-1; both 0 to 1. */
export function decodeSrgb(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** The way back; both 0 to 1. */
export function encodeSrgb(light: number): number {
  return light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055;
}

export async function decodeFile(file: string | Uint8Array): Promise<Pixels> {
  const photo = sharp(file, { limitInputPixels: 60_000_000 }).autoOrient().removeAlpha();
  const { data, info } = await photo.raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data };
}

const lobes = 3;
const stepsPerUnit = 1 << 16;

/** Lanczos 3 at equal steps; read with linear interpolation it is within 1e-10. */
const kernel = Float64Array.from({ length: lobes * stepsPerUnit + 2 }, (_, step) => {
  const at = (step / stepsPerUnit) * Math.PI;
  if (step === 0) return 1;
  return step >= lobes * stepsPerUnit ? 0 : (lobes * Math.sin(at) * Math.sin(at / lobes)) / (at * at);
});

function weigh(distance: number): number {
  const at = Math.abs(distance) * stepsPerUnit;
  const step = Math.floor(at);
  const low = kernel[step] as number;
  return low + (at - step) * ((kernel[step + 1] as number) - low);
}

const lightOfByte = Float64Array.from({ length: 256 }, (_, byte) => decodeSrgb(byte / 255));

type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** From the photo's pixels to the raster's, both from their top left corner. */
function mapOf(place: Place, photo: { readonly width: number; readonly height: number }, raster: Raster): Affine {
  const pxPerMm = raster.dpi / 25.4;
  const scale = place.mmPerPx * pxPerMm;
  const angle = (place.rotationDeg / 180) * Math.PI;
  const flip = place.mirrored ? -1 : 1;
  const [a, b] = [Math.cos(angle) * scale * flip, Math.sin(angle) * scale * flip];
  const [c, d] = [-Math.sin(angle) * scale, Math.cos(angle) * scale];
  const e = raster.widthPx / 2 + place.xMm * pxPerMm - (a * photo.width + c * photo.height) / 2;
  const f = raster.heightPx / 2 + place.yMm * pxPerMm - (b * photo.width + d * photo.height) / 2;
  return [a, b, c, d, e, f];
}

interface Kernel {
  readonly map: Affine;
  readonly determinant: number;
  /** Raster pixels per photo pixel where the photo is enlarged, otherwise 1. */
  readonly enlarged: number;
  /** Half the side of the kernel's square, in raster pixels. */
  readonly reach: number;
}

/**
 * The photo on the raster by its definition: each pixel is the Lanczos-3 mean, in linear light and 64 bits, of the photo's pixels
 * around it. The kernel lies on the raster's axes at the exact map; where the photo is enlarged it is as wide as a photo pixel.
 */
export function renderReference(photo: Pixels, place: Place, raster: Raster): Uint8Array {
  const map = mapOf(place, photo, raster);
  const determinant = map[0] * map[3] - map[1] * map[2];
  const enlarged = Math.max(1, Math.sqrt(Math.abs(determinant)));
  const kernel: Kernel = { map, determinant, enlarged, reach: lobes * enlarged };
  const light = map[1] === 0 && map[2] === 0 ? shrinkUpright(photo, kernel, raster) : shrink(photo, kernel, raster);
  return Uint8Array.from(light, toByte);
}

/** In linear light, RGB. */
function shrink(photo: Pixels, { map, determinant, enlarged, reach }: Kernel, raster: Raster): Float64Array {
  const [a, b, c, d, e, f] = map;
  // Half the size of the photo's rectangle around the kernel's square.
  const reachX = (reach * (Math.abs(d) + Math.abs(c))) / Math.abs(determinant);
  const reachY = (reach * (Math.abs(b) + Math.abs(a))) / Math.abs(determinant);
  const output = new Float64Array(raster.widthPx * raster.heightPx * 3);
  for (let y = 0; y < raster.heightPx; y += 1) {
    for (let x = 0; x < raster.widthPx; x += 1) {
      const [atX, atY] = [x + 0.5 - e, y + 0.5 - f];
      const centreX = (d * atX - c * atY) / determinant;
      const centreY = (a * atY - b * atX) / determinant;
      let [sum, red, green, blue] = [0, 0, 0, 0];
      const bottom = Math.min(photo.height - 1, Math.floor(centreY + reachY));
      const left = Math.max(0, Math.floor(centreX - reachX));
      const right = Math.min(photo.width - 1, Math.floor(centreX + reachX));
      for (let row = Math.max(0, Math.floor(centreY - reachY)); row <= bottom; row += 1) {
        let across = a * (left + 0.5) + c * (row + 0.5) - atX;
        let down = b * (left + 0.5) + d * (row + 0.5) - atY;
        let at = (row * photo.width + left) * 3;
        for (let column = left; column <= right; column += 1, across += a, down += b, at += 3) {
          if (across <= -reach || across >= reach || down <= -reach || down >= reach) continue;
          const weight = weigh(across / enlarged) * weigh(down / enlarged);
          sum += weight;
          red += weight * (lightOfByte[photo.data[at] as number] as number);
          green += weight * (lightOfByte[photo.data[at + 1] as number] as number);
          blue += weight * (lightOfByte[photo.data[at + 2] as number] as number);
        }
      }
      output.set([red / sum, green / sum, blue / sum], (y * raster.widthPx + x) * 3);
    }
  }
  return output;
}

interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/** For each pixel along one side of the raster, the photo's pixels that it is the mean of; the weights of one add up to 1. */
function findTaps(scale: number, offset: number, photoPx: number, rasterPx: number, kernel: Kernel): readonly Taps[] {
  return Array.from({ length: rasterPx }, (_, index) => {
    const centre = (index + 0.5 - offset) / scale;
    const half = kernel.reach / Math.abs(scale);
    const first = Math.max(0, Math.floor(centre - half));
    const last = Math.min(photoPx - 1, Math.floor(centre + half));
    const weights = Array.from({ length: last - first + 1 }, (_, tap) => {
      const distance = ((first + tap + 0.5 - centre) * scale) / kernel.enlarged;
      return Math.abs(distance) < lobes ? weigh(distance) : 0;
    });
    const sum = weights.reduce((total, weight) => total + weight, 0);
    return { first, weights: weights.map((weight) => weight / sum) };
  });
}

/** The same where no axis is turned: rows first and then columns, which is the same sum and a hundred times quicker. */
function shrinkUpright(photo: Pixels, kernel: Kernel, raster: Raster): Float64Array {
  const [a, , , d, e, f] = kernel.map;
  const columns = findTaps(a, e, photo.width, raster.widthPx, kernel);
  const rows = findTaps(d, f, photo.height, raster.heightPx, kernel);
  const lineLength = raster.widthPx * 3;
  const lines = new Map<number, Float64Array>();
  const lineOf = (row: number): Float64Array => {
    const kept = lines.get(row);
    if (kept !== undefined) return kept;
    const line = new Float64Array(lineLength);
    for (let x = 0; x < raster.widthPx; x += 1) {
      const { first, weights } = columns[x] as Taps;
      for (let channel = 0; channel < 3; channel += 1) {
        let [sum, at] = [0, (row * photo.width + first) * 3 + channel];
        for (let tap = 0; tap < weights.length; tap += 1, at += 3) {
          sum += (weights[tap] as number) * (lightOfByte[photo.data[at] as number] as number);
        }
        line[x * 3 + channel] = sum;
      }
    }
    lines.set(row, line);
    return line;
  };
  const output = new Float64Array(lineLength * raster.heightPx);
  for (const [y, { first, weights }] of rows.entries()) {
    for (const row of lines.keys()) if (row < first) lines.delete(row);
    for (const [tap, weight] of weights.entries()) {
      const line = lineOf(first + tap);
      for (let at = 0; at < lineLength; at += 1) {
        output[y * lineLength + at] = (output[y * lineLength + at] as number) + weight * (line[at] as number);
      }
    }
  }
  return output;
}

function toByte(light: number): number {
  return Math.round(encodeSrgb(Math.min(1, Math.max(0, light))) * 255);
}

/** Peak signal-to-noise ratio in dB; pictures that are the same have 99. */
export function psnr(one: Uint8Array, other: Uint8Array): number {
  if (one.length !== other.length) throw new Error(`${one.length} bytes cannot be compared with ${other.length}.`);
  let sum = 0;
  for (let index = 0; index < one.length; index += 1) sum += ((one[index] as number) - (other[index] as number)) ** 2;
  return Math.min(99, 10 * Math.log10((255 ** 2 * one.length) / sum));
}

/** Cycles per pixel of the raster, along one of its axes: no raster holds half a one, and a filter needs some room. */
const flatFrom = 0.56;

/**
 * What is left of a zone plate's rings where they are too fine for the raster: root mean square about the mean, in parts of the
 * range. Half a cycle per photo pixel is half the photo's height from the middle.
 */
export function aliasOf(picture: Uint8Array, photo: Pixels, place: Place, raster: Raster): number {
  const [a, b, c, d, e, f] = mapOf(place, photo, raster);
  const determinant = a * d - b * c;
  const slope = 1 / photo.height;
  const values: number[] = [];
  for (let y = 0; y < raster.heightPx; y += 1) {
    for (let x = 0; x < raster.widthPx; x += 1) {
      const [atX, atY] = [x + 0.5 - e, y + 0.5 - f];
      const fromX = ((d * atX - c * atY) / determinant - photo.width / 2) * slope;
      const fromY = ((a * atY - b * atX) / determinant - photo.height / 2) * slope;
      // A frequency of the photo along the raster's axes: by the transpose of the way back.
      const across = Math.abs((d * fromX - b * fromY) / determinant);
      const down = Math.abs((a * fromY - c * fromX) / determinant);
      const isRing = Math.hypot(fromX, fromY) < 0.5;
      if (isRing && Math.max(across, down) >= flatFrom) {
        values.push((picture[(y * raster.widthPx + x) * 3] as number) / 255);
      }
    }
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

/** How near this reference is to libvips' Lanczos 3 in linear light, on an upright crop away from its borders, in dB. */
export async function compareWithLibvips(file: string): Promise<number> {
  const photo = await decodeFile(file);
  const raster = { widthPx: 800, heightPx: 512, dpi: 300 };
  const factor = 2.25;
  const [width, height] = [raster.widthPx * factor, raster.heightPx * factor];
  const region = { left: (photo.width - width) / 2, top: (photo.height - height) / 2, width, height };
  const cropped = await sharp(file).extract(region).toBuffer();
  const shrunken = await sharp(cropped)
    .pipelineColourspace("scrgb")
    .resize(raster.widthPx, raster.heightPx, { kernel: "lanczos3", fit: "fill" })
    .toColourspace("srgb")
    .raw()
    .toBuffer();
  const place = { xMm: 0, yMm: 0, mmPerPx: 25.4 / raster.dpi / factor, mirrored: false };
  const rimPx = 4;
  const withoutRim = (pixels: Uint8Array) =>
    sharp(pixels, { raw: { width: raster.widthPx, height: raster.heightPx, channels: 3 } })
      .extract({
        left: rimPx,
        top: rimPx,
        width: raster.widthPx - 2 * rimPx,
        height: raster.heightPx - 2 * rimPx,
      })
      .raw()
      .toBuffer();
  const expected = await withoutRim(shrunken);
  // A turn that moves nothing takes the way of every turned picture.
  const own = [0, 1e-9].map((rotationDeg) => renderReference(photo, { ...place, rotationDeg }, raster));
  return Math.min(...(await Promise.all(own.map(withoutRim))).map((pixels) => psnr(pixels, expected)));
}
