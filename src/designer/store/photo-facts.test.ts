import { expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { suggestVeil } from "#card/suggest-veil.ts";
import { channelsOf } from "#card/veil.ts";
import { adjustPhoto, type Edit, layGround } from "#design/edits.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createDesignStore } from "./design-store.ts";
import { factsOf, isPrepared, prepareFacts } from "./photo-facts.ts";

const product = findProduct("photo-fine")!;

/** The red, green and blue of the veil for a photo of one colour. */
function veilFor(rgba: readonly [number, number, number, number], ...edits: readonly Edit[]): readonly number[] {
  const store = createDesignStore(product);
  const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.from(rgba) };
  store.getState().setPhoto(makeOpenPhoto({ colours, transparent: true }));
  for (const edit of edits) store.getState().edit(edit);
  const { design, assets } = store.getState();
  const facts = factsOf(design, assets)!;
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

it("how an adjusted photo looks is found out in many short steps, also by two who ask at once, and is the same as at once", () => {
  const card = () => {
    const store = createDesignStore(product);
    const rgba = Uint8ClampedArray.from({ length: 200 * 100 * 4 }, (_, at) => (at % 4 === 3 ? 255 : at % 251));
    store.getState().setPhoto(makeOpenPhoto({ colours: { columns: 200, rows: 100, rgba } }));
    store.getState().edit(adjustPhoto({ contrast: 60, warmth: 20 }));
    return store.getState();
  };
  const { design, assets } = card();
  expect(isPrepared(design, assets)).toBe(false);
  const [one, other] = [prepareFacts(design, assets), prepareFacts(design, assets)];
  let steps = 0;
  while ([one.next(), other.next()].some(({ done }) => done !== true)) steps += 1;
  expect(steps).toBeGreaterThan(15);
  expect(steps, "the work is done once").toBeLessThan(30);
  expect(isPrepared(design, assets)).toBe(true);
  const again = card();
  const [found, atOnce] = [factsOf(design, assets)!, factsOf(again.design, again.assets)!];
  expect([found.light, found.colours]).toEqual([atOnce.light, atOnce.colours]);
});
