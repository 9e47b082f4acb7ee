/** A photo of a format that browsers do not decode, in sRGB, upright: RGBA rows, colours not multiplied by opacity. */
export interface DecodedRgba {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

/** Called between parts of the work: lets messages in, and throws when the work is not wanted any more. */
export type Breathe = () => Promise<void>;

/** More than any product takes: whoever asks for more has been misled by the file. */
export const maxDecodedPixels = 210_000_000;
