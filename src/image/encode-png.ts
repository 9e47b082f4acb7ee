import { crc32 } from "./checksums.ts";
import { readBytes, startKernel, writeBytes } from "./kernel/kernel.ts";

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const perceptualIntent = 0;

interface Raster {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
}

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

/** The filtered rows of the picture, RGB, as a zlib stream. */
function compressPixels(code: WebAssembly.Module, rgba: Uint8ClampedArray, { widthPx, heightPx }: Raster): Uint8Array {
  const kernel = startKernel(code);
  const pixels = kernel.allocate(rgba.length);
  writeBytes(kernel, pixels, rgba);
  const rows = kernel.filterRows(pixels, widthPx, heightPx);
  const stream = kernel.deflate(rows, heightPx * (widthPx * 3 + 1));
  return readBytes(kernel, stream, kernel.deflatedLength());
}

/**
 * An 8-bit RGB PNG of these RGBA pixels, whose alpha is dropped: IHDR, sRGB, pHYs, one IDAT, IEND and nothing else.
 * The same pixels give the same bytes in every browser. Throws as the kernel does without memory.
 */
export function encodePng(code: WebAssembly.Module, rgba: Uint8ClampedArray, raster: Raster): Uint8Array<ArrayBuffer> {
  const parts = [
    signature,
    makeChunk("IHDR", makeHeader(raster.widthPx, raster.heightPx)),
    makeChunk("sRGB", Uint8Array.of(perceptualIntent)),
    makeChunk("pHYs", makePhysicalSize(raster.dpi)),
    makeChunk("IDAT", compressPixels(code, rgba, raster)),
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
