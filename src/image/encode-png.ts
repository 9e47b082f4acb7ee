import { zlibSync } from "fflate";
import { crc32 } from "./crc32.ts";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const perceptualIntent = 0;

function makeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(data.length + 12);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let index = 0; index < 4; index++) chunk[4 + index] = type.charCodeAt(index);
  chunk.set(data, 8);
  view.setUint32(data.length + 8, crc32(chunk.subarray(4, data.length + 8)));
  return chunk;
}

function makeHeader(widthPx: number, heightPx: number): Uint8Array {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, widthPx);
  view.setUint32(4, heightPx);
  // 8 bits, colour type 2 (RGB), deflate, adaptive filters, not interlaced.
  data.set([8, 2, 0, 0, 0], 8);
  return data;
}

function makePhysicalSize(dpi: number): Uint8Array {
  const data = new Uint8Array(9);
  const view = new DataView(data.buffer);
  const pxPerMetre = Math.round(dpi / 0.0254);
  view.setUint32(0, pxPerMetre);
  view.setUint32(4, pxPerMetre);
  data[8] = 1;
  return data;
}

function paeth(left: number, up: number, upLeft: number): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

/** Filters one row of RGB samples in all five ways (PNG specification, 9.2) and returns the sum of magnitudes of each. */
function filterRow(row: Uint8Array, above: Uint8Array, candidates: readonly Uint8Array[]): number[] {
  const [none, sub, up, average, predicted] = candidates as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const sums = [0, 0, 0, 0, 0];
  for (let index = 0; index < row.length; index++) {
    const value = row[index] as number;
    const left = index >= 3 ? (row[index - 3] as number) : 0;
    const over = above[index] as number;
    const upLeft = index >= 3 ? (above[index - 3] as number) : 0;
    none[index] = value;
    sub[index] = value - left;
    up[index] = value - over;
    average[index] = value - ((left + over) >> 1);
    predicted[index] = value - paeth(left, over, upLeft);
    for (let filter = 0; filter < 5; filter++) {
      const filtered = (candidates[filter] as Uint8Array)[index] as number;
      sums[filter] = (sums[filter] as number) + (filtered < 128 ? filtered : 256 - filtered);
    }
  }
  return sums;
}

/** Rows of RGB, each behind the filter that leaves the smallest sum of magnitudes. */
function filterRows(rgba: Uint8ClampedArray, widthPx: number, heightPx: number): Uint8Array {
  const rowBytes = widthPx * 3;
  const filtered = new Uint8Array(heightPx * (rowBytes + 1));
  const candidates = Array.from({ length: 5 }, () => new Uint8Array(rowBytes));
  let row = new Uint8Array(rowBytes);
  let above = new Uint8Array(rowBytes);
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const from = (y * widthPx + x) * 4;
      row[x * 3] = rgba[from] as number;
      row[x * 3 + 1] = rgba[from + 1] as number;
      row[x * 3 + 2] = rgba[from + 2] as number;
    }
    const sums = filterRow(row, above, candidates);
    const best = sums.indexOf(Math.min(...sums));
    filtered[y * (rowBytes + 1)] = best;
    filtered.set(candidates[best] as Uint8Array, y * (rowBytes + 1) + 1);
    [row, above] = [above, row];
  }
  return filtered;
}

/**
 * An 8-bit RGB PNG of these RGBA pixels, whose alpha is dropped: IHDR, sRGB, pHYs, one IDAT, IEND and nothing else.
 * The same pixels give the same bytes in every browser.
 */
export function encodePng(
  rgba: Uint8ClampedArray,
  widthPx: number,
  heightPx: number,
  dpi: number,
): Uint8Array<ArrayBuffer> {
  const parts = [
    signature,
    makeChunk("IHDR", makeHeader(widthPx, heightPx)),
    makeChunk("sRGB", Uint8Array.of(perceptualIntent)),
    makeChunk("pHYs", makePhysicalSize(dpi)),
    makeChunk("IDAT", zlibSync(filterRows(rgba, widthPx, heightPx), { level: 6 })),
    makeChunk("IEND", new Uint8Array(0)),
  ];
  const png = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    png.set(part, offset);
    offset += part.length;
  }
  return png;
}
