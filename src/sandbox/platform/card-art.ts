import {
  chipGaps,
  chipGold,
  chipPlate,
  markCentre,
  markLeaf,
  markLeaves,
  markWordPath,
  namePath,
  numberPath,
} from "#card/face.ts";
import type { Product, RectMm, Zone } from "#card/products.ts";

export const templateTypes = ["Print", "Design", "VCDesign"] as const;
export type TemplateType = (typeof templateTypes)[number];

/** What each template shows: Print what is mounted or pre-printed, Design the finished card, VCDesign a card without a chip. */
const shownZones: Readonly<Record<TemplateType, readonly Zone["kind"][]>> = {
  Print: ["chip", "network-mark"],
  Design: ["chip", "network-mark", "card-number", "cardholder-name"],
  VCDesign: ["network-mark", "card-number", "cardholder-name"],
};

const plateBox = `x="${-chipPlate.widthMm / 2}" y="${-chipPlate.heightMm / 2}" width="${chipPlate.widthMm}" height="${chipPlate.heightMm}" rx="${chipPlate.radiusMm}"`;
const goldStops = chipGold.map(([offset, colour]) => `<stop offset="${offset}" stop-color="${colour}"/>`).join("");

const definitions =
  `<linearGradient id="gold" x1="0" y1="0" x2="1" y2="0.9">${goldStops}</linearGradient>` +
  '<radialGradient id="sheen" cx="0.28" cy="0.12" r="0.75"><stop offset="0" stop-color="#fff" stop-opacity="0.55"/><stop offset="1" stop-color="#fff" stop-opacity="0"/></radialGradient>' +
  `<clipPath id="plate"><rect ${plateBox}/></clipPath>` +
  '<filter id="lift"><feDropShadow dx="0" dy="0.2" stdDeviation="0.35" flood-opacity="0.45"/></filter>' +
  '<filter id="near" x="-20%" y="-60%" width="140%" height="220%"><feDropShadow dx="0" dy="0.25" stdDeviation="0.3" flood-opacity="0.55"/></filter>' +
  '<filter id="far" x="-20%" y="-60%" width="140%" height="220%"><feDropShadow dx="0" dy="0" stdDeviation="0.9" flood-opacity="0.3"/></filter>';

/** White that can be read on any photo. */
function shade(ink: string): string {
  return `<g filter="url(#far)"><g filter="url(#near)" fill="#fff">${ink}</g></g>`;
}

function drawChip({ xMm, yMm, widthMm, heightMm }: RectMm): string {
  const upright = heightMm > widthMm;
  const scale = Math.max(widthMm, heightMm) / chipPlate.widthMm;
  const place = `translate(${xMm + widthMm / 2} ${yMm + heightMm / 2}) scale(${scale}) rotate(${upright ? 90 : 0})`;
  return (
    `<g transform="${place}" fill="none"><rect ${plateBox} fill="url(#gold)" filter="url(#lift)"/>` +
    `<g clip-path="url(#plate)"><rect ${plateBox} fill="url(#sheen)"/>` +
    `<path d="${chipGaps}" transform="translate(0.13 0.15)" stroke="#fff3cf" stroke-opacity="0.7" stroke-width="0.2"/>` +
    `<path d="${chipGaps}" stroke="#6b4a12" stroke-opacity="0.85" stroke-width="0.19"/>` +
    `<rect ${plateBox} stroke="#fff6dc" stroke-opacity="0.55" stroke-width="0.5"/></g>` +
    `<rect ${plateBox} stroke="#7a5718" stroke-opacity="0.55" stroke-width="0.12"/></g>`
  );
}

function drawMark(zone: RectMm): string {
  const { xMm, yMm } = markCentre(zone);
  const leaves = markLeaves.map(
    ([degrees, opacity]) => `<path d="${markLeaf}" fill-opacity="${opacity}" transform="rotate(${degrees})"/>`,
  );
  return shade(`<g transform="translate(${xMm} ${yMm})">${leaves.join("")}</g><path d="${markWordPath(zone)}"/>`);
}

const drawZone: Readonly<Record<Zone["kind"], (zone: Zone) => string>> = {
  chip: drawChip,
  "network-mark": drawMark,
  "card-number": (zone) => shade(`<path d="${numberPath(zone)}"/>`),
  "cardholder-name": (zone) => shade(`<path d="${namePath(zone)}"/>`),
  "issuer-logo": () => "",
};

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
  return svg(product, widthPx, heightPx, zones.map((zone) => drawZone[zone.kind](zone)).join(""));
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
