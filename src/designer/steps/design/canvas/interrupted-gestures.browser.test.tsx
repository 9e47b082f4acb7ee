import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Placement, photoToCard } from "#card/placement.ts";
import { bleedSizeMm, findProduct } from "#card/products.ts";
import { cardCentre, moveBy, type PointMm } from "#design/edits.ts";
import { changePhoto, type DesignStore } from "../../../store/design-store.ts";
import { type MountedCard, mountCard } from "./testing/card.tsx";
import { drawn, key } from "./testing/input.ts";
import { photoSize } from "./testing/photo.ts";

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

/** As Safari sends two fingers on a trackpad, which no other engine does. */
function trackpad(type: "gesturestart" | "gesturechange" | "gestureend", at: PointMm, scale = 1, rotation = 0): Event {
  const box = card.surface().getBoundingClientRect();
  const { widthMm, heightMm } = bleedSizeMm(product);
  const clientX = box.x + (at.xMm / widthMm + 0.5) * box.width;
  const clientY = box.y + (at.yMm / heightMm + 0.5) * box.height;
  const event = new Event(type, { bubbles: true, cancelable: true });
  card.surface().dispatchEvent(Object.assign(event, { scale, rotation, clientX, clientY, altKey: false }));
  return event;
}

it("zooms and turns about the cursor with a trackpad in Safari, as one step, and the page stays as it is", () => {
  const before = card.placement();
  const cursor = at(20, -10);
  trackpad("gesturestart", cursor);
  expect(trackpad("gesturechange", cursor, 1.2, 10).defaultPrevented).toBe(true);
  trackpad("gesturechange", cursor, 1.5, 30);
  expect(moving()).toBe(true);
  const wheel = new WheelEvent("wheel", { deltaY: -40, ctrlKey: true, bubbles: true, cancelable: true });
  card.surface().dispatchEvent(wheel);
  expect(wheel.defaultPrevented).toBe(true);
  trackpad("gestureend", cursor);
  expect(moving()).toBe(false);
  const after = card.placement();
  expect(after.mmPerPx / before.mmPerPx).toBeCloseTo(1.5, 6);
  expect(after.rotationDeg).toBeCloseTo(before.rotationDeg + 30, 6);
  const under = (placement: Placement) =>
    new DOMMatrix([...photoToCard(placement, photoSize)]).inverse().transformPoint({ x: cursor.xMm, y: cursor.yMm });
  expect(under(after).x).toBeCloseTo(under(before).x, 0);
  expect(under(after).y).toBeCloseTo(under(before).y, 0);
  store.getState().undo();
  expect(card.placement()).toEqual(before);
});

it("the wheel zooms again although Safari has not said when the fingers left the trackpad", () => {
  const before = card.placement();
  card.surface().focus();
  trackpad("gesturestart", cardCentre);
  const { timeStamp } = trackpad("gesturechange", cardCentre, 1.5);
  const turn = (afterMs: number): void => {
    const wheel = new WheelEvent("wheel", { deltaY: -40, ctrlKey: true, bubbles: true, cancelable: true });
    Object.defineProperty(wheel, "timeStamp", { value: timeStamp + afterMs });
    card.surface().dispatchEvent(wheel);
  };
  turn(10);
  expect(card.placement()).toEqual(before);
  turn(1000);
  expect(card.placement().mmPerPx / before.mmPerPx).toBeCloseTo(1.5, 6);
  window.dispatchEvent(new Event("blur"));
  card.surface().dispatchEvent(new Event("blur"));
  expect(card.placement().mmPerPx / before.mmPerPx).toBeGreaterThan(1.55);
});

it("takes back on Escape what a trackpad has done, and keeps it when another window gets the focus", async () => {
  const before = card.placement();
  card.surface().focus();
  trackpad("gesturestart", cardCentre);
  trackpad("gesturechange", cardCentre, 1.5);
  await key("Escape", "Escape");
  await expect.poll(moving).toBe(false);
  trackpad("gesturechange", cardCentre, 1.7);
  trackpad("gestureend", cardCentre);
  expect(card.placement()).toEqual(before);
  trackpad("gesturestart", cardCentre);
  trackpad("gesturechange", cardCentre, 1.5);
  window.dispatchEvent(new Event("blur"));
  expect(moving()).toBe(false);
  expect(card.placement().mmPerPx / before.mmPerPx).toBeCloseTo(1.5, 6);
});

it("counts two fingers on a touchscreen once, although Safari sends both their touches and a trackpad's events", async () => {
  const before = card.placement();
  await card.touch("touchStart", [at(-10)]);
  await card.touch("touchStart", [at(-10), at(10)]);
  trackpad("gesturestart", cardCentre);
  expect(trackpad("gesturechange", cardCentre, 1.4).defaultPrevented).toBe(true);
  await card.touch("touchMove", [at(-14), at(14)]);
  trackpad("gesturechange", cardCentre, 1.5);
  await card.touch("touchMove", [at(-15), at(15)]);
  await card.touch("touchEnd", [at(-15)]);
  trackpad("gestureend", cardCentre, 1.5);
  await card.touch("touchEnd", []);
  await expect.poll(moving).toBe(false);
  expect(card.placement().mmPerPx / before.mmPerPx).toBeCloseTo(1.5, 1);
  store.getState().undo();
  expect(card.placement()).toEqual(before);
});

it("holds the photo at the card's centre, shows and ticks that, and neither with Alt", async () => {
  const vibrate = vi.spyOn(navigator, "vibrate").mockReturnValue(true);
  const held = () => card.surface().dataset["held"];
  changePhoto(store.getState(), (placement) => ({ ...placement, xMm: 6, yMm: 5 }));
  await card.mouse("mousePressed", cardCentre);
  await card.mouse("mouseMoved", at(4, 4));
  await expect.poll(moving).toBe(true);
  await card.mouse("mouseMoved", at(-6.4, 3));
  await expect.poll(held).toBe("x");
  const line = card.surface().querySelector("[data-hold=x]")!;
  expect(getComputedStyle(line).visibility).toBe("visible");
  expect(vibrate).toHaveBeenCalledOnce();
  await card.mouse("mouseReleased", at(-6.4, 3));
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBe(0);
  expect(held()).toBe("");
  expect(getComputedStyle(line).visibility).toBe("hidden");
  const altKey = 1;
  await card.mouse("mousePressed", cardCentre);
  await card.mouse("mouseMoved", at(8), altKey);
  await card.mouse("mouseMoved", at(0.5), altKey);
  await card.mouse("mouseReleased", at(0.5));
  await expect.poll(moving).toBe(false);
  expect(card.placement().xMm).toBeCloseTo(0.5, 1);
  expect(vibrate).toHaveBeenCalledOnce();
  vibrate.mockRestore();
});

it("rings the card for a keyboard, and no longer once a finger or the mouse is on it", async () => {
  const ringed = () => getComputedStyle(card.surface()).outlineStyle !== "none";
  await key("Tab", "Tab");
  card.surface().focus();
  await key("ArrowRight", "ArrowRight");
  await expect.poll(ringed).toBe(true);
  await card.mouse("mousePressed", cardCentre);
  await card.mouse("mouseReleased", cardCentre);
  await expect.poll(ringed).toBe(false);
  await key("ArrowRight", "ArrowRight");
  await expect.poll(ringed).toBe(true);
  await card.touch("touchStart", [cardCentre]);
  await card.touch("touchEnd", []);
  await expect.poll(ringed).toBe(false);
});
