import { crc32 } from "../checksums.ts";

export type Colour = readonly [red: number, green: number, blue: number];
export const red: Colour = [200, 30, 40];
export const green: Colour = [40, 160, 60];
export const blue: Colour = [30, 50, 190];
export const yellow: Colour = [230, 210, 60];

export function cssColour(colour: Colour, alpha = 1): string {
  return `rgb(${colour.join(" ")} / ${alpha})`;
}

/** Four quarters of one colour each, named as seen: top left, top right, bottom left, bottom right. */
function drawQuarters(context: OffscreenCanvasRenderingContext2D, widthPx: number, heightPx: number): void {
  for (const [index, colour] of [red, green, blue, yellow].entries()) {
    context.fillStyle = cssColour(colour);
    context.fillRect((index % 2) * (widthPx / 2), Math.floor(index / 2) * (heightPx / 2), widthPx / 2, heightPx / 2);
  }
}

export function drawOn(widthPx: number, heightPx: number, draw: (context: OffscreenCanvasRenderingContext2D) => void) {
  const context = new OffscreenCanvas(widthPx, heightPx).getContext("2d");
  if (context === null) throw new Error("no canvas");
  draw(context);
  return context;
}

export async function quarters(widthPx: number, heightPx: number, type: string): Promise<Blob> {
  const { canvas } = drawOn(widthPx, heightPx, (context) => drawQuarters(context, widthPx, heightPx));
  const file = await canvas.convertToBlob({ type, quality: 0.95 });
  // What a browser cannot write it writes as PNG.
  if (file.type !== type) throw new Error(`this browser writes no ${type}`);
  return file;
}

/** An EXIF block that says nothing but this orientation (EXIF 2.32, 4.6.5, tag 0x0112). */
function exifOf(orientation: number): number[] {
  return [0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}

function jpegWithExif(jpeg: Blob, exif: readonly number[]): Blob {
  const segment = Uint8Array.of(0xff, 0xe1, 0, exif.length + 8, 0x45, 0x78, 0x69, 0x66, 0, 0, ...exif);
  return new Blob([jpeg.slice(0, 2), segment, jpeg.slice(2)]);
}

function pngWithExif(file: Blob, exif: readonly number[]): Blob {
  return new Blob([file.slice(0, 33), new Uint8Array(pngChunk("eXIf", exif)), file.slice(33)]);
}

/** The extended kind (RFC 9649, 2.7), which a browser may have written already. */
async function webpWithExif(file: Blob, exif: readonly number[], widthPx: number, heightPx: number): Promise<Blob> {
  const chunks = new Uint8Array(await file.slice(12).arrayBuffer());
  const little = (value: number, size: 3 | 4): number[] => u32(value).toReversed().slice(0, size);
  const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
  const isExtended = ascii("VP8X").every((letter, at) => chunks[at] === letter);
  const flags = 8 | (isExtended ? (chunks[8] as number) : 0);
  const head = concat(ascii("VP8X"), little(10, 4), [flags, 0, 0, 0], little(widthPx - 1, 3), little(heightPx - 1, 3));
  const rest = isExtended ? chunks.subarray(18) : chunks;
  const content = concat(ascii("WEBP"), head, rest, ascii("EXIF"), little(exif.length, 4), exif);
  return new Blob([concat(ascii("RIFF"), little(content.length, 4), content)]);
}

/** How upright pixels must be stored, so that a viewer which obeys the orientation shows them upright again. */
const storing: Record<number, readonly [a: number, b: number, c: number, d: number, e: number, f: number]> = {
  1: [1, 0, 0, 1, 0, 0],
  2: [-1, 0, 0, 1, 1, 0],
  3: [-1, 0, 0, -1, 1, 1],
  4: [1, 0, 0, -1, 0, 1],
  5: [0, 1, 1, 0, 0, 0],
  6: [0, -1, 1, 0, 0, 1],
  7: [0, -1, -1, 0, 1, 1],
  8: [0, 1, -1, 0, 1, 0],
};

/** The four quarters as a file that a viewer shows upright only if it obeys the orientation (1 to 8). */
export async function orientedQuarters(
  widthPx: number,
  heightPx: number,
  orientation: number,
  type: "image/jpeg" | "image/png" | "image/webp" = "image/jpeg",
): Promise<Blob> {
  const [storedWidth, storedHeight] = orientation > 4 ? [heightPx, widthPx] : [widthPx, heightPx];
  const { canvas } = drawOn(storedWidth, storedHeight, (context) => {
    const stored = storing[orientation];
    if (stored === undefined) throw new Error(`there is no orientation ${orientation}`);
    const [a, b, c, d, e, f] = stored;
    context.setTransform(a, b, c, d, e * storedWidth, f * storedHeight);
    drawQuarters(context, widthPx, heightPx);
  });
  const file = await canvas.convertToBlob({ type, quality: 0.95 });
  if (type === "image/jpeg") return jpegWithExif(file, exifOf(orientation));
  if (type === "image/png") return pngWithExif(file, exifOf(orientation));
  return webpWithExif(file, exifOf(orientation), storedWidth, storedHeight);
}

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

export function u32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function pngChunk(type: string, data: Uint8Array | readonly number[]): Uint8Array {
  const body = concat(new TextEncoder().encode(type), data);
  return concat(u32(data.length), body, u32(crc32(body)));
}

export function png(widthPx: number, heightPx: number, colourType: number, pixels: Uint8Array): Blob {
  const header = pngChunk("IHDR", [...u32(widthPx), ...u32(heightPx), 8, colourType, 0, 0, 0]);
  return new Blob([concat(pngSignature, header, pngChunk("IDAT", pixels), pngChunk("IEND", []))]);
}

/** A GIF of two pictures of one colour each, or of two in turn: 0 is black, 1 white, 2 red and 3 green. */
export function animatedGif(widthPx: number, heightPx: number, first: readonly [number, number] = [0, 1]): Blob {
  const size = [widthPx & 255, widthPx >> 8, heightPx & 255, heightPx >> 8];
  const frame = (colours: readonly [number, number]): number[] => {
    // LZW codes of 3 bits, the table cleared before every pixel so that they stay 3 bits wide: no compression at all.
    const codes = [...Array.from({ length: widthPx * heightPx }, (_, at) => [4, colours[at & 1] ?? 0]).flat(), 5];
    const packed = new Uint8Array(Math.ceil((codes.length * 3) / 8));
    for (const [at, code] of codes.entries()) {
      for (let bit = 0; bit < 3; bit++) {
        const position = at * 3 + bit;
        packed[position >> 3] = (packed[position >> 3] as number) | (((code >> bit) & 1) << (position & 7));
      }
    }
    const blocks: number[] = [];
    for (let at = 0; at < packed.length; at += 255) {
      const block = packed.subarray(at, at + 255);
      blocks.push(block.length, ...block);
    }
    return [0x2c, 0, 0, 0, 0, ...size, 0, 2, ...blocks, 0];
  };
  const palette = [0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 255, 0];
  const head = [0x47, 0x49, 0x46, 0x38, 0x39, 0x61, ...size, 0x81, 0, 0, ...palette];
  return new Blob([concat(head, frame(first), frame([1, 1]), [0x3b])]);
}

export async function jpegClaiming(widthPx: number, heightPx: number): Promise<Blob> {
  const bytes = new Uint8Array(await (await quarters(64, 64, "image/jpeg")).arrayBuffer());
  const frame = bytes.findIndex((byte, index) => byte === 0xff && bytes[index + 1] === 0xc0);
  if (frame === -1) throw new Error("the JPEG has no baseline frame");
  bytes.set([heightPx >> 8, heightPx & 255, widthPx >> 8, widthPx & 255], frame + 5);
  return new Blob([bytes]);
}

export function jpegOfMarkers(): Blob {
  const frame = [0xff, 0xc0, 0, 11, 8, 4, 0, 5, 0, 1, 1, 0x11, 0];
  const scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0];
  return new Blob([concat([0xff, 0xd8], frame, scan, [0xff, 0xd9])]);
}

/** The middles of the four quarters of a picture, in the order of `drawQuarters`. */
export function quarterColours(picture: ImageBitmap): number[][] {
  const { width, height } = picture;
  const context = drawOn(width, height, (surface) => surface.drawImage(picture, 0, 0));
  return [0, 1, 2, 3].map((index) => {
    const x = Math.floor(width * (index % 2 ? 0.75 : 0.25));
    const y = Math.floor(height * (index > 1 ? 0.75 : 0.25));
    return [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)];
  });
}
