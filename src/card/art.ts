import type { CardArt, IssuerLogo } from "#contracts/session.ts";
import type { Product, RectMm, Zone } from "./products.ts";

/** The usual inks by name. */
export const inks = { white: "#ffffff", black: "#0b0c0e", gold: "#e3c170", silver: "#d3d7dc" } as const;

/** Relative luminance of a colour written as `#rrggbb`, from 0 to 1 (WCAG 2.2). */
export function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Whether this ink is the light one of two for the eye: (1.05 * 0.05) ** 0.5 - 0.05. */
export function isLightInk({ inkLuminance }: Pick<Product, "inkLuminance">): boolean {
  return inkLuminance > 0.18;
}

/** The logo's place at the card's right: up to where the network's mark ends. */
function toTheRight(logo: Zone, zones: readonly Zone[]): Zone {
  const mark: RectMm = zones.find(({ kind }) => kind === "network-mark") ?? logo;
  return { ...logo, xMm: mark.xMm + mark.widthMm - logo.widthMm, isAtEnd: true };
}

/**
 * The product as an issuer has it made: what is left out stays as the product has it. What is drawn and what is checked in the browser
 * come from this one; the server, which looks at nothing but the picture's own form, has no use for it.
 */
export function dressProduct(
  product: Product,
  { ink, chip, contacts, logo }: CardArt = {},
  issuerLogo?: IssuerLogo,
): Product {
  const { zones } = product;
  return {
    ...product,
    ...(ink !== undefined && { ink, inkLuminance: luminanceOf(ink) }),
    ...(chip !== undefined && { chip }),
    ...(contacts !== undefined && { contacts }),
    ...(issuerLogo?.card !== undefined && {
      issuerLogo: { address: issuerLogo.card, isWordless: issuerLogo.wordless === true },
    }),
    ...(logo === "top-right" && {
      zones: zones.map((zone) => (zone.kind === "issuer-logo" ? toTheRight(zone, zones) : zone)),
    }),
  };
}
