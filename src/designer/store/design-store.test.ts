import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Placement, zoomOf } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { type Design, photoOf } from "#design/design.ts";
import { moveBy, zoomTo } from "#design/edits.ts";
import { moveBoxBy } from "#design/element-box.ts";
import { addElement, findElement, placeElement, removeElement, rewriteText } from "#design/element-edits.ts";
import { nameWriting } from "#design/elements.ts";
import { heart, sticker } from "#design/testing/elements.ts";
import type { OpenPhoto } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changePhoto, createDesignStore, type DesignStore, openPhotoOf, typingGesture } from "./design-store.ts";

const landscape = findProduct("photo-landscape")!;

function makePhoto(widthPx = 4000, heightPx = 3000, name = "0") {
  let [closed, rests] = [0, 0];
  const counted = { close: () => void closed++, rest: () => void rests++ };
  const photo = makeOpenPhoto({ widthPx, heightPx, sha256: name.repeat(64), ...counted });
  return { ...photo, closed: () => closed, rests: () => rests };
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

  it("goes on with a gesture that has ended, as one step, if nothing has changed since", () => {
    const store = storeWith();
    const finger = { settle: () => store.getState().endGesture(finger) };
    const stepsAfter = (between: () => void): number => {
      changePhoto(store.getState(), zoomTo(2));
      const before = store.getState().design;
      let made: Design | undefined;
      const moveRight = (): void => {
        store.getState().beginGesture(finger, made);
        const { xMm } = placementOf(store);
        changePhoto(store.getState(), (placement) => ({ ...placement, xMm: xMm + 1 }), finger);
        store.getState().endGesture(finger);
        made = store.getState().design;
      };
      moveRight();
      between();
      moveRight();
      let steps = 0;
      for (; store.getState().design !== before; steps++) store.getState().undo();
      return steps;
    };
    expect(stepsAfter(() => {})).toBe(1);
    expect(stepsAfter(() => store.getState().settle())).toBe(1);
    expect(stepsAfter(() => changePhoto(store.getState(), moveBy(0, 2)))).toBe(3);
    changePhoto(store.getState(), moveBy(0, 1));
    expect(stepsAfter(() => store.getState().undo())).toBe(1);
  });

  it("begins another design with another photo, fitted and with nothing else on the card, as one undo step", () => {
    const [first, next] = [makePhoto(), makePhoto(3000, 4000, "b")];
    const store = storeWith(first);
    changePhoto(store.getState(), zoomTo(2));
    const { design } = store.getState();
    store.getState().edit(() => ({ ...design, elements: [...design.elements, { ...photoOf(design)!, id: "second" }] }));
    const before = store.getState().design;
    store.getState().setPhoto(next);
    const after = store.getState().design;
    expect(after.elements).toHaveLength(1);
    expect(zoomOf(placementOf(store), openPhotoOf(store.getState())!, landscape)).toBeCloseTo(1, 9);
    store.getState().undo();
    expect([store.getState().design, openPhotoOf(store.getState())]).toEqual([before, first]);
    store.getState().undo();
    expect(store.getState().design).toBe(design);
    store.getState().redo();
    store.getState().redo();
    expect([store.getState().design, openPhotoOf(store.getState())]).toEqual([after, next]);
    expect([first.closed(), next.closed(), first.rests(), next.rests()]).toEqual([0, 0, 2, 1]);
    store.getState().clear();
    expect(store.getState()).toMatchObject({ design: { elements: [] }, canUndo: false });
    expect([store.getState().assets.size, openPhotoOf(store.getState())]).toEqual([0, null]);
    expect([first.closed(), next.closed()]).toEqual([1, 1]);
  });

  it("holds two photos at most, each that undo or redo leads to, and closes the others once", () => {
    const step = fc.constantFrom("photo", "photo", "edit", "undo", "undo", "redo", "clear", "resume");
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
        const store = createDesignStore(landscape);
        const made: ReturnType<typeof makePhoto>[] = [];
        const open = (): OpenPhoto => (made[made.length] = makePhoto(4000, 3000, String(made.length % 5)));
        for (const [index, name] of steps.entries()) {
          const state = store.getState();
          if (name === "photo") state.setPhoto(open());
          else if (name === "edit") changePhoto(state, zoomTo(1.1 + index / 50));
          else if (name === "resume") state.resume(open(), state.design);
          else state[name]();
          const { design, assets } = store.getState();
          expect(openPhotoOf(store.getState()) === null).toBe(photoOf(design) === null);
          expect(assets.size).toBeLessThanOrEqual(2);
          const isOpen = (photo: OpenPhoto): boolean => assets.get(photo.sha256) === photo;
          expect(made.map((photo) => photo.closed())).toEqual(made.map((photo) => (isOpen(photo) ? 0 : 1)));
        }
      }),
    );
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

describe("the selection", () => {
  const selected = (store: DesignStore) => store.getState().selection;

  it("is what was added last, and what was tapped; what is not there is not selected", () => {
    const store = storeWith();
    const { edit, select } = store.getState();
    expect(selected(store)).toBeNull();
    edit(addElement(heart));
    edit(addElement(heart));
    expect(selected(store)).toBe("e2");
    select("e1");
    expect(selected(store)).toBe("e1");
    for (const none of ["gone", "photo"]) {
      select("e1");
      select(none);
      expect(selected(store)).toBeNull();
    }
  });

  it("falls back to the photo when its element goes, by removal, undo, or another design, and is no step of undo", () => {
    const store = storeWith();
    const { edit, undo, redo, select, clear } = store.getState();
    edit(addElement(heart));
    edit(removeElement("e1"));
    expect(selected(store)).toBeNull();
    undo();
    select("e1");
    expect(store.getState().canRedo).toBe(true);
    undo();
    expect(selected(store)).toBeNull();
    redo();
    select("e1");
    clear();
    expect(selected(store)).toBeNull();
  });

  it("settles a gesture first, which is one step and keeps the selection", () => {
    const store = storeWith();
    const { edit, beginGesture, select } = store.getState();
    edit(addElement(heart));
    const finger = { settle: () => store.getState().endGesture(finger) };
    beginGesture(finger);
    for (const mm of [1, 2, 3]) edit(placeElement("e1", moveBoxBy(mm, 0)), finger);
    expect(selected(store)).toBe("e1");
    select(null);
    expect(store.getState().moving).toBe(false);
    expect(findElement(store.getState().design, "e1")?.box.xMm).toBe(heart.box.xMm + 3);
    store.getState().undo();
    expect(findElement(store.getState().design, "e1")?.box.xMm).toBe(heart.box.xMm);
  });
});

it("another photo leaves what lies on it, as one step; a kept design is without what the product does not offer", () => {
  const store = storeWith();
  store.getState().edit(addElement(heart));
  store.getState().setPhoto(makePhoto(3000, 2000, "1"));
  expect(store.getState().design.elements.map(({ id }) => id)).toEqual(["photo", "e1"]);
  store.getState().undo();
  expect(openPhotoOf(store.getState())?.sha256).toBe("0".repeat(64));
  store.getState().edit(addElement(sticker));
  const { design } = store.getState();
  const again = createDesignStore({ ...landscape, features: { shapes: true } });
  again.getState().resume(makePhoto(), design);
  expect(again.getState().design.elements.map(({ id }) => id)).toEqual(["photo", "e1"]);
});

it("keeps the arts that undo or redo leads to, and not those of every letter that was typed on the way", () => {
  const store = storeWith();
  const state = () => store.getState();
  const art = { width: 100, height: 50, ops: [{ path: "M0 0L1 0L1 1Z", fill: "#000000", rule: "nonzero" }] } as const;
  const writing = (text: string) => ({ text, face: "plain", align: "start" }) as const;
  const nameOf = (text: string) => nameWriting(writing(text));
  const box = { ...heart.box, widthMm: 20, heightMm: 10 };
  state().addArts(new Map([[sticker.art, art]]));
  state().edit(addElement(sticker));
  state().addArts(new Map([[nameOf("A"), art]]));
  state().edit(addElement({ kind: "text", fill: "#000000", box, ...writing("A") }));
  const rewrite = (text: string) =>
    rewriteText(state().selection!, writing(text), (name) => state().arts.get(name), art);
  state().beginGesture(typingGesture);
  for (const text of ["AB", "ABC", "ABCD"]) {
    state().addArts(new Map([[nameOf(text), art]]));
    state().edit(rewrite(text), typingGesture);
  }
  state().endGesture(typingGesture);
  state().addArts(new Map([["star", art]]));
  expect([...state().arts.keys()].toSorted()).toEqual([nameOf("A"), nameOf("ABCD"), sticker.art, "star"].toSorted());
});
