import * as z from "zod/mini";
import type { Region } from "#card/region.ts";
import { toOneLine } from "#contracts/one-line.ts";
import { bleedSizeMm, findProduct, type Product, products } from "#card/products.ts";
import { templateIdForm } from "../design.ts";
import { ground, look, region, vectorElement } from "../document.ts";
import { clampBox } from "../element-box.ts";
import { drawnLengthOf, maxDrawnLength, type VectorElement } from "../elements.ts";
import { sameBox } from "../design.ts";
import { filterIds, isFilterId } from "../filters/filters.ts";
import { isGradient } from "../ground.ts";
import { countLines, maxLines } from "../text-rules.ts";
import { stickerNames } from "../stickers/collection.ts";
import {
  fillOf,
  isReadable,
  mostLinesOf,
  type Locks,
  type Slot,
  type Template,
  type TemplateElement,
  type TemplateGround,
} from "./template.ts";
import type { PhotoLocks, TemplatePhoto } from "./template-photo.ts";

/** Elements of one template: enough for a card, and few enough to be drawn small beside others. */
const maxParts = 40;
const longestName = 60;

type ShapeOf<Value> = { readonly [Key in keyof Value]: z.ZodMiniType<Value[Key]> };

/** Joiners and variation selectors belong to the letters of some languages. */
function isSeen(name: string): boolean {
  const letters = name.replace(/\u200c|\u200d|[\ufe00-\ufe0f]/g, "");
  return letters.trim() !== "" && toOneLine(letters) === letters;
}

const name = z
  .string()
  .check(
    z.regex(/^[^\p{Cc}\u2028\u2029]*\S[^\p{Cc}\u2028\u2029]*$/u, "expected a text in one line"),
    z.maxLength(longestName),
    z.refine(isSeen, "expected a text in one line, without what is not seen"),
  );

const names = z.record(z.string().check(z.regex(/^[a-z]{2,3}$/, "expected a language, such as en")), name).check(
  z.refine((given) => Object.hasOwn(given, "en"), "expected English (en) among the languages"),
  z.describe("By language, such as en, which has to be there"),
);

const lock = (what: string) => z.optional(z.boolean().check(z.describe(`The cardholder cannot ${what}`)));

const locks = z.strictObject({
  move: lock("move, turn, size, mirror or stack it"),
  style: lock("change its colour, nor the hand of a text"),
  content: lock("change what it shows"),
  remove: lock("take it off the card"),
} satisfies ShapeOf<Required<Locks>>);

const part = z
  .strictObject({
    element: vectorElement as z.ZodMiniType<VectorElement>,
    locks,
    slot: z.optional(
      z
        .strictObject({
          names,
          lines: z.optional(
            z.int().check(z.gte(1), z.lte(maxLines), z.describe("Of a text, at most; one where it is left out")),
          ),
        } satisfies ShapeOf<Required<Slot>>)
        .check(z.describe("What the cardholder is to fill it with: a text, or a colour")),
    ),
    prints: z.boolean().check(z.describe("Without it the element is seen in the designer and is never in the picture")),
    onTop: z.optional(z.boolean().check(z.describe("Above all that is not"))),
  } satisfies ShapeOf<Required<TemplateElement>>)
  .check(
    z.refine(({ onTop, locks: { move } }) => onTop !== true || move === true, {
      error: "expected what is on top to be locked against moves",
      path: ["onTop"],
    }),
    z.refine(({ element: { id } }) => !/^(e\d+|photo)$/.test(id), {
      error: "expected another id: photo, and e with a number, are those of the cardholder's own",
      path: ["element", "id"],
    }),
    z.refine((all) => all.element.kind !== "text" || countLines(all.element.text) <= mostLinesOf(all), {
      error: "expected as many lines as its text has",
      path: ["slot", "lines"],
    }),
    z.refine(({ element }) => element.kind !== "text" || isReadable(element, element.box), {
      error: "expected room for letters of at least 6 points",
      path: ["element", "box", "heightMm"],
    }),
  );

const templateGround = z
  .strictObject({
    fill: ground as z.ZodMiniType<TemplateGround["fill"]>,
    locks: z.strictObject({ style: locks.shape.style }),
  } satisfies ShapeOf<TemplateGround>)
  .check(z.describe("What is below everything: seen where there is no photo. Below a photo a gradient is white"));

const templatePhoto = z
  .strictObject({
    region: z.optional(
      region.check(
        z.describe(
          "The part of the card that it covers, and outside of which the ground is seen: its centre from the card's, in mm. Left out: the whole card",
        ),
      ),
    ) as z.ZodMiniType<TemplatePhoto["region"]>,
    look: z.optional(
      look.check(
        z.describe("How it looks to begin with, or for good: a filter of ours, and how light and colours are adjusted"),
      ),
    ) as z.ZodMiniType<TemplatePhoto["look"]>,
    locks: z.strictObject({
      move: lock("move, turn, size or mirror it: it lies in the middle, as small as covers the card"),
      style: lock("change how it looks"),
      remove: lock("have the card without a photo"),
    } satisfies ShapeOf<Required<PhotoLocks>>),
  } satisfies ShapeOf<Required<TemplatePhoto>>)
  .check(z.describe("The cardholder's own photo"));

const productIds = products.map(({ id }) => id);

/** The file of a template. */
export const templateFile = z.strictObject({
  id: z.string().check(z.regex(templateIdForm, "expected 1 to 40 of a-z, 0-9 and -")),
  version: z
    .int()
    .check(z.gte(1), z.lte(10_000), z.describe("A released version is never changed: the next number takes its place")),
  names,
  products: z.array(z.enum(productIds as [string, ...string[]])).check(z.minLength(1), z.maxLength(productIds.length)),
  ground: z.optional(templateGround),
  photo: z.optional(templatePhoto),
  elements: z.array(part).check(
    z.minLength(1),
    z.maxLength(maxParts, `expected at most ${maxParts} elements`),
    z.refine(
      (all) => new Set(all.map(({ element }) => element.id)).size === all.length,
      "expected an id of its own for each element",
    ),
  ),
} satisfies ShapeOf<Required<Template>>);

const stickers = new Set(Object.values(stickerNames).flat());

/** The side ranges are those of the cardholder's own elements, but for what is drawn across the whole card. */
function liesWell(element: VectorElement, product: Product): boolean {
  if (element.kind !== "text") return sameBox(clampBox(element.box, product, element), element.box);
  const { widthMm, heightMm } = bleedSizeMm(product);
  const { xMm, yMm } = element.box;
  return Math.abs(xMm) <= widthMm / 2 && Math.abs(yMm) <= heightMm / 2 && element.box.heightMm <= heightMm / 2;
}

/** Whether there is something about it that the cardholder could fill in. */
function canBeFilled({ element, locks, prints }: TemplateElement): boolean {
  const isWritten = element.kind === "text" && locks.content !== true;
  return prints && (isWritten || (locks.style !== true && fillOf(element) !== undefined));
}

const leastRegionMm = 5;

/** Whether enough of it is on the card that is left once it is cut. */
function liesOnCard({ xMm, yMm, widthMm, heightMm }: Region, { trimWidthMm, trimHeightMm }: Product): boolean {
  const isEnough = (middle: number, length: number, most: number): boolean =>
    Math.min(middle + length / 2, most / 2) - Math.max(middle - length / 2, -most / 2) >= leastRegionMm;
  return isEnough(xMm, widthMm, trimWidthMm) && isEnough(yMm, heightMm, trimHeightMm);
}

/** What in a template that the schema takes cannot be: where, and what is expected; null where there is nothing. */
export function findFault({
  elements,
  products: ids,
  photo,
  ground: below,
}: Template): { readonly path: string; readonly expected: string } | null {
  const filter = photo?.look?.filter;
  if (filter !== undefined && !isFilterId(filter.id))
    return { path: "photo.look.filter.id", expected: `one of ${filterIds.join(", ")}` };
  if (photo?.region !== undefined && below !== undefined && isGradient(below.fill))
    return { path: "ground.fill", expected: "a colour: it is seen about the photo's region" };
  const outside = ids.find((id) => photo?.region && !liesOnCard(photo.region, findProduct(id) as Product));
  if (outside !== undefined)
    return { path: "photo.region", expected: `a part of at least 5 by 5 mm of the card ${outside}` };
  if (drawnLengthOf(elements.map(({ element }) => element)) > maxDrawnLength)
    return { path: "elements", expected: `drawings of at most ${maxDrawnLength} characters` };
  for (const [at, part] of elements.entries()) {
    const { element } = part;
    const path = `elements[${at}].element`;
    if (element.kind === "sticker" && !stickers.has(element.art))
      return { path: `${path}.art`, expected: "the name of a sticker of the collection" };
    const unfit = ids.find((id) => !liesWell(element, findProduct(id) as Product));
    if (unfit !== undefined)
      return { path: `${path}.box`, expected: `a centre on the card and sides that ${unfit} allows, at least 2 mm` };
    if (part.slot !== undefined && !canBeFilled(part))
      return {
        path: `elements[${at}].slot`,
        expected: "a slot where a text or a colour is printed that is not locked",
      };
  }
  return null;
}
