import { expect, test } from "vitest";
import { findProduct } from "#card/products.ts";
import { adjustPhoto, moveBy, resetAdjustments } from "#design/edits.ts";
import { adjustmentsOf, noAdjustments } from "#design/look.ts";
import { type OpenPhoto, PhotoProblem } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changePhoto, createDesignStore, shownPreviewOf } from "./design-store.ts";

const product = findProduct("photo-landscape")!;
const sha256 = "0".repeat(64);

/** A photo whose worker answers when it is told to, a store it lies in, and what has been asked and closed. */
function open() {
  /** Below 0 where it has to be there soon. */
  const asked: number[] = [];
  const closed: number[] = [];
  const answers: (() => void)[] = [];
  const refusals: ((reason?: Error) => void)[] = [];
  const make = (): OpenPhoto =>
    makeOpenPhoto({
      adjustPreview: ({ adjust: { brightness } = noAdjustments }, soon) =>
        new Promise((resolve, reject) => {
          asked.push(soon ? -brightness : brightness);
          const bitmap = { width: brightness, height: 1, close: () => void closed.push(brightness) };
          answers.push(() => resolve(bitmap));
          refusals.push((reason = new Error("no memory")) => reject(reason));
        }),
    });
  const store = createDesignStore(product);
  const photo = make();
  store.getState().setPhoto(photo);
  const settled = async (): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve)));
  return {
    store,
    photo,
    make,
    asked,
    closed,
    slide: (brightness: number) => store.getState().edit(adjustPhoto({ brightness })),
    answer: (): Promise<void> => (answers.at(-1)?.(), settled()),
    refuse: (reason?: Error): Promise<void> => (refusals.at(-1)?.(reason), settled()),
    shown: () => shownPreviewOf(store.getState(), sha256),
  };
}

test("a slider that does not stop is followed by what it wants last, and nothing is made that is past", async () => {
  const { slide, answer, asked, closed, shown, photo } = open();
  slide(10);
  expect(shown()).toBe(photo.preview);
  for (const brightness of [11, 12, 13]) slide(brightness);
  await answer();
  expect(shown()?.width).toBe(10);
  for (const brightness of [14, 15]) slide(brightness);
  expect(asked).toEqual([-10, -13]);
  for (let more = 0; more < 4; more++) await answer();
  expect(asked).toEqual([-10, -13, -15, 15]);
  expect([shown()?.width, closed]).toEqual([15, [10, 13, 15]]);
});

test("while the slider is held a smaller one is made, and the whole one once it is let go of", async () => {
  const { store, slide, answer, asked } = open();
  const { beginGesture, endGesture } = store.getState();
  beginGesture();
  slide(10);
  slide(20);
  await answer();
  await answer();
  expect(asked).toEqual([-10, -20]);
  endGesture();
  await answer();
  beginGesture();
  endGesture();
  expect(asked).toEqual([-10, -20, 20]);
});

test("nothing else that changes has the preview made again", async () => {
  const { store, slide, answer, asked } = open();
  slide(10);
  await answer();
  await answer();
  changePhoto(store.getState(), moveBy(1, 0));
  store.getState().showOriginal(true);
  store.getState().showOriginal(false);
  expect(asked).toEqual([-10, 10]);
});

test("the photo as it was is shown at once, for a look or for good, and what was made is let go of for good", async () => {
  const { store, slide, answer, closed, shown, photo } = open();
  slide(10);
  await answer();
  await answer();
  store.getState().showOriginal(true);
  expect(shown()).toBe(photo.preview);
  store.getState().showOriginal(false);
  expect(shown()?.width).toBe(10);
  slide(20);
  store.getState().edit(resetAdjustments());
  expect([shown(), closed]).toEqual([photo.preview, [10, 10]]);
  await answer();
  expect([shown(), closed]).toEqual([photo.preview, [10, 10, 20]]);
});

test("another photo is as it is, and what is made for one that has gone is not shown on it", async () => {
  const { store, slide, answer, make, closed, shown } = open();
  slide(10);
  const next = make();
  store.getState().setPhoto(next);
  await answer();
  expect([shown(), closed]).toEqual([next.preview, [10]]);
  expect(adjustmentsOf(store.getState().design)).toBeUndefined();
});

test("what cannot be made is not tried without end, and the next is tried", async () => {
  const { slide, refuse, answer, asked, shown, photo } = open();
  slide(10);
  for (let more = 0; more < 4; more++) await refuse();
  expect([asked, shown()]).toEqual([[-10, 10], photo.preview]);
  slide(20);
  await answer();
  await answer();
  expect([asked, shown()?.width]).toEqual([[-10, 10, -20, 20], 20]);
});

test("what could not be made for want of a filter is tried again when next something happens", async () => {
  const { store, slide, refuse, answer, asked, shown } = open();
  slide(10);
  for (let more = 0; more < 4; more++) await refuse(new PhotoProblem("art-missing"));
  expect(asked).toEqual([-10, 10]);
  expect(store.getState().lacksFilter).toBe(true);
  store.getState().select(null);
  store.getState().addArts(new Map());
  await answer();
  await answer();
  expect([asked, shown()?.width]).toEqual([[-10, 10, -10, 10], 10]);
  expect(store.getState().lacksFilter).toBe(false);
});

test("that the filter cannot be had is said until the photo is to look another way", async () => {
  const { store, slide, refuse } = open();
  slide(10);
  await refuse(new TypeError("no memory"));
  expect(store.getState().lacksFilter).toBe(false);
  slide(20);
  for (let more = 0; more < 4; more++) await refuse(new PhotoProblem("art-missing"));
  expect(store.getState().lacksFilter).toBe(true);
  store.getState().edit(resetAdjustments());
  expect(store.getState().lacksFilter).toBe(false);
});
