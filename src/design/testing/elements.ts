import type { NewElement } from "../element-edits.ts";

/** Red, 12 mm wide, between chip and network mark. */
export const heart = {
  kind: "shape",
  shape: "heart",
  fill: "#c0272d",
  box: { xMm: 4, yMm: -10, widthMm: 12, heightMm: 11, rotationDeg: 0, mirrored: false },
} as const satisfies NewElement;

/** Twice as wide as high. */
export const sticker = {
  kind: "sticker",
  art: "plane",
  box: { xMm: -8, yMm: 4, widthMm: 16, heightMm: 8, rotationDeg: 15, mirrored: false },
} as const satisfies NewElement;
