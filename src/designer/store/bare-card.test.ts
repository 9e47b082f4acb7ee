import { expect, it, vi } from "vitest";
import { findProduct } from "#card/products.ts";
import { photoOf, vectorElementsOf } from "#design/design.ts";
import { layGround } from "#design/edits.ts";
import { addElement } from "#design/element-edits.ts";
import { heart } from "#design/testing/elements.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changeGround, createDesignStore, isGroundSeen, openPhotoOf } from "./design-store.ts";

const product = { ...findProduct("photo-landscape")!, features: { grounds: true, shapes: true } };
const night = { from: "#14274e", to: "#2e6fdb", angleDeg: 45 } as const;

function begin() {
  const store = createDesignStore(product);
  store.getState().begin(night);
  return store.getState;
}

it("an empty card is none: nothing is changed on it, and no gesture begins", () => {
  const { getState } = createDesignStore(product);
  const before = getState().design;
  expect(getState().isBegun).toBe(false);
  getState().edit(layGround(night));
  getState().edit(addElement(heart));
  getState().beginGesture();
  expect(getState()).toMatchObject({ design: before, moving: false });
});

it("a card without a photo is begun on a ground, with nothing to undo, and takes another ground and what is laid on it", () => {
  const state = begin();
  expect(state()).toMatchObject({ isBegun: true, canUndo: false, design: { ground: night, elements: [] } });
  expect(isGroundSeen(state())).toBe(true);
  changeGround(state(), "#c0272d");
  state().edit(addElement(heart));
  expect(state()).toMatchObject({ selection: "e1", design: { ground: "#c0272d", elements: [{ kind: "shape" }] } });
  state().undo();
  state().undo();
  expect(state()).toMatchObject({ isBegun: true, canUndo: false, design: { ground: night } });
});

it("a photo covers it below what lies there, undo takes the photo off, and redo lays it again: open all the time", () => {
  const state = begin();
  const close = vi.fn();
  const photo = makeOpenPhoto({ close });
  state().edit(addElement(heart));
  state().setPhoto(photo);
  expect(state().design).toMatchObject({ ground: "#ffffff", elements: [{ kind: "photo" }, { kind: "shape" }] });
  expect(isGroundSeen(state())).toBe(false);
  state().undo();
  expect([photoOf(state().design), openPhotoOf(state()), state().design.ground]).toEqual([null, null, night]);
  expect(close).not.toHaveBeenCalled();
  state().redo();
  expect(openPhotoOf(state())).toBe(photo);
  state().undo();
  changeGround(state(), "#c0272d");
  expect(close).toHaveBeenCalledOnce();
  expect(state().canRedo).toBe(false);
});

it("in place of a photo it keeps what lies on that, and undo brings the photo back", () => {
  const { getState } = createDesignStore(product);
  const photo = makeOpenPhoto();
  getState().setPhoto(photo);
  getState().edit(addElement(heart));
  getState().begin("#c0272d");
  expect(getState().design).toMatchObject({ ground: "#c0272d", elements: [{ kind: "shape" }] });
  getState().undo();
  expect(openPhotoOf(getState())).toBe(photo);
});

it("holds two photos at most, however often a card without one lay between", () => {
  const state = begin();
  const closed: number[] = [];
  for (const at of [0, 1, 2, 3]) {
    state().setPhoto(makeOpenPhoto({ sha256: String(at).repeat(64), close: () => void closed.push(at) }));
    state().begin(night);
    expect(state().assets.size).toBeLessThanOrEqual(2);
  }
  expect(closed).toEqual([0, 1, 2]);
});

it("is gone on with as it was kept, without what the card does not take any more", () => {
  const state = begin();
  state().edit(addElement(heart));
  const kept = state().design;
  const { getState } = createDesignStore({ ...product, features: { grounds: true, shapes: false } });
  getState().resume(null, kept);
  expect(getState()).toMatchObject({ isBegun: true, canUndo: false, design: { ground: night } });
  expect(vectorElementsOf(getState().design)).toEqual([]);
  getState().clear();
  expect(getState()).toMatchObject({ isBegun: false, design: { ground: "#ffffff" } });
});
