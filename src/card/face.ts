import { letterPath } from "./lettering.ts";
import { chipPlate as plate, type RectMm } from "./products.ts";

/** The contact plate, drawn upright about its centre; a portrait card turns it. ISO/IEC 7816-2 contacts fit within. */
export const chipPlate = { ...plate, radiusMm: 1.9 } as const;

/** The gaps between the contacts as a path about the plate's centre, mm. */
export const chipGaps = [
  // The ground contact in the middle, waisted, and the four gaps that part the contacts on either side.
  "M-2.3-5.9v1.35c0 1.1-.55 1.35-.55 2.6v3.9c0 1.25.55 1.5.55 2.6v1.35",
  "M2.3-5.9v1.35c0 1.1.55 1.35.55 2.6v3.9c0 1.25-.55 1.5-.55 2.6v1.35",
  "M-6.5-2.45h3.62M-6.5 0h3.65M-6.5 2.45h3.62M6.5-2.45h-3.62M6.5 0h-3.65M6.5 2.45h-3.62",
  "M-2.3-4.05h4.6",
].join("");

/** Brushed metal from corner to corner: share of the way, colour. */
export const chipGold = [
  [0, "#f9ebbd"],
  [0.22, "#dcb864"],
  [0.45, "#c59a43"],
  [0.6, "#efd795"],
  [0.8, "#cda24b"],
  [1, "#a97c2c"],
] as const;

/** One leaf of the mark of a payment network that does not exist, from its centre, mm. No real scheme's mark, nor like one. */
export const markLeaf = "M.1-.1C.1-1.75 1.05-2.6 2.7-2.6 2.7-.95 1.75-.1.1-.1Z";

/** Where the four leaves point, and how opaque each is. */
export const markLeaves = [
  [0, 1],
  [90, 0.62],
  [180, 1],
  [270, 0.62],
] as const;

/** Centre of the leaves within the mark's zone. */
export function markCentre({ xMm, yMm, widthMm }: RectMm): { readonly xMm: number; readonly yMm: number } {
  return { xMm: xMm + widthMm / 2, yMm: yMm + 2.9 };
}

/** The word under the leaves. */
export function markWordPath({ xMm, yMm, widthMm }: RectMm): string {
  const lineWidthMm = widthMm * 0.78;
  return letterPath("NETWORK", {
    xMm: xMm + (widthMm - lineWidthMm) / 2,
    baselineYMm: yMm + 7.55,
    heightMm: 1.32,
    stem: 0.185,
    spacing: { lineWidthMm },
  });
}

/** The dummy number, as wide as its zone. */
export function numberPath({ xMm, yMm, widthMm, heightMm }: RectMm): string {
  const size = { baselineYMm: yMm + heightMm * 0.93, heightMm: heightMm * 0.7, stem: 0.165 };
  return letterPath("0000 0000 0000 0000", { xMm, ...size, spacing: { lineWidthMm: widthMm } });
}

/** The dummy name, from its zone's left edge. */
export function namePath({ xMm, yMm, heightMm }: RectMm): string {
  return letterPath("YOUR NAME", {
    xMm,
    baselineYMm: yMm + heightMm * 0.78,
    heightMm: heightMm * 0.5,
    stem: 0.125,
    spacing: 0.17,
  });
}
