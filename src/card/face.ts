import { chipPlate, type Product, type RectMm, type Zone } from "./products.ts";

/** An SVG element as data. Attributes are spelled as in React, lengths are millimetres from the card's centre. */
export interface Shape {
  readonly tag: "g" | "path" | "rect" | "defs" | "linearGradient" | "radialGradient" | "stop" | "clipPath";
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly children: readonly Shape[];
}

function shape(tag: Shape["tag"], attributes: Shape["attributes"], ...children: readonly Shape[]): Shape {
  return { tag, attributes, children };
}

/** An SVG transform that scales, then moves the origin to this point of the card. */
function placeAt(xMm: number, yMm: number, scale: number): string {
  return `translate(${xMm} ${yMm}) scale(${scale})`;
}

const white = "#fff";

/** What a zone's drawing depends on beside its place. */
export type FaceLook = Pick<Product, "ink" | "chip" | "contacts">;

/** The gaps that part the contacts on either side. */
const sideGaps = {
  6: "M-6.5-1.97h3.65M-6.5 1.97h3.65M6.5-1.97h-3.65M6.5 1.97h-3.65",
  8: "M-6.5-2.45h3.62M-6.5 0h3.65M-6.5 2.45h3.62M6.5-2.45h-3.62M6.5 0h-3.65M6.5 2.45h-3.62",
} as const;

/** The gaps about the plate's centre that every chip has. */
const middleGaps = [
  // The ground contact in the middle, waisted.
  "M-2.3-5.9v1.35c0 1.1-.55 1.35-.55 2.6v3.9c0 1.25.55 1.5.55 2.6v1.35",
  "M2.3-5.9v1.35c0 1.1.55 1.35.55 2.6v3.9c0 1.25-.55 1.5-.55 2.6v1.35",
  "M-2.3-4.05h4.6",
].join("");

/** Where along the way from corner to corner brushed metal changes its colour. */
const brushed = [0, 0.22, 0.45, 0.6, 0.8, 1] as const;

const metals = {
  gold: {
    plate: ["#f9ebbd", "#dcb864", "#c59a43", "#efd795", "#cda24b", "#a97c2c"],
    lit: "#fff3cf",
    engraved: "#6b4a12",
    rim: "#fff6dc",
    edge: "#7a5718",
  },
  silver: {
    plate: ["#fbfcfd", "#cdd2d9", "#a9b0ba", "#e9ecef", "#b7bec7", "#8b939e"],
    lit: "#ffffff",
    engraved: "#3f4650",
    rim: "#ffffff",
    edge: "#565e6a",
  },
} as const;

/** The contact plate: brushed metal, engraved gaps that catch light on one side. A portrait card turns it. */
function drawChip({ xMm, yMm, widthMm, heightMm }: RectMm, id: string, { chip, contacts }: FaceLook): Shape {
  const metal = metals[chip];
  const gaps = middleGaps + sideGaps[contacts];
  const place = placeAt(xMm + widthMm / 2, yMm + heightMm / 2, Math.max(widthMm, heightMm) / chipPlate.widthMm);
  const { widthMm: width, heightMm: height } = chipPlate;
  const plate = (look: Shape["attributes"]): Shape =>
    shape("rect", { x: -width / 2, y: -height / 2, width, height, rx: 1.9, ...look });
  return shape(
    "g",
    { transform: `${place} rotate(${heightMm > widthMm ? 90 : 0})` },
    shape(
      "defs",
      {},
      shape(
        "linearGradient",
        { id: `${id}-metal`, x1: 0, y1: 0, x2: 1, y2: 0.9 },
        ...brushed.map((offset, at) => shape("stop", { offset, stopColor: metal.plate[at] ?? metal.edge })),
      ),
      shape(
        "radialGradient",
        { id: `${id}-sheen`, cx: 0.28, cy: 0.12, r: 0.75 },
        shape("stop", { offset: 0, stopColor: white, stopOpacity: 0.55 }),
        shape("stop", { offset: 1, stopColor: white, stopOpacity: 0 }),
      ),
      shape("clipPath", { id: `${id}-plate` }, plate({})),
    ),
    plate({ fill: `url(#${id}-metal)` }),
    shape(
      "g",
      { clipPath: `url(#${id}-plate)`, fill: "none" },
      plate({ fill: `url(#${id}-sheen)` }),
      shape("path", {
        d: gaps,
        stroke: metal.lit,
        strokeOpacity: 0.7,
        strokeWidth: 0.2,
        transform: "translate(0.13 0.15)",
      }),
      shape("path", { d: gaps, stroke: metal.engraved, strokeOpacity: 0.85, strokeWidth: 0.19 }),
      plate({ stroke: metal.rim, strokeOpacity: 0.55, strokeWidth: 0.5 }),
    ),
    plate({ fill: "none", stroke: metal.edge, strokeOpacity: 0.55, strokeWidth: 0.12 }),
  );
}

/** One leaf of the mark of a payment network that does not exist, from its centre. No real scheme's mark, nor like one. */
const leaf = "M0.1 -0.1C0.1 -1.75 1.05 -2.6 2.7 -2.6C2.7 -0.95 1.75 -0.1 0.1 -0.1Z";

/** Where the four leaves point, and how opaque each is. */
const leaves = [
  [0, 1],
  [90, 0.62],
  [180, 1],
  [270, 0.62],
] as const;

/**
 * NETWORK, letter by letter, under the leaves of a mark that is 14 mm wide. Words are outlines, so that a server without fonts
 * draws the same card. Clockwise contours are ink and anticlockwise ones holes: to be filled by the nonzero rule, SVG's own.
 */
const networkWord = [
  "M-5.46 3.33H-5.216V4.65H-5.46ZM-4.701 3.33H-4.457V4.65H-4.701ZM-5.46 3.33H-5.167L-4.457 4.65H-4.75Z",
  "M-3.814 3.33H-3.57V4.65H-3.814ZM-3.814 3.33H-3.088V3.562H-3.814ZM-3.814 3.857H-3.16V4.089H-3.814ZM-3.814 4.418H-3.088V4.65H-3.814Z",
  "M-2.445 3.33H-1.626V3.562H-2.445ZM-2.158 3.33H-1.914V4.65H-2.158Z",
  "M-0.983 3.33H-0.725L-0.455 4.65H-0.714ZM-0.36 3.33H-0.102L-0.455 4.65H-0.714ZM-0.36 3.33H-0.102L0.252 4.65H-0.007ZM0.263 3.33H0.521L0.252 4.65H-0.007Z",
  "M1.164 3.99A0.62 0.66 0 0 1 2.405 3.99A0.62 0.66 0 0 1 1.164 3.99ZM1.409 3.99A0.376 0.416 0 0 0 2.161 3.99A0.376 0.416 0 0 0 1.409 3.99Z",
  "M3.048 3.33H3.292V4.65H3.048ZM3.048 3.33H3.51A0.37 0.37 0 0 1 3.51 4.069H3.048ZM3.292 3.574V3.825H3.51A0.125 0.125 0 0 0 3.51 3.574ZM3.386 3.947H3.669L3.898 4.65H3.615Z",
  "M4.536 3.33H4.78V4.65H4.536ZM5.132 3.33H5.444L4.971 4.201H4.658ZM4.845 3.858H5.157L5.46 4.65H5.147Z",
].join("");

/** Four leaves and a word, for a zone that is 14 mm wide. */
function drawMark({ xMm, yMm, widthMm }: RectMm, ink: string): Shape {
  const scale = widthMm / 14;
  return shape(
    "g",
    { fill: ink, transform: placeAt(xMm + widthMm / 2, yMm + 2.9 * scale, scale) },
    ...leaves.map(([degrees, fillOpacity]) => shape("path", { d: leaf, fillOpacity, transform: `rotate(${degrees})` })),
    shape("path", { d: networkWord }),
  );
}

/** A zero, `heightMm` high and 0.62 times as wide, its stroke 0.165 times as thick. */
function zeroPath(leftMm: number, topMm: number, heightMm: number): string {
  const round = (mm: number): number => Math.round(mm * 1000) / 1000;
  const x = (share: number): number => round(leftMm + share * heightMm);
  const [high, low] = [round(topMm + 0.31 * heightMm), round(topMm + 0.69 * heightMm)];
  const [outer, inner] = [round(0.31 * heightMm), round(0.145 * heightMm)];
  return [
    `M${x(0)} ${low}V${high}A${outer} ${outer} 0 0 1 ${x(0.62)} ${high}V${low}A${outer} ${outer} 0 0 1 ${x(0)} ${low}Z`,
    `M${x(0.165)} ${high}V${low}A${inner} ${inner} 0 0 0 ${x(0.455)} ${low}V${high}A${inner} ${inner} 0 0 0 ${x(0.165)} ${high}Z`,
  ].join("");
}

/** The dummy number, 0000 0000 0000 0000, as wide as its zone. */
function drawNumber({ xMm, yMm, widthMm, heightMm }: RectMm, ink: string): Shape {
  const zeroHeightMm = heightMm * 0.7;
  const topMm = yMm + heightMm * 0.93 - zeroHeightMm;
  const [zeroMm, spaceMm] = [0.62 * zeroHeightMm, 0.42 * zeroHeightMm];
  const gapMm = (widthMm - 16 * zeroMm - 3 * spaceMm) / 18;
  const zeros = Array.from({ length: 16 }, (_, index) => {
    const spaces = Math.floor(index / 4);
    return zeroPath(xMm + index * (zeroMm + gapMm) + spaces * (spaceMm + gapMm), topMm, zeroHeightMm);
  });
  return shape("path", { fill: ink, d: zeros.join("") });
}

/** YOUR NAME, letter by letter, 2 mm high. Filled like the word above. */
const yourName = [
  "M0 1.12H0.295L0.888 2.28H0.593ZM1.185 1.12H1.48L0.888 2.28H0.593ZM0.615 2.12H0.865V3.12H0.615Z",
  "M1.82 2.12A0.94 1 0 0 1 3.7 2.12A0.94 1 0 0 1 1.82 2.12ZM2.07 2.12A0.69 0.75 0 0 0 3.45 2.12A0.69 0.75 0 0 0 2.07 2.12Z",
  "M4.04 1.12H4.29V2.38A0.49 0.49 0 0 0 5.27 2.38V1.12H5.52V2.38A0.74 0.74 0 0 1 4.04 2.38Z",
  "M5.86 1.12H6.11V3.12H5.86ZM5.86 1.12H6.56A0.56 0.56 0 0 1 6.56 2.24H5.86ZM6.11 1.37V1.99H6.56A0.31 0.31 0 0 0 6.56 1.37ZM6.372 2.115H6.662L7.145 3.12H6.855Z",
  "M8.66 1.12H8.91V3.12H8.66ZM9.93 1.12H10.18V3.12H9.93ZM8.66 1.12H8.96L10.18 3.12H9.88Z",
  "M11.163 1.12H11.433L10.79 3.12H10.52ZM11.207 1.12H11.477L12.12 3.12H11.85ZM10.904 2.34H11.736V2.57H10.904Z",
  "M12.46 1.12H12.71V3.12H12.46ZM14.01 1.12H14.26V3.12H14.01ZM12.46 1.12H12.74L13.5 2.72H13.22ZM13.98 1.12H14.26L13.5 2.72H13.22Z",
  "M14.6 1.12H14.85V3.12H14.6ZM14.6 1.12H15.7V1.358H14.6ZM14.6 1.978H15.59V2.215H14.6ZM14.6 2.883H15.7V3.12H14.6Z",
].join("");

/** The dummy name, for a zone that is 4 mm high, from its left edge. */
function drawName({ xMm, yMm, heightMm }: RectMm, ink: string): Shape {
  return shape("path", { fill: ink, d: yourName, transform: placeAt(xMm, yMm, heightMm / 4) });
}

/**
 * What the platform puts in this zone of every card: one drawing for all that show the card. Nothing for the issuer's logo,
 * which is the issuer's. `look` is the product's; `id` begins the ids of gradients; it must be the zone's own on the page.
 */
export function drawZone(zone: Zone, id: string, look: FaceLook): Shape | undefined {
  switch (zone.kind) {
    case "chip":
      return drawChip(zone, id, look);
    case "network-mark":
      return drawMark(zone, look.ink);
    case "card-number":
      return drawNumber(zone, look.ink);
    case "cardholder-name":
      return drawName(zone, look.ink);
    case "issuer-logo":
      return undefined;
  }
}
