import { composeAffine } from "#card/placement.ts";
import type { BlockSize } from "./jpeg/idct.ts";
import type { JpegReader } from "./jpeg/read-jpeg.ts";
import { createBreathe } from "./next-task.ts";
import type { Pixels } from "./photo-source.ts";
import { orient } from "./turned.ts";

/** The pixels of a JPEG that we decode ourselves, at so many eighths of its size. */
export function pixelsOfJpeg(
  { size, orientation, bytes, guessesColours, pixelsAt }: JpegReader,
  eighths: BlockSize,
): Pixels {
  const { keptBytes, read, ...decoded } = pixelsAt(eighths);
  const scale = 8 / eighths;
  return {
    ...decoded,
    toPhoto: composeAffine(orient(orientation, size), [scale, 0, 0, scale, 0, 0]),
    photo: orientation > 4 ? { widthPx: size.heightPx, heightPx: size.widthPx } : size,
    image: undefined,
    guessesColours,
    isPlain: false,
    bytes: bytes + keptBytes,
    read: (band, _ground, signal) => read(band, createBreathe(signal)),
    close: () => {},
  };
}
