import { zlibSync } from "fflate";
import { crc32 } from "./checksums.ts";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const perceptualIntent = 0;

interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
}

type FilteredRows = readonly [
  none: Uint8Array,
  sub: Uint8Array,
  up: Uint8Array,
  average: Uint8Array,
  paeth: Uint8Array,
];

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

/** How far a byte, read as a signed difference, is from nothing. */
function magnitude(byte: number): number {
  return Math.abs((byte << 24) >> 24);
}

/** Filters one row of RGB samples in all five ways (PNG specification, 9.2) and returns the number of the smallest. */
function filterRow(row: Uint8Array, above: Uint8Array, candidates: FilteredRows): 0 | 1 | 2 | 3 | 4 {
  const [none, sub, up, average, predicted] = candidates;
  let [ofNone, ofSub, ofUp, ofAverage, ofPredicted] = [0, 0, 0, 0, 0];
  for (let index = 0; index < row.length; index++) {
    const value = row[index] as number;
    const over = above[index] as number;
    const left = index < 3 ? 0 : (row[index - 3] as number);
    const upLeft = index < 3 ? 0 : (above[index - 3] as number);
    ofNone += magnitude((none[index] = value));
    ofSub += magnitude((sub[index] = value - left));
    ofUp += magnitude((up[index] = value - over));
    ofAverage += magnitude((average[index] = value - ((left + over) >> 1)));
    ofPredicted += magnitude((predicted[index] = value - paeth(left, over, upLeft)));
  }
  const least = Math.min(ofNone, ofSub, ofUp, ofAverage, ofPredicted);
  if (least === ofPredicted) return 4;
  if (least === ofAverage) return 3;
  if (least === ofUp) return 2;
  return least === ofSub ? 1 : 0;
}

/** Rows of RGB, each behind the filter that leaves the smallest sum of magnitudes. */
function filterRows(rgba: Uint8ClampedArray, widthPx: number, heightPx: number): Uint8Array {
  const rowBytes = widthPx * 3;
  const filtered = new Uint8Array(heightPx * (rowBytes + 1));
  const emptyRow = (): Uint8Array => new Uint8Array(rowBytes);
  const candidates: FilteredRows = [emptyRow(), emptyRow(), emptyRow(), emptyRow(), emptyRow()];
  let row = emptyRow();
  let above = emptyRow();
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      const from = (y * widthPx + x) * 4;
      row[x * 3] = rgba[from] as number;
      row[x * 3 + 1] = rgba[from + 1] as number;
      row[x * 3 + 2] = rgba[from + 2] as number;
    }
    const best = filterRow(row, above, candidates);
    filtered[y * (rowBytes + 1)] = best;
    filtered.set(candidates[best], y * (rowBytes + 1) + 1);
    [row, above] = [above, row];
  }
  return filtered;
}

/**
 * An 8-bit RGB PNG of these RGBA pixels, whose alpha is dropped: IHDR, sRGB, pHYs, one IDAT, IEND and nothing else.
 * The same pixels give the same bytes in every browser.
 */
export function encodePng(rgba: Uint8ClampedArray, { widthPx, heightPx, dpi }: Raster): Uint8Array<ArrayBuffer> {
  const rows = filterRows(rgba, widthPx, heightPx);
  const parts = [
    signature,
    makeChunk("IHDR", makeHeader(widthPx, heightPx)),
    makeChunk("sRGB", Uint8Array.of(perceptualIntent)),
    makeChunk("pHYs", makePhysicalSize(dpi)),
    // Level 4 takes half the time of the usual 6 for 3 % more bytes (measured on camera photos).
    makeChunk("IDAT", zlibSync(rows, { level: 4 })),
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
