import type { PhotoProblemCode } from "#image/protocol.ts";

/** Upright, in sRGB, on white: RGB, 8 bits, row by row. */
export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly rgb: Uint8Array;
}

/** What a file that opens looks like. */
export interface Opens {
  readonly picture: Picture;
  /** The mean difference (CIEDE2000) up to which it is the same picture: what decoders that are right differ by for such a file. */
  readonly most: number;
  /** Four inks with the press's profile, or without: counted apart from all others. */
  readonly inks?: "profiled" | "bare";
  /** It is here for how its file turns it. */
  readonly isTurned?: boolean;
  /** What it is called where the browser has no decoder of it. */
  readonly orNamed?: PhotoProblemCode;
}

/** A file of the table, and what has to become of it: it opens, or is refused with one of these codes. */
export type TableFile = {
  readonly name: string;
  readonly bytes: Uint8Array;
} & ({ readonly opens: Opens } | { readonly refused: readonly PhotoProblemCode[] });
