import type { Product, RectMm, Zone } from "#card/product.ts";

export const templateTypes = ["Print", "Design", "VCDesign"] as const;
export type TemplateType = (typeof templateTypes)[number];

/** What each template shows: Print what is mounted or pre-printed, Design the finished card, VCDesign a card without a chip. */
const shownZones: Readonly<Record<TemplateType, readonly Zone["kind"][]>> = {
  Print: ["chip", "network-mark"],
  Design: ["chip", "network-mark", "card-number", "cardholder-name"],
  VCDesign: ["network-mark", "card-number", "cardholder-name"],
};

// Strokes in a box of 6 x 10. Drawn here because a bare machine has no fonts, and the picture must be the same everywhere.
const glyphs: Readonly<Record<string, string>> = {
  "0": "M1.5 0H4.5Q6 0 6 2V8Q6 10 4.5 10H1.5Q0 10 0 8V2Q0 0 1.5 0Z",
  A: "M0 10L3 0L6 10M1.2 6.5H4.8",
  E: "M6 0H0V10H6M0 5H5",
  K: "M0 0V10M6 0L0 6M2 4.2L6 10",
  M: "M0 10V0L3 6L6 0V10",
  N: "M0 10V0L6 10V0",
  O: "M2 0H4Q6 0 6 2.5V7.5Q6 10 4 10H2Q0 10 0 7.5V2.5Q0 0 2 0Z",
  R: "M0 10V0H4Q6 0 6 2.5Q6 5 4 5H0M3 5L6 10",
  T: "M0 0H6M3 0V10",
  U: "M0 0V8Q0 10 2 10H4Q6 10 6 8V0",
  W: "M0 0L1.5 10L3 4L4.5 10L6 0",
  Y: "M0 0L3 5L6 0M3 5V10",
};
const advance = 9;

/** `text` on one line, as large as the box allows, from its left edge and in the middle of its height. */
function drawText(text: string, { xMm, yMm, widthMm, heightMm }: RectMm): string {
  const scale = Math.min(heightMm / 12, widthMm / (text.length * advance - 3));
  const strokes = text
    .split("")
    .map((letter, index) => `<path transform="translate(${index * advance} 0)" d="${glyphs[letter] ?? ""}"/>`);
  const place = `translate(${xMm} ${yMm + (heightMm - 10 * scale) / 2}) scale(${scale})`;
  const layer = (colour: string, opacity: number, width: number) =>
    `<g transform="${place}" fill="none" stroke="${colour}" stroke-opacity="${opacity}" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round">${strokes.join("")}</g>`;
  return layer("#000", 0.35, 3) + layer("#fff", 1, 1.4);
}

function drawChip({ xMm, yMm, widthMm, heightMm }: RectMm): string {
  const right = xMm + widthMm;
  const bottom = yMm + heightMm;
  const [firstX, secondX] = [xMm + widthMm / 3, xMm + (2 * widthMm) / 3];
  const [firstY, secondY] = [yMm + heightMm / 3, yMm + (2 * heightMm) / 3];
  const lines =
    `M${xMm} ${firstY}H${firstX}V${yMm}M${xMm} ${secondY}H${firstX}V${bottom}` +
    `M${right} ${firstY}H${secondX}V${yMm}M${right} ${secondY}H${secondX}V${bottom}M${firstX} ${firstY}V${secondY}M${secondX} ${firstY}V${secondY}`;
  return (
    `<rect x="${xMm}" y="${yMm}" width="${widthMm}" height="${heightMm}" rx="1.6" fill="url(#gold)" stroke="#7a5c1e" stroke-width="0.15"/>` +
    `<path d="${lines}" fill="none" stroke="#7a5c1e" stroke-width="0.2"/>`
  );
}

function drawMark(zone: RectMm): string {
  const { xMm, yMm, widthMm, heightMm } = zone;
  const inset = { xMm: xMm + 1.5, yMm: yMm + heightMm / 2 - 1.4, widthMm: widthMm - 3, heightMm: 2.8 };
  const frame = `x="${xMm + 0.3}" y="${yMm + heightMm / 2 - 2.4}" width="${widthMm - 0.6}" height="4.8" rx="1.2" fill="none"`;
  return (
    `<rect ${frame} stroke="#000" stroke-opacity="0.35" stroke-width="0.7"/><rect ${frame} stroke="#fff" stroke-width="0.3"/>` +
    drawText("NETWORK", inset)
  );
}

const drawZone: Readonly<Record<Zone["kind"], (zone: Zone) => string>> = {
  chip: drawChip,
  "network-mark": drawMark,
  "card-number": (zone) => drawText("0000 0000 0000 0000", zone),
  "cardholder-name": (zone) => drawText("YOUR NAME", zone),
  "issuer-logo": () => "",
};

const gold =
  '<linearGradient id="gold" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#ecd494"/><stop offset="0.55" stop-color="#cda652"/><stop offset="1" stop-color="#e6c884"/></linearGradient>';

function svg(product: Product, widthPx: number, heightPx: number, content: string): Buffer {
  const [widthMm, heightMm] = [(widthPx / product.dpi) * 25.4, (heightPx / product.dpi) * 25.4];
  const box = `${-widthMm / 2} ${-heightMm / 2} ${widthMm} ${heightMm}`;
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthPx}" height="${heightPx}" viewBox="${box}"><defs>${gold}</defs>${content}</svg>`,
  );
}

/** A template as SVG on a transparent ground, for a raster of the product that is centred on the card. */
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
