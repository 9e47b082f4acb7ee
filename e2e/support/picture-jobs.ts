import type { Placement } from "#card/placement.ts";
import type { Look } from "#design/look.ts";

/** A photo that the page opens and prints. */
export interface PhotoJob {
  readonly name: string;
  readonly placement: Placement;
  /** `#rrggbb`; white where it is left out. */
  readonly ground?: string | undefined;
  readonly look?: Look | undefined;
}

export interface PageJobs {
  /** Whether it paints vectors too. */
  readonly isPainting: boolean;
  readonly photos: readonly PhotoJob[];
}

/** What became of one. */
export interface MadePhoto {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly transparent: boolean;
  readonly coloursMayDiffer: boolean;
  /** A digest of what is on the screen. */
  readonly shown: string;
  /** Of the picture, hexadecimal. */
  readonly sha256: string;
}

export interface PageAnswer {
  /** What pictures cannot be made without and the browser does not have: the designer would say so. */
  readonly missing: readonly string[];
  /** What broke the page's policy, or was caught by nobody. */
  readonly faults: readonly string[];
  /** By the job's name. */
  readonly made: Readonly<Record<string, MadePhoto | { readonly problem: string }>>;
  /** The digests of all painted cases, by name. */
  readonly painted: Readonly<Record<string, string>>;
}
