import { afterEach, beforeEach, expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { cardCentre, moveBy, type PointMm } from "#design/edits.ts";
import { changePhoto, type DesignStore } from "../../../store/design-store.ts";
import { type MountedCard, mountCard } from "./testing/card.tsx";
import { drawn, key } from "./testing/input.ts";

const product = findProduct("photo-landscape")!;
let card: MountedCard;
let store: DesignStore;

beforeEach(async () => {
  card = await mountCard(product);
  store = card.store;
});
afterEach(() => card.unmount());

const at = (xMm: number, yMm = 0): PointMm => ({ xMm, yMm });
const moving = () => store.getState().moving;
const steps = (): number => {
  let count = 0;
  for (; store.getState().canUndo; count += 1) store.getState().undo();
  return count;
};

it("stays where a long drag got to when the browser cancels it, as one step", async () => {
  const before = card.placement();
  await card.touch("touchStart", [cardCentre]);
  await card.touch("touchMove", [at(6)]);
  await card.touch("touchMove", [at(14, 3)]);
  await card.touch("touchCancel", []);
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 14, 1);
  store.getState().undo();
  expect(card.placement()).toEqual(before);
});

it("stays where a pinch got to when the browser cancels it, as one step", async () => {
  const before = card.placement();
  await card.touch("touchStart", [at(-10)]);
  await card.touch("touchStart", [at(-10), at(10)]);
  await card.touch("touchMove", [at(-16), at(16)]);
  await card.touch("touchCancel", []);
  await expect.poll(moving).toBe(false);
  expect(card.placement().mmPerPx / before.mmPerPx).toBeCloseTo(1.6, 1);
  store.getState().undo();
  expect(card.placement()).toEqual(before);
});

it("a cancelled touch is no half of a double tap", async () => {
  const before = card.placement();
  for (const touchMs of [0, 200].map((ms) => performance.now() + ms)) {
    await card.touch("touchStart", [at(5, 5)], touchMs);
    await card.touch("touchCancel", [], touchMs + 50);
  }
  expect(card.placement()).toEqual(before);
});

it("keeps what a key and the wheel did between the press and the first move", async () => {
  const before = card.placement();
  await card.mouse("mousePressed", cardCentre);
  await key("ArrowDown", "ArrowDown");
  await expect.poll(() => card.placement().yMm).toBeCloseTo(before.yMm + 1, 6);
  await card.wheel(cardCentre, -100);
  await expect.poll(moving).toBe(true);
  await card.mouse("mouseMoved", at(4));
  await card.mouse("mouseMoved", at(9));
  await card.mouse("mouseReleased", at(9));
  await expect.poll(moving).toBe(false);
  const zoomed = card.placement().mmPerPx / before.mmPerPx;
  expect(zoomed).toBeGreaterThan(1.1);
  expect(card.placement().xMm).toBeCloseTo(before.xMm * zoomed + 9, 1);
  expect(card.placement().yMm).toBeCloseTo((before.yMm + 1) * zoomed, 1);
});

it("goes on from where a key in the middle of a drag has put the photo", async () => {
  const before = card.placement();
  await card.mouse("mousePressed", cardCentre);
  await card.mouse("mouseMoved", at(8));
  await expect.poll(moving).toBe(true);
  await key("ArrowDown", "ArrowDown");
  await expect.poll(() => card.placement().yMm).toBeCloseTo(before.yMm + 1, 6);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 8, 1);
  await card.mouse("mouseMoved", at(12));
  await card.mouse("mouseReleased", at(12));
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 12, 1);
  expect(card.placement().yMm).toBeCloseTo(before.yMm + 1, 1);
  expect(steps(), "the zoom of the set-up, two drags and a key").toBe(4);
});

it("goes on from where a button has put the photo while a finger was down", async () => {
  const before = card.placement();
  await card.touch("touchStart", [cardCentre]);
  await card.touch("touchMove", [at(6)]);
  changePhoto(store.getState(), moveBy(0, 2));
  await card.touch("touchMove", [at(10)]);
  await card.touch("touchEnd", []);
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 10, 1);
  expect(card.placement().yMm).toBeCloseTo(before.yMm + 2, 1);
});

it("has written what is on the card when another window gets the focus, and goes on with a finger that is still down", async () => {
  const before = card.placement();
  await card.touch("touchStart", [cardCentre]);
  await card.touch("touchMove", [at(7)]);
  window.dispatchEvent(new Event("blur"));
  expect(moving()).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 7, 1);
  await card.touch("touchMove", [at(11)]);
  await card.touch("touchEnd", []);
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 11, 1);
});

it("does not jump when the card gets another size or place under a finger", async () => {
  const before = card.placement();
  await card.touch("touchStart", [at(-20, 10)]);
  await card.touch("touchMove", [at(-14, 10)]);
  const pxBefore = card.surface().getBoundingClientRect().width;
  // The finger stays where it is on the screen, as when the device is turned.
  const finger = { clientX: 0, clientY: 0, pointerId: 0 };
  card
    .surface()
    .addEventListener(
      "pointermove",
      ({ clientX, clientY, pointerId }) => Object.assign(finger, { clientX, clientY, pointerId }),
      { once: true },
    );
  await card.touch("touchMove", [at(-13, 10)]);
  card.host.style.width = "290px";
  card.host.style.marginTop = "40px";
  await drawn();
  expect(card.surface().getBoundingClientRect().width).toBeLessThan(pxBefore);
  const stay = { ...finger, pointerType: "touch", buttons: 1, bubbles: true };
  card.surface().dispatchEvent(new PointerEvent("pointermove", stay));
  card.surface().dispatchEvent(new PointerEvent("pointerup", stay));
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 7, 1);
  expect(card.placement().yMm).toBeCloseTo(before.yMm, 1);
  await card.touch("touchEnd", []);
});

it("takes a drag with the pen's button or the mouse's right one for none", async () => {
  const before = card.placement();
  const box = card.surface().getBoundingClientRect();
  const pressed = { pointerId: 7, pointerType: "pen", button: 2, buttons: 2, clientX: box.x + 50, clientY: box.y + 50 };
  for (const type of ["pointerdown", "pointermove", "pointerup"]) {
    const clientX = pressed.clientX + (type === "pointerdown" ? 0 : 60);
    card.surface().dispatchEvent(new PointerEvent(type, { ...pressed, clientX, bubbles: true }));
  }
  expect(card.placement()).toBe(before);
  expect(moving()).toBe(false);
});

it("writes a drag that is under way when the card goes", async () => {
  const before = card.placement();
  await card.touch("touchStart", [cardCentre]);
  await card.touch("touchMove", [at(9)]);
  card.show("ar");
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(before.xMm + 9, 1);
  await card.touch("touchEnd", []);
});
