import { expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { suggestVeil } from "#card/suggest-veil.ts";
import { channelsOf } from "#card/veil.ts";
import { adjustPhoto, type Edit, layGround } from "#design/edits.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createDesignStore } from "./design-store.ts";
import { factsOf } from "./photo-facts.ts";

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
