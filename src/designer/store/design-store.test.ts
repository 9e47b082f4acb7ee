import { describe, expect, it } from "vitest";
import { type Placement, zoomOf } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { moveBy, zoomTo } from "#design/edits.ts";
import type { OpenPhoto } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changePhoto, createDesignStore, type DesignStore, openPhotoOf } from "./design-store.ts";

const landscape = findProduct("photo-landscape")!;

function makePhoto(widthPx = 4000, heightPx = 3000): OpenPhoto & { closed: () => number } {
  let closed = 0;
  return { ...makeOpenPhoto({ widthPx, heightPx, close: () => void closed++ }), closed: () => closed };
}

function storeWith(photo = makePhoto()): DesignStore {
  const store = createDesignStore(landscape);
  store.getState().setPhoto(photo);
  return store;
}

function placementOf(store: DesignStore): Placement {
  return photoOf(store.getState().design)!.placement;
}

describe("the design store", () => {
  it("takes a gesture back when it is cancelled, and when undo is asked for in its middle", () => {
    for (const way of ["cancelGesture", "undo"] as const) {
      const store = storeWith();
      changePhoto(store.getState(), zoomTo(2));
      const before = placementOf(store);
      store.getState().beginGesture();
      expect(store.getState().moving).toBe(true);
      changePhoto(store.getState(), moveBy(3, 0));
      store.getState()[way]();
      expect(placementOf(store)).toEqual(before);
      expect(store.getState()).toMatchObject({ moving: false, canUndo: true, canRedo: false });
    }
  });

  it("writes what an input has on the screen before another has its turn, each as a step of its own", () => {
    const ways: ((store: DesignStore) => void)[] = [
      (store) => changePhoto(store.getState(), moveBy(0, 2)),
      (store) => store.getState().beginGesture(),
      (store) => store.getState().beginGesture({ settle: () => {} }),
      (store) => store.getState().settle(),
    ];
    for (const way of ways) {
      const store = storeWith();
      changePhoto(store.getState(), zoomTo(2));
      const before = placementOf(store);
      const finger = {
        settle: () => {
          changePhoto(store.getState(), moveBy(3, 0), finger);
          store.getState().endGesture(finger);
        },
      };
      store.getState().beginGesture(finger);
      store.getState().endGesture();
      expect(store.getState().isGestureOf(finger), "nobody ends the gesture of another").toBe(true);
      way(store);
      expect(store.getState().isGestureOf(finger)).toBe(false);
      expect(placementOf(store).xMm).toBeCloseTo(before.xMm + 3, 9);
      store.getState().settle();
      while (placementOf(store).xMm !== before.xMm) store.getState().undo();
      expect(placementOf(store)).toBe(before);
    }
  });

  it("begins another design with another photo: what lay on the card is gone, and what could be undone with it", () => {
    const store = storeWith();
    const { design } = store.getState();
    const second = { ...photoOf(design)!, id: "second" };
    store.getState().edit(() => ({ ...design, elements: [...design.elements, second] }));
    store.getState().setPhoto(makePhoto());
    expect(store.getState()).toMatchObject({ design: { elements: [{ id: "photo" }] }, canUndo: false });
    expect(store.getState().design.elements).toHaveLength(1);
  });

  it("fits a new photo, forgets the history and closes the bitmap of the old one once", () => {
    const first = makePhoto();
    const store = storeWith(first);
    changePhoto(store.getState(), zoomTo(2));
    store.getState().setPhoto(makePhoto(3000, 4000));
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: false });
    expect(zoomOf(placementOf(store), openPhotoOf(store.getState())!, landscape)).toBeCloseTo(1, 9);
    expect(first.closed()).toBe(1);
    store.getState().clear();
    expect(store.getState()).toMatchObject({ design: { elements: [] }, canUndo: false });
    expect([store.getState().assets.size, openPhotoOf(store.getState())]).toEqual([0, null]);
  });

  it("holds the photo that is opened again once, and closes the bitmap of the first time", () => {
    const [first, again] = [makePhoto(), makePhoto()];
    const store = storeWith(first);
    store.getState().setPhoto(again);
    expect(openPhotoOf(store.getState())).toBe(again);
    expect([store.getState().assets.size, first.closed(), again.closed()]).toEqual([1, 1, 0]);
  });

  it("goes on with a kept design's veil where the card allows it, and with none where it does not", () => {
    const veil = { colour: "#2c1a08", percent: 40 };
    for (const [productId, kept] of [
      ["photo-fine", veil],
      ["photo-landscape", undefined],
    ] as const) {
      const store = createDesignStore(findProduct(productId)!);
      store.getState().resume(makePhoto(), { ...storeWith().getState().design, veil });
      expect(store.getState().design.veil).toEqual(kept);
    }
  });

  it("does nothing without a photo", () => {
    const store = createDesignStore(landscape);
    const { design, endGesture, undo, redo } = store.getState();
    changePhoto(store.getState(), moveBy(1, 1));
    endGesture();
    undo();
    redo();
    expect(store.getState()).toMatchObject({ moving: false, canUndo: false, canRedo: false });
    expect(store.getState().design).toBe(design);
  });

  it("moves nothing, and says so, when a gesture is begun before there is a photo or after it has gone", () => {
    const finger = { settle: () => {} };
    const begin = (store: DesignStore, by?: typeof finger): void => {
      store.getState().beginGesture(by);
      expect([store.getState().moving, store.getState().isGestureOf(finger)]).toEqual([false, false]);
    };
    const cleared = storeWith();
    cleared.getState().beginGesture(finger);
    cleared.getState().clear();
    for (const store of [createDesignStore(landscape), cleared]) {
      begin(store);
      begin(store, finger);
      store.getState().setPhoto(makePhoto());
      expect(store.getState()).toMatchObject({ moving: false, canUndo: false });
    }
  });
});
