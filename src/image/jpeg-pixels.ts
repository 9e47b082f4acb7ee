import { type Affine, composeAffine, type PhotoSize } from "#card/placement.ts";
import type { BlockSize } from "./jpeg/idct.ts";
import type { JpegReader } from "./jpeg/read-jpeg.ts";
import { createBreathe } from "./next-task.ts";
import type { Pixels } from "./photo-source.ts";

/** From a stored photo's pixels to those of the upright one, by EXIF's orientations, 1 to 8. */
function turnUpright(orientation: number, { widthPx, heightPx }: PhotoSize): Affine {
  const turns: Readonly<Record<number, Affine>> = {
    2: [-1, 0, 0, 1, widthPx, 0],
    3: [-1, 0, 0, -1, widthPx, heightPx],
    4: [1, 0, 0, -1, 0, heightPx],
    5: [0, 1, 1, 0, 0, 0],
    6: [0, 1, -1, 0, heightPx, 0],
    7: [0, -1, -1, 0, heightPx, widthPx],
    8: [0, -1, 1, 0, 0, widthPx],
  };
  return turns[orientation] ?? [1, 0, 0, 1, 0, 0];
}

/** The pixels of a JPEG that we decode ourselves, at so many eighths of its size. */
export function pixelsOfJpeg(
  { size, orientation, bytes, guessesColours, pixelsAt }: JpegReader,
  eighths: BlockSize,
): Pixels {
  const { keptBytes, read, ...decoded } = pixelsAt(eighths);
  const scale = 8 / eighths;
  return {
    ...decoded,
    toPhoto: composeAffine(turnUpright(orientation, size), [scale, 0, 0, scale, 0, 0]),
    photo: orientation > 4 ? { widthPx: size.heightPx, heightPx: size.widthPx } : size,
    image: undefined,
    guessesColours,
    isPlain: false,
    bytes: bytes + keptBytes,
    read: (band, _ground, signal) => read(band, createBreathe(signal)),
    close: () => {},
  };
}
