import type { Product, Zone } from "./product.ts";

// ID-1 card: ISO/IEC 7810:2019, 5.1 (85.60 x 53.98 mm, corner radius 3.18 mm nominal).
const id1 = { widthMm: 85.6, heightMm: 53.98, cornerRadiusMm: 3.18 } as const;

/** Places measured from the left and top edge of the landscape card, as the standards give them. */
function fromTopLeft(
  kind: Zone["kind"],
  rule: Zone["rule"],
  leftMm: number,
  topMm: number,
  widthMm: number,
  heightMm: number,
): Zone {
  return { kind, rule, xMm: leftMm - id1.widthMm / 2, yMm: topMm - id1.heightMm / 2, widthMm, heightMm };
}

const landscapeZones: readonly Zone[] = [
  // Plate around contacts C1 (10.25, 19.23) to C8 (19.87, 28.55): ISO/IEC 7816-2, with 1 mm for the plate's rim.
  fromTopLeft("chip", "keep-clear", 8.8, 18.2, 13.0, 11.8),
  fromTopLeft("network-mark", "keep-clear", 66.6, 42.2, 14.0, 8.0),
  // Number line 21.42 mm above the bottom edge, name area 14.53 x 66.04 mm at 2.41 / 7.65: ISO/IEC 7811-1.
  fromTopLeft("card-number", "legible", 8.8, 33.4, 50.0, 4.4),
  fromTopLeft("cardholder-name", "legible", 8.8, 44.2, 40.0, 4.0),
  fromTopLeft("issuer-logo", "prefer-clear", 8.8, 5.2, 26.0, 5.0),
];

const portraitZones: readonly Zone[] = [
  { kind: "chip", rule: "keep-clear", xMm: -5.9, yMm: -34.0, widthMm: 11.8, heightMm: 13.0 },
  { kind: "network-mark", rule: "keep-clear", xMm: 8.2, yMm: 30.0, widthMm: 14.0, heightMm: 8.0 },
  { kind: "card-number", rule: "legible", xMm: -21.8, yMm: 15.0, widthMm: 43.6, heightMm: 4.4 },
  { kind: "cardholder-name", rule: "legible", xMm: -21.8, yMm: 33.0, widthMm: 28.0, heightMm: 4.0 },
  { kind: "issuer-logo", rule: "prefer-clear", xMm: -21.8, yMm: -12.0, widthMm: 26.0, heightMm: 5.0 },
];

const shared = {
  cornerRadiusMm: id1.cornerRadiusMm,
  safeMarginMm: 3,
  warnBelowDpi: 250,
  refuseBelowDpi: 150,
  maxPhotoBytes: 40 * 1024 * 1024,
  maxPhotoPixels: 120_000_000,
} as const;

const landscape = { ...shared, trimWidthMm: id1.widthMm, trimHeightMm: id1.heightMm, zones: landscapeZones } as const;

/** Every card that can be designed. A new one is data only. */
export const products = [
  { id: "photo-landscape", ...landscape, widthPx: 1036, heightPx: 664, dpi: 300, maxPictureBytes: 4 * 1024 * 1024 },
  {
    id: "photo-portrait",
    ...shared,
    trimWidthMm: id1.heightMm,
    trimHeightMm: id1.widthMm,
    zones: portraitZones,
    widthPx: 664,
    heightPx: 1036,
    dpi: 300,
    maxPictureBytes: 4 * 1024 * 1024,
  },
  { id: "photo-wide-bleed", ...landscape, widthPx: 1059, heightPx: 686, dpi: 300, maxPictureBytes: 4 * 1024 * 1024 },
  { id: "photo-fine", ...landscape, widthPx: 2100, heightPx: 1344, dpi: 600, maxPictureBytes: 12 * 1024 * 1024 },
] as const satisfies readonly Product[];

/** The product with this id, or undefined. */
export function findProduct(productId: string): Product | undefined {
  return products.find((product) => product.id === productId);
}
