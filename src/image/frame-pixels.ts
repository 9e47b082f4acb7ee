import { type Affine, composeAffine, type PhotoSize } from "#card/placement.ts";
import type { PhotoHead } from "./photo-head.ts";
import type { Pixels } from "./photo-source.ts";
import { isGecko } from "./read-surface.ts";
import type { PixelLayout } from "./resampler/resampler.ts";

/** A VideoFrame that knows how it is turned, which TypeScript's library does not say of it yet. */
interface TurnedFrame extends VideoFrame {
  readonly rotation: number;
  readonly flip: boolean;
}

/** From a stored photo's pixels to those of the upright one: turned clockwise, then mirrored. */
function turnUpright({ rotation, flip }: TurnedFrame, { widthPx, heightPx }: PhotoSize): Affine {
  const turns = {
    0: [1, 0, 0, 1, 0, 0],
    90: [0, 1, -1, 0, heightPx, 0],
    180: [-1, 0, 0, -1, widthPx, heightPx],
    270: [0, -1, 1, 0, 0, widthPx],
  } as const satisfies Record<number, Affine>;
  const turned = turns[rotation as keyof typeof turns];
  const width = rotation % 180 === 0 ? widthPx : heightPx;
  return flip ? composeAffine([-1, 0, 0, 1, width, 0], turned) : turned;
}

const converted = { format: "RGBX", colorSpace: "srgb" } as const;

/**
 * How a frame's own memory is read, which is the quickest and takes none besides; undefined where the browser has to convert it
 * first. That smooths no colours.
 */
function layoutOf({ format, colorSpace }: VideoFrame): PixelLayout | undefined {
  const { primaries, transfer, matrix, fullRange } = colorSpace;
  if (primaries !== "bt709" || transfer !== "iec61966-2-1") return undefined;
  switch (format) {
    case "RGBX":
    case "BGRX":
      return matrix === "rgb" ? format : undefined;
    case "I420":
    case "I422":
    case "I444":
      return matrix === "smpte170m" && fullRange === true ? format : undefined;
    default:
      return undefined;
  }
}

function pixelsOfFrame(frame: TurnedFrame, stored: PhotoSize, scale: number): Pixels {
  const layout = layoutOf(frame);
  const isOnItsSide = frame.rotation % 180 !== 0;
  return {
    layout: layout ?? "RGBX",
    widthPx: frame.codedWidth,
    heightPx: frame.codedHeight,
    toPhoto: composeAffine(turnUpright(frame, stored), [1 / scale, 0, 0, 1 / scale, 0, 0]),
    photo: isOnItsSide ? { widthPx: stored.heightPx, heightPx: stored.widthPx } : stored,
    image: frame,
    isPlain: (layout === "RGBX" || layout === "BGRX") && frame.rotation === 0 && !frame.flip,
    bytes: frame.allocationSize(),
    // A canvas would copy each pixel three times, and turn it.
    async read({ x, y, width, height, bytes }) {
      const rect = { x, y, width, height };
      await frame.copyTo(bytes, layout === undefined ? { rect, ...converted } : { rect });
    },
    close: () => frame.close(),
  };
}

/**
 * Some engines decode a JPEG at eighths of its size in a fraction of the time. Those that also say how it is turned are known to do it
 * right; Firefox does not scale, and would bring the colours into those of the screen.
 */
export function canScale({ format, inks }: PhotoHead): boolean {
  return (
    format === "jpeg" &&
    inks === undefined &&
    !isGecko() &&
    typeof ImageDecoder === "function" &&
    "rotation" in VideoFrame.prototype
  );
}

type FrameData = Pick<ImageDecoderInit, "data" | "transfer">;

/** Undefined where the bitmap's decoder, or where there is one our own (`orUs`), gives the better pixels. */
export async function decodeFrame(
  data: FrameData,
  stored: PhotoSize,
  eighths: number,
  orUs: boolean,
): Promise<Pixels | undefined> {
  const desiredWidth = Math.ceil((stored.widthPx * eighths) / 8);
  const desiredHeight = Math.ceil((stored.heightPx * eighths) / 8);
  const desired = eighths < 8 ? { desiredWidth, desiredHeight } : {};
  const decoder = new ImageDecoder({ ...data, type: "image/jpeg", ...desired });
  let frame: VideoFrame | undefined;
  try {
    frame = (await decoder.decode()).image;
    // Throws where frames are not copied so.
    frame.allocationSize(converted);
    const isWhole = frame.codedWidth === desiredWidth && frame.codedHeight === desiredHeight;
    // Where colours are kept apart, in another space than sRGB, only the bitmap's decoder smooths them, or ours.
    const isSmooth = layoutOf(frame) !== undefined || (!orUs && /^(RGB|BGR)/.test(frame.format ?? ""));
    if (isWhole && isSmooth) {
      return pixelsOfFrame(frame as TurnedFrame, stored, eighths / 8);
    }
  } catch {
    // The bitmap's decoder will say what is wrong with it.
  } finally {
    decoder.close();
  }
  frame?.close();
  return undefined;
}
