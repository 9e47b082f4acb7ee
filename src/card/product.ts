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
}

/** What the card platform prints on: everything that differs from one card to another, as data. */
export interface Product {
  readonly id: string;
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
  readonly maxPhotoBytes: number;
  readonly maxPhotoPixels: number;
  /** Bytes of the finished picture that the platform takes. */
  readonly maxPictureBytes: number;
  readonly zones: readonly Zone[];
}

const mmPerInch = 25.4;

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
