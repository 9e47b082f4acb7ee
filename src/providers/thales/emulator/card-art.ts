import { drawZone, type Shape } from "#card/face.ts";
import type { Product, Zone } from "#card/products.ts";

export const templateTypes = ["Print", "Design", "VCDesign"] as const;
export type TemplateType = (typeof templateTypes)[number];

/** What each template shows: Print what is mounted or pre-printed, Design the finished card, VCDesign a card without a chip. */
const shownZones: Readonly<Record<TemplateType, readonly Zone["kind"][]>> = {
  Print: ["chip", "network-mark"],
  Design: ["chip", "network-mark", "card-number", "cardholder-name"],
  VCDesign: ["network-mark", "card-number", "cardholder-name"],
};

// The shadows that lift the chip and the ink off the photo: the designer's, as SVG filters.
const definitions =
  '<filter id="lift"><feDropShadow dx="0" dy="0.2" stdDeviation="0.35" flood-opacity="0.45"/></filter>' +
  '<filter id="near" x="-20%" y="-60%" width="140%" height="220%"><feDropShadow dx="0" dy="0.25" stdDeviation="0.3" flood-opacity="0.55"/></filter>' +
  '<filter id="far" x="-20%" y="-60%" width="140%" height="220%"><feDropShadow dx="0" dy="0" stdDeviation="0.9" flood-opacity="0.3"/></filter>';

function toSvg({ tag, attributes, children }: Shape): string {
  const written = Object.entries(attributes).map(
    ([name, value]) => ` ${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}="${value}"`,
  );
  return `<${tag}${written.join("")}>${children.map(toSvg).join("")}</${tag}>`;
}

/** The chip with a shadow under its plate, not under the engraving on it. */
function liftPlate(chip: Shape): Shape {
  const plate = chip.children.find(({ tag }) => tag === "rect");
  const lifted = (child: Shape): Shape => ({ ...child, attributes: { ...child.attributes, filter: "url(#lift)" } });
  return { ...chip, children: chip.children.map((child) => (child === plate ? lifted(child) : child)) };
}

function drawInZone(product: Product, zone: Zone): string {
  const drawing = drawZone(zone, zone.kind, product);
  if (drawing === undefined) return "";
  if (zone.kind === "chip") return toSvg(liftPlate(drawing));
  return `<g filter="url(#far)"><g filter="url(#near)">${toSvg(drawing)}</g></g>`;
}

function svg(product: Product, widthPx: number, heightPx: number, content: string): Buffer {
  const [widthMm, heightMm] = [(widthPx / product.dpi) * 25.4, (heightPx / product.dpi) * 25.4];
  const box = `${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="${box}"><defs>${definitions}</defs>${content}</svg>`,
  );
}

/** A template as SVG on a transparent ground, for a raster of the product that is centred on the card. Needs no font. */
export function drawTemplate(product: Product, type: TemplateType, widthPx: number, heightPx: number): Buffer {
  const zones = product.zones.filter(({ kind }) => shownZones[type].includes(kind));
  return svg(product, widthPx, heightPx, zones.map((zone) => drawInZone(product, zone)).join(""));
}

/** The line along which the card is cut, for whoever checks the picture. */
export function drawTrimLine(product: Product, widthPx: number, heightPx: number): Buffer {
  const { trimWidthMm: width, trimHeightMm: height, cornerRadiusMm } = product;
  const box = `x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}" rx="${cornerRadiusMm}" fill="none"`;
  return svg(
    product,
    widthPx,
    heightPx,
    `<rect ${box} stroke="#000" stroke-width="0.3"/><rect ${box} stroke="#fff" stroke-width="0.3" stroke-dasharray="1.5 1.5"/>`,
  );
}
