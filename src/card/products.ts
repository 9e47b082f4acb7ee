/** A rectangle in millimetres, from the card's centre: x to the right, y down. */
export interface RectMm {
  readonly xMm: number;
  readonly yMm: number;
  readonly widthMm: number;
  readonly heightMm: number;
}

/**
 * A place on the card with something of its own printed or mounted there. None of today's products prints an expiry date or a
 * partner's logo on this side; their kinds come with the first that does.
 */
export interface Zone extends RectMm {
  readonly kind: "chip" | "network-mark" | "card-number" | "cardholder-name" | "issuer-logo";
  readonly rule: "keep-clear" | "legible" | "prefer-clear";
  /** What is in it lies at its right edge. */
  readonly isAtEnd?: boolean;
}

/** A line that is printed over the photo and has to be read. */
export type PrintedLine = Extract<Zone["kind"], "card-number" | "cardholder-name">;

export type PrintedZone = Zone & { readonly kind: PrintedLine };

export function isPrintedLine(zone: Zone): zone is PrintedZone {
  return zone.rule === "legible" && (zone.kind === "card-number" || zone.kind === "cardholder-name");
}

export const textScripts = [
  "latin",
  "greek",
  "cyrillic",
  "hebrew",
  "arabic",
  "devanagari",
  "chinese",
  "japanese",
  "korean",
] as const;
/** An alphabet that the faces of texts have. */
export type TextScript = (typeof textScripts)[number];

/** What may be written on a card; of what is left out, as much as there is. */
export interface TextPolicy {
  /** Whose letters are printed, beside digits, spaces and punctuation. */
  readonly scripts?: readonly TextScript[] | undefined;
  /** Of one text, at most. */
  readonly lines?: number | undefined;
  /** In a line, at most. */
  readonly letters?: number | undefined;
  /** How large letters are at least, in points. */
  readonly leastPoints?: number | undefined;
  /** The only colours of letters, as `#rrggbb` in lower case. */
  readonly colours?: readonly string[] | undefined;
}

/** As `#rrggbb` in lower case. */
export interface GradientColours {
  readonly from: string;
  readonly to: string;
}

/** What a card without a photo may be of: nothing else. */
export interface GroundPolicy {
  /** At least one, as `#rrggbb` in lower case. */
  readonly colours: readonly string[];
  /** The colours of gradients, which run in any direction. None where it is left out. */
  readonly gradients?: readonly GradientColours[] | undefined;
}

/** What a product offers its cardholders beyond laying a photo. An issuer may offer more or less with its own. */
export interface Features {
  /** All filters, none, or those of these ids. All where it is left out. */
  readonly filters?: boolean | readonly string[] | undefined;
  /** Of the others none is offered where it is left out. */
  readonly shapes?: boolean | undefined;
  readonly stickers?: boolean | undefined;
  readonly drawings?: boolean | undefined;
  readonly texts?: boolean | TextPolicy | undefined;
  /** A card need not have a photo: it may be of a colour or a gradient, of any or of these. */
  readonly grounds?: boolean | GroundPolicy | undefined;
  /** All templates, none, or those of these ids. Where it is left out the issuer's own. */
  readonly templates?: boolean | readonly string[] | undefined;
}

/** A filter that is the issuer's own. */
export interface OwnFilter {
  /** Designs name it by this. */
  readonly id: string;
  /** By language, such as `en`, which is always there. */
  readonly names: Readonly<Record<string, string>>;
  /** Of its table. */
  readonly address: string;
}

/** A sticker that is the issuer's own. */
export interface OwnSticker {
  /** Designs name its picture by `own.`, which no picture of ours begins with, this, and which drawing of it. */
  readonly id: string;
  /** By language, such as `en`, which is always there. */
  readonly names: Readonly<Record<string, string>>;
  /** By language: what it is looked for by, besides its name. */
  readonly words?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Of its outlines. */
  readonly address: string;
}

/** A template that is the issuer's own. */
export interface OwnTemplate {
  readonly id: string;
  readonly version: number;
  /** By language, such as `en`, which is always there. */
  readonly names: Readonly<Record<string, string>>;
  /** Of its content. */
  readonly address: string;
}

/** What the card platform prints on: everything that differs from one card to another, as data. */
export interface Product {
  readonly id: string;
  /** The same card the other way round; left out where there is none. */
  readonly turnedId?: string;
  readonly trimWidthMm: number;
  readonly trimHeightMm: number;
  readonly cornerRadiusMm: number;
  readonly widthPx: number;
  readonly heightPx: number;
  readonly dpi: number;
  /** Distance from the trim edge inside which cutting may go astray. */
  readonly safeMarginMm: number;
  /** Below this effective resolution in the crop the cardholder is warned. */
  readonly warnBelowDpi: number;
  /** Below this effective resolution in the crop the design is refused. */
  readonly refuseBelowDpi: number;
  /**
   * The same of the resolution that the detail in the crop amounts to, where there are enough pixels: a blurred photo has less.
   * With 0 it is never refused.
   */
  readonly warnBelowDetailDpi: number;
  readonly refuseBelowDetailDpi: number;
  /** How bright a tenth of the crop is at least, of 1, as the values of sRGB are spaced: below it prints dark. */
  readonly warnBelowBrightness: number;
  readonly refuseBelowBrightness: number;
  /** How much of the crop may be nothing but white, or black, of 1. With 1 it is never refused. */
  readonly warnAbovePlainShare: number;
  readonly refuseAbovePlainShare: number;
  /** The colour of what the platform prints over the photo, as `#rrggbb`. */
  readonly ink: string;
  readonly chip: "gold" | "silver";
  readonly contacts: 6 | 8;
  /** Of the issuer, in the place for it: the address of a picture, and whether the name stands beside it. Without one the name is alone. */
  readonly issuerLogo?: { readonly address: string; readonly isWordless: boolean };
  /** The relative luminance of `ink`: 1 is white. */
  readonly inkLuminance: number;
  /** How opaque a veil behind the printed lines may be, in percent, which is part of the picture. With 0 there is none. */
  readonly maxVeilPercent: number;
  /** Contrast of printed lines to what is behind them, from 1 to 21 as WCAG defines it, where it is worst. */
  readonly warnBelowContrast: number;
  readonly refuseBelowContrast: number;
  /** Whether a design is refused when chip or network mark hide what one looks at, or the cut may take it off. */
  readonly refusesCovered: boolean;
  readonly refusesCut: boolean;
  readonly maxPhotoBytes: number;
  /** A device with little memory takes fewer: see the browser's `image/limits.ts`. */
  readonly maxPhotoPixels: number;
  /** Bytes of the finished picture that the platform takes. */
  readonly maxPictureBytes: number;
  readonly zones: readonly Zone[];
  readonly features?: Features;
  /** The issuer's own filters, of which `features` offers all or some. */
  readonly ownFilters?: readonly OwnFilter[];
  /** The issuer's own stickers, which are offered where any are. */
  readonly ownStickers?: readonly OwnSticker[];
  /** What the issuer calls them together, by language. */
  readonly ownStickerGroup?: Readonly<Record<string, string>>;
  /** The issuer's own templates for this product, of which `features` offers all or some: each version that a design may be made by. */
  readonly ownTemplates?: readonly OwnTemplate[];
}

const mmPerInch = 25.4;

export function isPortrait({ trimWidthMm, trimHeightMm }: Product): boolean {
  return trimHeightMm > trimWidthMm;
}

/** The whole printed area, bleed included: raster / dpi * 25.4. */
export function bleedSizeMm(product: Product): { widthMm: number; heightMm: number } {
  return {
    widthMm: (product.widthPx / product.dpi) * mmPerInch,
    heightMm: (product.heightPx / product.dpi) * mmPerInch,
  };
}

/** Bleed beyond the trim, per side, in mm. It follows from raster and trim and is never stored. */
export function bleedPerSideMm(product: Product): { xMm: number; yMm: number } {
  const { widthMm, heightMm } = bleedSizeMm(product);
  return { xMm: (widthMm - product.trimWidthMm) / 2, yMm: (heightMm - product.trimHeightMm) / 2 };
}

/** The smallest photo, not turned, that covers the card at this resolution. */
export function leastPhotoSize(
  { widthPx, heightPx, dpi }: Product,
  wantedDpi: number,
): { widthPx: number; heightPx: number } {
  return { widthPx: Math.ceil((widthPx * wantedDpi) / dpi), heightPx: Math.ceil((heightPx * wantedDpi) / dpi) };
}

// ID-1 card: ISO/IEC 7810:2019, 5.1 (85.60 x 53.98 mm, corner radius 3.18 mm nominal).
const id1 = { widthMm: 85.6, heightMm: 53.98, cornerRadiusMm: 3.18 } as const;

/** The contact plate of a chip on an upright landscape card. The contacts of ISO/IEC 7816-2 fit within. */
export const chipPlate = { widthMm: 13, heightMm: 11.8 } as const;

type Place = readonly [leftMm: number, topMm: number, widthMm: number, heightMm: number];

/** A zone measured from the left and top edge of the landscape card, as the standards give it. */
function onLandscape(kind: Zone["kind"], rule: Zone["rule"], [leftMm, topMm, widthMm, heightMm]: Place): Zone {
  return { kind, rule, xMm: leftMm - id1.widthMm / 2, yMm: topMm - id1.heightMm / 2, widthMm, heightMm };
}

/** A zone measured from the left and top edge of the portrait card. */
function onPortrait(kind: Zone["kind"], rule: Zone["rule"], [leftMm, topMm, widthMm, heightMm]: Place): Zone {
  return { kind, rule, xMm: leftMm - id1.heightMm / 2, yMm: topMm - id1.widthMm / 2, widthMm, heightMm };
}

// The plate about the middle of the contacts, C1 (10.25, 19.23) to C8 (19.87, 28.55): ISO/IEC 7816-2.
const chipPlace: Place = [8.56, 17.99, chipPlate.widthMm, chipPlate.heightMm];

const landscapeZones: readonly Zone[] = [
  onLandscape("chip", "keep-clear", chipPlace),
  onLandscape("network-mark", "keep-clear", [66.6, 42.2, 14.0, 8.0]),
  // Number line 21.42 mm above the bottom edge, name area 14.53 x 66.04 mm at 2.41 / 7.65: ISO/IEC 7811-1.
  onLandscape("card-number", "legible", [8.56, 30.36, 50.0, 4.4]),
  onLandscape("cardholder-name", "legible", [8.56, 44.2, 40.0, 4.0]),
  onLandscape("issuer-logo", "prefer-clear", [8.56, 5.2, 26.0, 5.0]),
];

/** The landscape card turned clockwise: what was left is on top, what was on top is right. */
function turnedClockwise([leftMm, topMm, widthMm, heightMm]: Place): Place {
  return [id1.heightMm - topMm - heightMm, leftMm, heightMm, widthMm];
}

// The chip cannot move, so on a portrait card it stands at the top, 3.1 mm right of the middle. No standard places the rest.
const portraitZones: readonly Zone[] = [
  onPortrait("chip", "keep-clear", turnedClockwise(chipPlace)),
  onPortrait("network-mark", "keep-clear", [35.2, 72.8, 14.0, 8.0]),
  onPortrait("card-number", "legible", [5.2, 57.8, 43.6, 4.4]),
  onPortrait("cardholder-name", "legible", [5.2, 75.8, 28.0, 4.0]),
  onPortrait("issuer-logo", "prefer-clear", [5.2, 30.8, 26.0, 5.0]),
];

const shared = {
  cornerRadiusMm: id1.cornerRadiusMm,
  safeMarginMm: 3,
  warnBelowDpi: 250,
  refuseBelowDpi: 150,
  warnBelowDetailDpi: 220,
  refuseBelowDetailDpi: 0,
  warnBelowBrightness: 0.35,
  refuseBelowBrightness: 0,
  warnAbovePlainShare: 0.25,
  refuseAbovePlainShare: 1,
  ink: "#ffffff",
  chip: "gold",
  contacts: 8,
  inkLuminance: 1,
  maxVeilPercent: 0,
  warnBelowContrast: 2.7,
  refuseBelowContrast: 0,
  refusesCovered: false,
  refusesCut: false,
  maxPhotoBytes: 120 * 1024 * 1024,
  maxPhotoPixels: 210_000_000,
} as const;

const landscape = { ...shared, trimWidthMm: id1.widthMm, trimHeightMm: id1.heightMm, zones: landscapeZones } as const;

/** Every card that can be designed. A new one is data only. */
export const products = [
  {
    id: "photo-landscape",
    turnedId: "photo-portrait",
    features: { stickers: true, shapes: true },
    ...landscape,
    widthPx: 1036,
    heightPx: 664,
    dpi: 300,
    maxPictureBytes: 4 * 1024 * 1024,
  },
  {
    id: "photo-portrait",
    turnedId: "photo-landscape",
    features: { stickers: true, shapes: true },
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
  {
    id: "photo-fine",
    ...landscape,
    maxVeilPercent: 75,
    widthPx: 2100,
    heightPx: 1344,
    dpi: 600,
    maxPictureBytes: 12 * 1024 * 1024,
  },
] as const satisfies readonly Product[];

/** A product as an issuer offers it: what it says nothing of is as the product has it. */
export function offerProduct<Plain extends Pick<Product, "features"> | undefined>(
  product: Plain,
  {
    features,
    ...others
  }: Pick<Product, "features" | "ownFilters" | "ownStickers" | "ownStickerGroup" | "ownTemplates">,
) {
  return { ...product, ...others, features: { ...product?.features, ...features } };
}

/** The product with this id, or undefined. */
export function findProduct(productId: string): Product | undefined {
  return products.find((product) => product.id === productId);
}
