import { luminanceOf } from "#card/art.ts";
import { type Light, lightOf, type PhotoColours } from "#card/crop-light.ts";
import type { PhotoFacts } from "#card/flaws.ts";
import { finish, type InSteps } from "#card/in-steps.ts";
import { coverPlacement, type PhotoSize, type Placement } from "#card/placement.ts";
import { findProduct, type Product } from "#card/products.ts";
import { applyColourTable } from "#design/colour-table.ts";
import { colourBelow, type Design, type Photo, photoOf, vectorElementsOf } from "#design/design.ts";
import type { Edit } from "#design/edits.ts";
import type { VectorElement } from "#design/elements.ts";
import { findFilter } from "#design/filters/filters.ts";
import { type Ground, paintGround } from "#design/ground.ts";
import { lookOf, sameLook } from "#design/look.ts";
import { sameTemplate } from "#design/templates/template.ts";
import type { OpenPhoto } from "#image/client.ts";
import { layOnGround } from "#image/lay-on-ground.ts";
import { makeLookTableInSteps } from "#image/look-table.ts";
import { type Arts, laidOf } from "./laid.ts";

interface Shown extends Pick<Design, "look"> {
  /** Below the photo. */
  readonly ground: string;
  /** An issuer's own filter may still be on its way: until then the photo is seen without it. */
  readonly hasFilter: boolean;
}

function shownOf({ ground, look }: Pick<Design, "ground" | "look">): Shown {
  return {
    ground: colourBelow({ ground }),
    look,
    hasFilter: look?.filter !== undefined && findFilter(look.filter.id) !== undefined,
  };
}

/** So many bytes of RGBA are adjusted in one step. */
const stepBytes = 4 * 4096;

/** A photo's colours as a design shows them: adjusted and filtered, and on its ground. */
function* showColours({ colours, transparent }: Stored, { ground, look: given }: Shown): InSteps<PhotoColours> {
  const look = lookOf({ look: given });
  if (look === undefined && !transparent) return colours;
  const rgba = colours.rgba.slice();
  if (look !== undefined) {
    const table = yield* makeLookTableInSteps(look);
    for (let at = 0; at < rgba.length; at += stepBytes) {
      applyColourTable(rgba.subarray(at, at + stepBytes), table);
      yield;
    }
  }
  if (transparent) layOnGround(rgba, ground);
  return { ...colours, rgba };
}

interface Stored {
  readonly colours: PhotoColours;
  readonly transparent: boolean;
}

/** What a photo looks like as a design shows it. */
interface Seen {
  readonly colours: PhotoColours;
  readonly light: Light;
}

/** As it is, as it was before, and as a fix would make it. */
const mostKnown = 4;

/** What has been found out last for each object, if something is asked again that was asked before. */
class Memory<Asked extends object, Found extends object> {
  readonly #known = new WeakMap<object, readonly { readonly asked: Asked; readonly found: Found }[]>();
  readonly #isSame: (one: Asked, other: Asked) => boolean;

  constructor(isSame: (one: Asked, other: Asked) => boolean) {
    this.#isSame = isSame;
  }

  find(of: object, asked: Asked): Found | undefined {
    return this.#known.get(of)?.find((one) => this.#isSame(one.asked, asked))?.found;
  }

  get(of: object, asked: Asked, make: () => Found): Found {
    const same = this.find(of, asked);
    if (same !== undefined) return same;
    const found = make();
    this.#known.set(of, [{ asked, found }, ...(this.#known.get(of) ?? [])].slice(0, mostKnown));
    return found;
  }

  drop(of: object, asked: Asked): void {
    const others = this.#known.get(of)?.filter((one) => !this.#isSame(one.asked, asked)) ?? [];
    this.#known.set(of, others);
  }
}

function sameShown(one: Shown, other: Shown): boolean {
  return one.ground === other.ground && one.hasFilter === other.hasFilter && sameLook(one.look, other.look);
}

type Sights = Memory<Shown, Seen>;

/** Of the card as it is or was. */
const cardSights: Sights = new Memory(sameShown);
/** Of edits that were only tried: apart, as the many of one search would drive out the card's own. */
const triedSights: Sights = new Memory(sameShown);
/** What is being found out, once for all who go on with it; not any more when it has ended. */
const looks = new Memory<Shown, InSteps<void>>(sameShown);

function findSight(of: PhotoColours, shown: Shown): Seen | undefined {
  return cardSights.find(of, shown) ?? triedSights.find(of, shown);
}

function* look(stored: Stored, shown: Shown): InSteps<Seen> {
  const colours = yield* showColours(stored, shown);
  yield;
  return { colours, light: lightOf(colours, shown.ground) };
}

function* lookAndRemember(stored: Stored, shown: Shown, sights: Sights): InSteps<void> {
  try {
    const seen = yield* look(stored, shown);
    sights.get(stored.colours, shown, () => seen);
  } finally {
    looks.drop(stored.colours, shown);
  }
}

/** It takes longer than a frame, and is asked for again and again. */
function rememberedSight(stored: Stored, shown: Shown, sights: Sights): Seen {
  return sights.get(stored.colours, shown, () => findSight(stored.colours, shown) ?? finish(look(stored, shown)));
}

/** The ground of a card without a photo, looked at as a photo of the card's own raster is. */
export interface GroundSheet extends PhotoSize {
  readonly kind: "ground";
  readonly placement: Placement;
  readonly ground: Ground;
}

/** What is known of what covers the card: its photo, or else its ground. */
export interface CardFacts extends PhotoFacts {
  readonly photo: Photo | GroundSheet;
  readonly look: Design["look"];
  /** What lies on the photo, bottom to top. */
  readonly elements: readonly VectorElement[];
  /** Of what is drawn from them. Left out: nothing is known of what they look like. */
  readonly arts?: Arts;
  readonly template?: Design["template"];
  /** As they are seen: adjusted and filtered, and on the card's ground. */
  readonly colours: PhotoColours | null;
  /** What would be known after an edit that keeps the photo, or keeps the card without one. */
  readonly after: (edit: Edit, product: Product) => InSteps<CardFacts | null>;
}

interface Placed extends Pick<Shown, "look" | "hasFilter">, Pick<Design, "veil" | "elements" | "ground" | "template"> {
  readonly asset: OpenPhoto | undefined;
  readonly arts: Arts;
}

const facts = new Memory<Placed, CardFacts>(
  (one, other) =>
    one.asset === other.asset &&
    one.arts === other.arts &&
    one.veil === other.veil &&
    one.ground === other.ground &&
    one.look === other.look &&
    one.hasFilter === other.hasFilter &&
    sameTemplate(one.template, other.template) &&
    one.elements.length === other.elements.length &&
    one.elements.every((element, at) => element === other.elements[at]),
);

type Assets = ReadonlyMap<string, OpenPhoto>;

/** What a design names and does not hold. */
interface Held {
  readonly assets: Assets;
  readonly arts: Arts;
}

/** What is known of what covers the card, as it looks there: the same object for the same. Null of a product that is not known. */
export function factsOf(design: Design, { assets, arts }: Held): CardFacts | null {
  const photo = photoOf(design);
  const { veil, elements, ground, template } = design;
  const asset = assets.get(photo?.sha256 ?? "");
  const covering = photo ?? sheetOf(design);
  if (covering === null) return null;
  return facts.get(photo ?? elements, { ...shownOf(design), ground, veil, elements, template, asset, arts }, () =>
    covering.kind === "photo"
      ? findFacts(covering, design, { assets, arts }, cardSights)
      : groundFacts(covering, design, arts),
  );
}

function sheetOf({ productId, ground }: Design): GroundSheet | null {
  const product = findProduct(productId);
  if (product === undefined) return null;
  const { widthPx, heightPx } = product;
  return { kind: "ground", widthPx, heightPx, placement: coverPlacement(product, product), ground };
}

/** So many places of a ground are looked at across. */
const sheetColumns = 96;

function groundFacts(photo: GroundSheet, design: Design, arts: Arts): CardFacts {
  const { ground, look, veil } = design;
  const [columns, rows] = [sheetColumns, Math.round((sheetColumns * photo.heightPx) / photo.widthPx)];
  const rgba = new Uint8ClampedArray(columns * rows * 4);
  paintGround(rgba, { widthPx: columns, heightPx: rows }, ground);
  const colours = { columns, rows, rgba };
  const after: CardFacts["after"] = function* (edit, product) {
    const tried = edit(design, product);
    const sheet = photoOf(tried) === null ? sheetOf(tried) : null;
    yield;
    return sheet && groundFacts(sheet, tried, arts);
  };
  const elements = vectorElementsOf(design);
  return {
    photo,
    look,
    veil,
    elements,
    arts,
    laid: laidOf(elements, arts),
    template: design.template,
    colours,
    subject: null,
    detail: null,
    light: lightOf(colours, colourBelow(design)),
    after,
  };
}

/** Whether `factsOf` has the answer at once. */
export function isPrepared(design: Design, assets: Assets): boolean {
  const { colours } = assets.get(photoOf(design)?.sha256 ?? "") ?? {};
  return !colours || findSight(colours, shownOf(design)) !== undefined;
}

/** Does what `factsOf` would take longer than a frame for. */
export function prepareFacts(design: Design, assets: Assets): InSteps<void> {
  return prepareSight(design, assets, cardSights);
}

function* prepareSight(design: Design, assets: Assets, sights: Sights): InSteps<void> {
  const { colours, transparent } = assets.get(photoOf(design)?.sha256 ?? "") ?? {};
  const shown = shownOf(design);
  if (!colours || transparent === undefined || findSight(colours, shown) !== undefined) return;
  yield* looks.get(colours, shown, () => lookAndRemember({ colours, transparent }, shown, sights));
}

function findFacts(photo: Photo, design: Design, held: Held, sights: Sights): CardFacts {
  const { assets, arts } = held;
  const { look, veil } = design;
  const asset = assets.get(photo.sha256);
  const { subject = null, colours: stored = null, detail = null, transparent = true } = asset ?? {};
  // The facts of a try are not remembered: nobody asks for the same again. Its sight is, apart: the fix that is found may be applied.
  const after: CardFacts["after"] = function* (edit, product) {
    const tried = edit(design, product);
    const kept = photoOf(tried);
    if (kept === null) return null;
    yield* prepareSight(tried, assets, triedSights);
    return findFacts(kept, tried, held, triedSights);
  };
  const sight = stored === null ? null : rememberedSight({ colours: stored, transparent }, shownOf(design), sights);
  const elements = vectorElementsOf(design);
  return {
    photo,
    look,
    veil,
    elements,
    arts,
    laid: laidOf(elements, arts),
    template: design.template,
    colours: sight && sight.colours,
    subject,
    detail,
    light: sight && sight.light,
    ...(photo.region && { aside: luminanceOf(colourBelow(design)) }),
    after,
  };
}
