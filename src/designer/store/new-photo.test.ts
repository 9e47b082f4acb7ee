import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { clampPlacement, coverPlacement, type PhotoSize } from "#card/placement.ts";
import { type Product, products } from "#card/products.ts";
import { judgeSharpness } from "#card/sharpness.ts";
import { photoOf, samePlacement } from "#design/design.ts";
import { fit, zoomTo } from "#design/edits.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changePhoto, createDesignStore } from "./design-store.ts";

const [landscape] = products;
const high: PhotoSize = { widthPx: 500, heightPx: 900 };

/** A store with this photo, and how often its subscribers heard of it. */
function open(size: PhotoSize, product: Product = landscape) {
  const store = createDesignStore(product);
  const heard = vi.fn();
  store.subscribe(heard);
  store.getState().setPhoto(makeOpenPhoto(size));
  return { state: store.getState, placement: () => photoOf(store.getState().design)!.placement, heard };
}

describe("a photo of 500 x 900 pixels, which could not be printed upright", () => {
  it("lies turned, and undo lays it upright", () => {
    const { state, placement } = open(high);
    expect(placement().rotationDeg).toBe(90);
    expect(judgeSharpness(placement(), landscape).kind).toBe("soft");
    expect(state()).toMatchObject({ canUndo: true, canRedo: false, moving: false });
    state().undo();
    expect(placement()).toEqual(coverPlacement(high, landscape));
    expect(state()).toMatchObject({ canUndo: false, canRedo: true });
    state().redo();
    expect(placement().rotationDeg).toBe(90);
  });

  it("is fitted as it first lay", () => {
    const { state, placement } = open(high);
    const first = placement();
    state().undo();
    changePhoto(state(), zoomTo(2));
    changePhoto(state(), fit());
    expect(samePlacement(placement(), first)).toBe(true);
  });
});

it("a photo with suggestions lies as the first of them, with nothing to undo, unless it comes with a placement of its own", () => {
  const size = { widthPx: 4000, heightPx: 3000 };
  const cover = coverPlacement(size, landscape);
  const suggested = clampPlacement({ ...cover, yMm: 3 }, size, landscape);
  const photo = makeOpenPhoto({ ...size, suggestions: [{ id: "wide", placement: suggested }] });
  for (const given of [undefined, cover]) {
    const store = createDesignStore(landscape);
    store.getState().setPhoto(photo, given);
    expect(photoOf(store.getState().design)?.placement).toEqual(given ?? suggested);
    expect(store.getState().canUndo).toBe(false);
  }
});

it("a new photo is told of once, turned or not", () => {
  expect(open(high).heard).toHaveBeenCalledOnce();
  expect(open({ widthPx: 4000, heightPx: 3000 }).heard).toHaveBeenCalledOnce();
});

it("a new photo covers the card, and prints whenever some quarter turn of it could", () => {
  const side = fc.integer({ min: 300, max: 1200 });
  fc.assert(
    fc.property(fc.constantFrom(...products), side, side, (product, widthPx, heightPx) => {
      const size = { widthPx, heightPx };
      const { placement, state } = open(size, product);
      expect(samePlacement(clampPlacement(placement(), size, product), placement())).toBe(true);
      const couldPrint = [0, 90, 180, -90].some(
        (degrees) => judgeSharpness(coverPlacement(size, product, degrees), product).kind !== "too-soft",
      );
      expect(judgeSharpness(placement(), product).kind !== "too-soft").toBe(couldPrint);
      expect(state().canUndo).toBe(placement().rotationDeg !== 0);
    }),
  );
});
