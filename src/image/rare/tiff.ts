import { type Breathe, type DecodedRgba, maxDecodedPixels } from "./decoded.ts";
import { type ColourSpace, readProfile, type ToSrgb } from "./icc.ts";
import { plainColours } from "./plain-colours.ts";
import { type Block, type DecodeJpeg, readBlock } from "./tiff-blocks.ts";
import { blocksOf } from "./tiff-head.ts";
import { readTiff, type TiffPage } from "./tiff-page.ts";
import { readChannels } from "./tiff-rows.ts";
import { type Step, takeSteps, type Turn } from "./turn.ts";
import { BrokenBlock } from "./unpack.ts";

/** TIFF 6.0's tag 274, 1 to 8, as steps that turn the stored picture upright. */
const orientations: readonly (readonly Step[])[] = [
  [],
  [],
  ["mirrored"],
  ["left", "left"],
  ["upside-down"],
  ["left", "upside-down"],
  ["left", "left", "left"],
  ["left", "mirrored"],
  ["left"],
];

/** How a row's samples become sRGB. */
interface Colours {
  /** The channels that are colour, in the file's order. */
  readonly channels: readonly number[];
  readonly opacity: number | undefined;
  /** Brings them to 0 to 65535, in place, or looks them up. Returns how many there are for each pixel then. */
  readonly scale: (samples: Uint16Array, count: number) => Uint16Array;
  readonly toSrgb: ToSrgb;
}

function scaleTo16(bits: number, isInverted: boolean): Colours["scale"] {
  const factor = 65535 / (2 ** bits - 1);
  return (samples, count) => {
    for (let index = 0; index < count; index++) {
      const value = (samples[index] as number) * factor;
      samples[index] = isInverted ? 65535 - value : value;
    }
    return samples;
  };
}

function throughPalette(palette: ArrayLike<number>, bits: number, maxCount: number): Colours["scale"] {
  const size = 2 ** bits;
  const colours = Uint16Array.from({ length: size * 3 }, (_, at) => palette[(at % 3) * size + Math.floor(at / 3)] ?? 0);
  const out = new Uint16Array(maxCount * 3);
  return (samples, count) => {
    for (let pixel = 0; pixel < count; pixel++) {
      const from = (samples[pixel] as number) * 3;
      out[pixel * 3] = colours[from] as number;
      out[pixel * 3 + 1] = colours[from + 1] as number;
      out[pixel * 3 + 2] = colours[from + 2] as number;
    }
    return out;
  };
}

const spaces: Readonly<Record<number, ColourSpace>> = { 0: "GRAY", 1: "GRAY", 5: "CMYK" };

function coloursOf(page: TiffPage): Colours {
  const { photometric, bits, channels, extraSample, profile, tileWidth, palette } = page;
  const space = spaces[photometric] ?? "RGB ";
  const count = photometric === 3 ? 1 : { GRAY: 1, "RGB ": 3, CMYK: 4 }[space];
  const hasOpacity = channels > count && (extraSample === 1 || extraSample === 2);
  return {
    channels: Array.from({ length: count }, (_, channel) => channel),
    opacity: hasOpacity ? count : undefined,
    scale: photometric === 3 ? throughPalette(palette, bits, tileWidth) : scaleTo16(bits, photometric === 0),
    toSrgb: (profile && readProfile(profile, space)) ?? plainColours(space),
  };
}

/** The colours as they are where they were multiplied by the opacity. */
function divideBy(opacity: Uint16Array, samples: Uint16Array, channels: number): void {
  for (const [pixel, value] of opacity.entries()) {
    if (value === 0 || value === 65535) continue;
    for (let at = pixel * channels; at < (pixel + 1) * channels; at++) {
      samples[at] = Math.min(65535, ((samples[at] as number) * 65535) / value);
    }
  }
}

/** Writes the strips and tiles into the picture, row by row. */
function createWriter(page: TiffPage, turn: Turn, rgba: Uint8ClampedArray<ArrayBuffer>) {
  const { tileWidth, widthPx, bits, extraSample } = page;
  const { channels, opacity, scale, toSrgb } = coloursOf(page);
  const samples = new Uint16Array(tileWidth * channels.length);
  const alpha = new Uint16Array(tileWidth);
  const scaleAlpha = scaleTo16(bits, false);
  const row = new Uint8ClampedArray(tileWidth * 4).fill(255);
  const rowPixels = new Uint32Array(row.buffer);
  const pixels = new Uint32Array(rgba.buffer);
  return (blocks: readonly Block[], left: number, top: number, rows: number): void => {
    const count = Math.min(tileWidth, widthPx - left);
    for (let y = 0; y < rows; y++) {
      readChannels(blocks, y, tileWidth, channels, count, samples);
      const scaled = scale(samples, count * channels.length);
      if (opacity !== undefined) {
        readChannels(blocks, y, tileWidth, [opacity], count, alpha);
        scaleAlpha(alpha, count);
        if (extraSample === 1) divideBy(alpha.subarray(0, count), scaled, channels.length);
        for (let x = 0; x < count; x++) row[x * 4 + 3] = (alpha[x] as number) / 257;
      }
      toSrgb(scaled, count, row);
      let at = turn.first + left * turn.right + (top + y) * turn.down;
      for (let x = 0; x < count; x++, at += turn.right) pixels[at] = rowPixels[x] as number;
    }
  };
}

/**
 * The first picture of a TIFF that `inspectTiff` found good: in sRGB through its own profile, upright by its orientation. One strip
 * or tile is unpacked at a time. Throws BrokenBlock, what `decodeJpeg` throws, or what `breathe` does between them.
 */
export async function decodeTiff(bytes: Uint8Array, decodeJpeg: DecodeJpeg, breathe: Breathe): Promise<DecodedRgba> {
  const read = readTiff(bytes);
  if (read === undefined || read === "raw") throw new BrokenBlock("no picture");
  const { page } = read;
  if (page.widthPx * page.heightPx > maxDecodedPixels) throw new BrokenBlock("too many pixels");
  const { tileWidth, tileHeight, heightPx, channels, isPlanar, isTiled } = page;
  const turn = takeSteps(page.widthPx, heightPx, orientations[page.orientation] ?? []);
  const rgba = new Uint8ClampedArray(page.widthPx * heightPx * 4);
  const write = createWriter(page, turn, rgba);
  const across = Math.ceil(page.widthPx / tileWidth);
  const count = blocksOf(page);
  let breathedAt = performance.now();
  for (let block = 0; block < count; block++) {
    const top = Math.floor(block / across) * tileHeight;
    const rows = Math.min(tileHeight, heightPx - top);
    const planes: Block[] = [];
    for (let plane = 0; plane < (isPlanar ? channels : 1); plane++) {
      planes.push(await readBlock(bytes, page, plane * count + block, isTiled ? tileHeight : rows, decodeJpeg));
    }
    write(planes, (block % across) * tileWidth, top, rows);
    if (performance.now() - breathedAt < 100) continue;
    await breathe();
    breathedAt = performance.now();
  }
  return { widthPx: turn.widthPx, heightPx: turn.heightPx, rgba };
}
