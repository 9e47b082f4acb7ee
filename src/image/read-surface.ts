import { createSurface } from "./canvas.ts";
import { PhotoProblem } from "./protocol.ts";

type Context = OffscreenCanvasRenderingContext2D;
type Rgba = Uint8ClampedArray<ArrayBuffer>;
type Read = (context: Context, widthPx: number, heightPx: number) => Promise<Rgba>;

const byCanvas: Read = async (context, widthPx, heightPx) => context.getImageData(0, 0, widthPx, heightPx).data;

/** RGBA of what is BGRA, or multiplied by its opacity as canvases hold it. */
function toRgba(bytes: Rgba, format: string | null): Rgba {
  const [red, blue] = format?.startsWith("BGR") ? [2, 0] : [0, 2];
  const mayBeClear = format?.endsWith("A");
  for (let at = 0; at < bytes.length; at += 4) {
    const [r, g, b] = [bytes[at + red] as number, bytes[at + 1] as number, bytes[at + blue] as number];
    const alpha = mayBeClear ? (bytes[at + 3] as number) : 255;
    const more = alpha === 0 ? 0 : 255 / alpha;
    bytes[at] = r * more;
    bytes[at + 1] = g * more;
    bytes[at + 2] = b * more;
    bytes[at + 3] = alpha;
  }
  return bytes;
}

/** What protects against being recognised changes what canvases give back, not what films are made of. */
const byFrame: Read = async ({ canvas }, widthPx, heightPx) => {
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  try {
    if (!/^(RGB|BGR)[AX]$/.test(frame.format ?? "")) throw new TypeError(`a frame's pixels are ${frame.format}`);
    const bytes = new Uint8ClampedArray(widthPx * heightPx * 4);
    await frame.copyTo(bytes, { rect: { x: 0, y: 0, width: widthPx, height: heightPx } });
    return toRgba(bytes, frame.format);
  } finally {
    frame.close();
  }
};

/** Its pixels have 576 colours: noise that leaves some alone is found. */
const patternPx = 24;
/** Noise of so many of 255 is not to be seen in print. Some browsers add it to every canvas, and give no other way to the pixels. */
const maxNoise = 2;

/** By how much a value that is read differs at most from what was drawn, of 255. */
async function measureNoise(read: Read): Promise<number> {
  const pattern = new ImageData(patternPx, patternPx);
  for (let pixel = 0; pixel < patternPx * patternPx; pixel++) {
    pattern.data.set(
      [pixel * 37, pixel * 101 + 64, pixel * 151 + 128, 255].map((value) => value & 255),
      pixel * 4,
    );
  }
  const context = createSurface(patternPx, patternPx, { willReadFrequently: true });
  // Not by colours' names, which Firefox brings into those of the screen.
  const bitmap = await createImageBitmap(pattern);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const given = await read(context, patternPx, patternPx);
  return pattern.data.reduce((most, value, at) => Math.max(most, Math.abs(value - (given[at] ?? 0))), 0);
}

/** Whether this is Firefox's engine. It protects canvases in ways that a small one may not show, and converts colours for the screen. */
export function isGecko(): boolean {
  return /\bGecko\/\d/.test(navigator.userAgent);
}

/**
 * The colours as they are in the file, where the engine would bring them into those of the screen: every screen would give another
 * card. Elsewhere they come in sRGB by themselves, and not all engines know the words for it.
 */
export function asStored(): ImageBitmapOptions | undefined {
  return isGecko() ? { colorSpaceConversion: "none" } : undefined;
}

async function chooseRead(): Promise<Read | undefined> {
  const ways = isGecko() ? [byFrame, byCanvas] : [byCanvas, byFrame];
  for (const maxDifference of [0, maxNoise]) {
    for (const read of ways) {
      const noise = await measureNoise(read).catch(() => 255);
      if (noise <= maxDifference) return read;
    }
  }
  return undefined;
}

let chosen: ReturnType<typeof chooseRead> | undefined;

/** Tries whether pixels can be had as they were drawn, and in which way from now on. */
export async function canReadPixels(): Promise<boolean> {
  chosen = chooseRead();
  return (await chosen) !== undefined;
}

/** The RGBA rows of a canvas's upper left part, as they were drawn. Throws PhotoProblem where the browser gives others. */
export async function readSurface(context: Context, widthPx: number, heightPx: number): Promise<Rgba> {
  chosen ??= chooseRead();
  const read = await chosen;
  if (read === undefined) {
    // It may have been for want of memory.
    chosen = undefined;
    throw new PhotoProblem("open-failed", { cause: "the browser changes the pixels of canvases" });
  }
  return read(context, widthPx, heightPx);
}
