import { expect, it } from "vitest";
import { finish, type InSteps } from "#card/in-steps.ts";
import { coverPlacement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { suggestVeil } from "#card/suggest-veil.ts";
import { channelsOf } from "#card/veil.ts";
import { makeColourTable } from "#design/colour-table.ts";
import { createDesign, type Photo } from "#design/design.ts";
import { adjustPhoto, type Edit, filterPhoto, layGround } from "#design/edits.ts";
import { addFilters } from "#design/filters/filters.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createDesignStore } from "./design-store.ts";
import { factsOf, isPrepared, prepareFacts } from "./photo-facts.ts";

const noArts = new Map();

const product = findProduct("photo-fine")!;

/** The red, green and blue of the veil for a photo of one colour. */
function veilFor(rgba: readonly [number, number, number, number], ...edits: readonly Edit[]): readonly number[] {
  const store = createDesignStore(product);
  const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.from(rgba) };
  store.getState().setPhoto(makeOpenPhoto({ colours, transparent: true }));
  for (const edit of edits) store.getState().edit(edit);
  const { design, assets } = store.getState();
  const facts = factsOf(design, { assets, arts: noArts })!;
  return channelsOf(suggestVeil(facts.photo.placement, facts, facts.colours, product)!.colour);
}

it("a veil is of the colour that is seen: adjusted, and on the card's ground", () => {
  const [red, green, blue] = veilFor([0, 255, 0, 255]);
  expect(green).toBeGreaterThan(Math.max(red!, blue!));
  expect(new Set(veilFor([0, 255, 0, 0])), "white, which shows through").toHaveProperty("size", 1);
  const onBlue = veilFor([0, 255, 0, 0], layGround("#1040ff"));
  expect(onBlue[2]).toBeGreaterThan(onBlue[1]! * 2);
  expect(new Set(veilFor([0, 255, 0, 255], adjustPhoto({ saturation: -100 }))), "grey").toHaveProperty("size", 1);
});

/** With a photo of many colours, which are seen otherwise. */
function adjustedCard() {
  const store = createDesignStore(product);
  const rgba = Uint8ClampedArray.from({ length: 200 * 100 * 4 }, (_, at) => (at % 4 === 3 ? 255 : at % 251));
  store.getState().setPhoto(makeOpenPhoto({ colours: { columns: 200, rows: 100, rgba } }));
  store.getState().edit(adjustPhoto({ contrast: 60, warmth: 20 }));
  return store.getState();
}

function countSteps(work: InSteps<void>): number {
  let steps = 0;
  while (work.next().done !== true) steps += 1;
  return steps;
}

it("how an adjusted photo looks is found out in many short steps, also by two who ask at once, and is the same as at once", () => {
  const { design, assets } = adjustedCard();
  expect(isPrepared(design, assets)).toBe(false);
  const [one, other] = [prepareFacts(design, assets), prepareFacts(design, assets)];
  let steps = 0;
  while ([one.next(), other.next()].some(({ done }) => done !== true)) steps += 1;
  expect(steps).toBeGreaterThan(15);
  expect(steps, "the work is done once").toBeLessThan(30);
  expect(isPrepared(design, assets)).toBe(true);
  const again = adjustedCard();
  const [found, atOnce] = [
    factsOf(design, { assets, arts: noArts })!,
    factsOf(again.design, { assets: again.assets, arts: noArts })!,
  ];
  expect([found.light, found.colours]).toEqual([atOnce.light, atOnce.colours]);
});

const lighter = [10, 20, 30, 40, 50].map((brightness) => adjustPhoto({ brightness }));

it("how the photo looked long ago is found out in steps again", () => {
  const { design, assets } = adjustedCard();
  countSteps(prepareFacts(design, assets));
  for (const edit of lighter) factsOf(edit(design, product), { assets, arts: noArts });
  expect(isPrepared(design, assets), "it was driven out").toBe(false);
  expect(countSteps(prepareFacts(design, assets))).toBeGreaterThan(15);
  expect(isPrepared(design, assets)).toBe(true);
});

it("the edits that are tried do not drive out how the card looks, and the last of them is known when it is made", () => {
  const { design, assets } = adjustedCard();
  const facts = factsOf(design, { assets, arts: noArts })!;
  for (const edit of lighter) finish(facts.after(edit, product));
  expect(isPrepared(design, assets)).toBe(true);
  expect(isPrepared(lighter.at(-1)!(design, product), assets)).toBe(true);
});

const swapped = makeColourTable((colour) => {
  [colour[0], colour[2]] = [colour[2], colour[0]];
});

it("a photo whose filter comes late is seen with it from then on", () => {
  const store = createDesignStore(product);
  const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(200, 100, 0, 255) };
  store.getState().setPhoto(makeOpenPhoto({ colours }));
  store.getState().edit(filterPhoto({ id: "comes-late", percent: 100 }));
  const seen = () => [...(factsOf(store.getState().design, store.getState())?.colours?.rgba ?? [])];
  expect(seen()).toEqual([200, 100, 0, 255]);
  addFilters(new Map([["comes-late", swapped]]));
  expect(seen()).toEqual([0, 100, 200, 255]);
});

it("of a card the template is known, with a photo and without, and is not that of the same elements before", () => {
  const template = { id: "line", version: 1 };
  const held = { assets: new Map(), arts: noArts };
  const { sha256, widthPx, heightPx } = makeOpenPhoto();
  const photo = { kind: "photo", id: "photo", sha256, widthPx, heightPx, placement: coverPlacement(product, product) };
  for (const elements of [[], [photo as Photo]]) {
    const design = { ...createDesign(product), elements };
    expect(factsOf(design, held)?.template).toBeUndefined();
    const made = factsOf({ ...design, template }, held);
    expect(made?.template).toEqual(template);
    expect(factsOf({ ...design, template: { ...template } }, held)).toBe(made);
  }
});
