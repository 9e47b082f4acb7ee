import * as z from "zod/mini";
import type { Placement } from "#card/placement.ts";
import type { Region } from "#card/region.ts";
import type { Veil } from "#card/veil.ts";
import {
  type Design,
  type Element,
  groundPattern,
  type Photo,
  plainGround,
  templateIdForm,
  type TemplateRef,
} from "./design.ts";
import { type Gradient, isGradient } from "./ground.ts";
import { maxElements } from "./element-edits.ts";
import {
  type Art,
  alignments,
  type Box,
  type Drawing,
  type DrawOp,
  drawnLengthOf,
  faceNames,
  maxDrawnLength,
  maxOps,
  maxPathLength,
  type Shape,
  type Sticker,
  shapeNames,
  type Text,
} from "./elements.ts";
import { checkText, countLines, maxLetters, maxLines, maxTextUnits, tidyText } from "./text-rules.ts";
import { type Adjustments, adjustmentRanges, filterIdForm, filterRange, type Look, type PhotoFilter } from "./look.ts";

// Ten metres: beyond what any photo of 100,000 px needs at the coarsest resolution that prints.
const maxDistanceMm = 10_000;

const distanceMm = z.number().check(z.gte(-maxDistanceMm), z.lte(maxDistanceMm));
const sidePx = z.int().check(z.gte(1), z.lte(100_000));
const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/));
const productId = z.string().check(z.minLength(1), z.maxLength(64));

/** What a schema's object has to have so that the compiler holds its keys and types to those of `Value`. */
type ShapeOf<Value> = { readonly [Key in keyof Value]: z.ZodMiniType<Value[Key]> };

/** Where the photo lies, with the bounds of what can print. */
const placement = z.strictObject({
  xMm: distanceMm,
  yMm: distanceMm,
  mmPerPx: z.number().check(z.gt(0), z.lte(10)),
  rotationDeg: z.number().check(z.gt(-180), z.lte(180)),
  mirrored: z.boolean(),
} satisfies ShapeOf<Placement>);

const elementId = z.string().check(z.regex(/^[A-Za-z0-9_-]{1,32}$/));

const regionSideMm = z.number().check(z.gte(5), z.lte(400));

/** A part of the card. */
export const region = z.strictObject({
  xMm: z.number().check(z.gte(-200), z.lte(200)),
  yMm: z.number().check(z.gte(-200), z.lte(200)),
  widthMm: regionSideMm,
  heightMm: regionSideMm,
} satisfies ShapeOf<Region>);

const photo = z.strictObject({
  kind: z.literal("photo"),
  id: elementId,
  sha256,
  widthPx: sidePx,
  heightPx: sidePx,
  placement,
  region: z.optional(region),
} satisfies ShapeOf<Required<Photo>>);

const colour = z.string().check(z.regex(groundPattern, 'expected a colour as "#rrggbb", in lower case'));

const gradient = z.strictObject({
  from: colour,
  to: colour,
  angleDeg: z.int().check(z.gte(0), z.lt(360)),
} satisfies ShapeOf<Gradient>);

/** What is below everything. */
export const ground = z.union([colour, gradient]);

const sideMm = z.number().check(z.gte(0.5), z.lte(400));

const box = z.strictObject({
  xMm: distanceMm,
  yMm: distanceMm,
  widthMm: sideMm,
  heightMm: sideMm,
  rotationDeg: z.number().check(z.gt(-180), z.lte(180)),
  mirrored: z.boolean(),
} satisfies ShapeOf<Box>);

/** No painter takes a number of a million, and what cuts outlines would never end with some that are greater by far. */
const isFar = (path: string): boolean => /\d{7}/.test(path.replace(/\.\d*/g, " "));

const drawOp = z.strictObject({
  // Absolute commands, numbers without exponents: what every painter reads the same way.
  path: z.string().check(
    z.maxLength(maxPathLength),
    z.regex(/^M[-MLQCZ0-9. ]*$/),
    z.refine((path) => !isFar(path), "expected numbers below a million"),
  ),
  fill: colour,
  rule: z.enum(["nonzero", "evenodd"]),
} satisfies ShapeOf<DrawOp>);

const artSide = z.number().check(z.gt(0), z.lte(10_000));

const art = z.strictObject({
  width: artSide,
  height: artSide,
  ops: z.array(drawOp).check(z.minLength(1), z.maxLength(maxOps)),
} satisfies ShapeOf<Art>);

const sticker = z.strictObject({
  kind: z.literal("sticker"),
  id: elementId,
  box,
  // An issuer's own begins with `own.`, which no picture of ours does.
  art: z.string().check(z.regex(/^(own\.)?[a-z0-9-]{1,64}$/)),
} satisfies ShapeOf<Sticker>);

const shape = z.strictObject({
  kind: z.literal("shape"),
  id: elementId,
  box,
  shape: z.enum(shapeNames),
  fill: colour,
} satisfies ShapeOf<Shape>);

const drawing = z.strictObject({ kind: z.literal("drawing"), id: elementId, box, art } satisfies ShapeOf<Drawing>);

// A little less than edits leave, for what is rounded on the way.
const leastLineMm = 2.8;

/** Letters that can be read are as wide as they are: one alone a quarter of a millimetre, 24 of the widest more than a metre. */
const textBox = z.strictObject({
  ...box.shape,
  widthMm: z.number().check(z.gte(0.1), z.lte(maxDistanceMm)),
} satisfies ShapeOf<Box>);

const text = z
  .strictObject({
    kind: z.literal("text"),
    id: elementId,
    box: textBox,
    text: z.string().check(
      z.maxLength(maxTextUnits),
      z.refine((value) => tidyText(value) === value, "expected composed letters without control characters"),
      z.refine(
        (value) => checkText(value) !== "no-letters",
        "expected at least one letter, digit or sign that is seen",
      ),
      z.refine(
        (value) => [null, "no-letters"].includes(checkText(value)),
        `expected 1 to ${maxLines} lines of at most ${maxLetters} letters`,
      ),
    ),
    face: z.enum(faceNames),
    align: z.enum(alignments),
    fill: colour,
  } satisfies ShapeOf<Text>)
  .check(
    z.refine(({ box: { heightMm }, text: written }) => heightMm / countLines(written) >= leastLineMm, {
      error: "expected letters of at least 6 points",
      path: ["box", "heightMm"],
    }),
  );

/** What lies on the photo. */
export const vectorElement = z.discriminatedUnion("kind", [sticker, shape, drawing, text]);

const elements = z.array(z.discriminatedUnion("kind", [photo, sticker, shape, drawing, text])).check(
  z.maxLength(maxElements, `expected at most ${maxElements} elements`),
  // The photo covers the card: what lay below it would not be seen.
  z.refine((all) => all.every(({ kind }, at) => at === 0 || kind !== "photo"), {
    error: "expected one photo at most, below everything else",
    abort: true,
  }),
  z.refine((all) => drawnLengthOf(all) <= maxDrawnLength, `expected drawings of at most ${maxDrawnLength} characters`),
  z.refine((all) => new Set(all.map(({ id }) => id)).size === all.length, "expected an id of its own for each element"),
);

function adjustment(name: keyof Adjustments) {
  const { min, max } = adjustmentRanges[name];
  return z.int().check(z.gte(min), z.lte(max));
}

const adjust = z.strictObject({
  brightness: adjustment("brightness"),
  contrast: adjustment("contrast"),
  warmth: adjustment("warmth"),
  saturation: adjustment("saturation"),
  lift: adjustment("lift"),
} satisfies ShapeOf<Adjustments>);

/** Which there are is the product's to say: some are an issuer's own. */
export const photoFilter = z.strictObject({
  id: z.string().check(z.regex(filterIdForm, "expected the id of a filter: 1 to 40 of a-z, 0-9 and -")),
  percent: z.int().check(z.gte(filterRange.min), z.lte(filterRange.max)),
} satisfies ShapeOf<PhotoFilter>);

export const look = z.strictObject({ adjust: z.optional(adjust), filter: z.optional(photoFilter) } satisfies ShapeOf<
  Required<Look>
>);

const veil = z.strictObject({
  colour,
  percent: z.int().check(z.gte(1), z.lte(100)),
} satisfies ShapeOf<Veil>);

const template = z.strictObject({
  id: z.string().check(z.regex(templateIdForm, "expected the id of a template: 1 to 40 of a-z, 0-9 and -")),
  version: z.int().check(z.gte(1), z.lte(10_000)),
} satisfies ShapeOf<TemplateRef>);

const version2 = z
  .strictObject({
    version: z.literal(2),
    productId,
    ground,
    elements: elements as z.ZodMiniType<readonly Element[]>,
    look: z.optional(look),
    veil: z.optional(veil),
    template: z.optional(template),
  } satisfies ShapeOf<Required<Design>>)
  .check(
    z.refine(({ ground, elements: [first] }) => first?.kind !== "photo" || !isGradient(ground), {
      error: 'expected a colour below a photo, as "#rrggbb", in lower case',
      path: ["ground"],
    }),
  );

/** Of the first designers: one photo, and the agreement inside, which now goes with the submission. */
const version1 = z.strictObject({
  version: z.literal(1),
  productId,
  photo: z.strictObject({ sha256, widthPx: sidePx, heightPx: sidePx }),
  placement,
  /** The cardholder's agreement to the issuer's picture rules: which rules (version), and when. */
  agreement: z.strictObject({
    rulesVersion: z.string().check(z.minLength(1), z.maxLength(40)),
    agreedAt: z
      .int()
      .check(z.gte(0), z.describe("Epoch milliseconds, by the clock of the cardholder's browser, of the agreement")),
  }),
});

/**
 * A design as it is stored and sent.
 *
 * Documents are stored byte for byte, so anything that is not listed here is refused, not stripped: what the server keeps
 * is exactly what was checked. A later version gets a number of its own.
 */
export const designDocument = z.discriminatedUnion("version", [version2, version1]);
export type DesignDocument = Design | z.infer<typeof version1>;

/** The design that a document of any version describes. */
export function designOf(document: DesignDocument): Design {
  if (document.version === 2) return document;
  const { photo: file, placement: at } = document;
  const element: Photo = { kind: "photo", id: "photo", ...file, placement: at };
  return { version: 2, productId: document.productId, ground: plainGround, elements: [element] };
}
