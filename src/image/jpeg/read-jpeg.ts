import type { PhotoSize } from "#card/placement.ts";
import type { Breathe } from "../rare/decoded.ts";
import type { ToSrgb } from "../rare/icc.ts";
import type { Band, Decoded, PixelLayout } from "../resampler/resampler.ts";
import { type Conversion, conversionOf, painterOf } from "./colours.ts";
import type { BlockSize } from "./idct.ts";
import { type JpegFile, readJpegFile } from "./jpeg-file.ts";
import type { PlaneWindow } from "./planes.ts";
import { type SampledComponent, SampleReader } from "./samples.ts";
import { SequentialBlocks } from "./sequential.ts";
import { spreadRow, windowFor } from "./spread.ts";

/** A JPEG at one of its sizes, as it is stored. */
export interface JpegPixels extends Decoded {
  /** What is kept of them in memory. */
  readonly keptBytes: number;
  /** Decodes a part. Throws DamageError where its bits are missing, or what `breathe` does. */
  read(band: Band, breathe: Breathe): Promise<void>;
}

/** A JPEG of Huffman codes of which any part can be decoded, at any of four sizes, without the rest. */
export interface JpegReader {
  /** What it keeps in memory, beside pixels. */
  readonly bytes: number;
  /** All of it, as stored. */
  readonly size: PhotoSize;
  /** EXIF's, 1 to 8. */
  readonly orientation: number;
  /** It is of inks of which no profile tells what they look like. */
  readonly guessesColours: boolean;
  /** Its pixels at so many eighths of its size. */
  pixelsAt(eighths: BlockSize): JpegPixels;
}

/** How the resampler's kernel may have the components as they are, which smooths and converts them as we would. */
function layoutOf(components: readonly SampledComponent[], { colours }: JpegFile, { toSrgb }: Conversion): PixelLayout {
  const [y, blue, red] = components;
  if (colours !== "ycc" || toSrgb !== undefined || y?.across !== 1 || y.down !== 1) return "RGBX";
  if (blue?.across !== red?.across || blue?.down !== red?.down) return "RGBX";
  const layouts: Readonly<Record<string, PixelLayout>> = { "1 1": "I444", "2 1": "I422", "2 2": "I420" };
  return layouts[`${blue?.across} ${blue?.down}`] ?? "RGBX";
}

async function readPlanes(reader: SampleReader, band: Band, breathe: Breathe): Promise<void> {
  let start = 0;
  const windows = reader.components.map(({ across, down }): PlaneWindow => {
    const [width, height] = [Math.ceil(band.width / across), Math.ceil(band.height / down)];
    const samples = band.bytes.subarray(start, start + width * height);
    start += width * height;
    return { x: band.x / across, y: band.y / down, width, height, samples };
  });
  await reader.read(windows, breathe);
}

async function readRgbx(reader: SampleReader, paint: ReturnType<typeof painterOf>, band: Band, breathe: Breathe) {
  const { x, width, height, bytes } = band;
  const windows = reader.components.map((component) => windowFor(component, band));
  await reader.read(windows, breathe);
  const sums = new Int32Array(Math.max(...windows.map((window) => window.width)));
  const rows = windows.map(() => new Uint8ClampedArray(width));
  for (let row = 0; row < height; row++) {
    for (const [index, component] of reader.components.entries()) {
      const stretch = { x, y: band.y + row, width };
      spreadRow(windows[index] as PlaneWindow, component, stretch, sums, rows[index] as Uint8ClampedArray);
    }
    paint(rows, width, bytes.subarray(row * width * 4, (row + 1) * width * 4));
    await breathe();
  }
}

/**
 * Reads what a JPEG says of itself. Throws DamageError where that makes no sense, or where it is not made of Huffman codes. Its
 * colours become sRGB by what it says of them, or by what `convert` does.
 */
export function openJpeg(bytes: Uint8Array, convert?: ToSrgb): JpegReader {
  const file = readJpegFile(bytes);
  const { frame, orientation } = file;
  const conversion = convert === undefined ? conversionOf(file) : { toSrgb: convert, isGuess: false };
  const sequential = frame.progressive ? undefined : new SequentialBlocks(file);
  return {
    size: { widthPx: frame.widthPx, heightPx: frame.heightPx },
    bytes: frame.components.reduce((sum, { nonZero }) => sum + nonZero.length, bytes.length),
    orientation,
    guessesColours: conversion.isGuess,
    pixelsAt(eighths) {
      const reader = new SampleReader(file, eighths, sequential);
      const widthPx = Math.ceil((frame.widthPx * eighths) / 8);
      const heightPx = Math.ceil((frame.heightPx * eighths) / 8);
      const layout = layoutOf(reader.components, file, conversion);
      const paint = painterOf(file, conversion, widthPx);
      return {
        widthPx,
        heightPx,
        layout,
        keptBytes: reader.keptBytes,
        read: (band, breathe) =>
          layout === "RGBX" ? readRgbx(reader, paint, band, breathe) : readPlanes(reader, band, breathe),
      };
    },
  };
}
