import { afterEach, beforeEach, expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { cardCentre, fit, mirror } from "#design/edits.ts";
import { changePhoto } from "../../../store/design-store.ts";
import { type MountedCard, mountCard } from "./testing/card.tsx";

let card: MountedCard;

beforeEach(async () => {
  card = await mountCard(findProduct("photo-landscape")!);
  card.surface().focus();
});
afterEach(() => card.unmount());

const moving = () => card.store.getState().moving;
const scale = () => card.placement().mmPerPx;

/** A turn that happens now; whoever is busy hears of it later. */
function makeTurn(deltaY = -100): WheelEvent {
  const { x, y, width, height } = card.surface().getBoundingClientRect();
  const [clientX, clientY] = [x + width / 2, y + height / 2];
  return new WheelEvent("wheel", { deltaY, clientX, clientY, bubbles: true, cancelable: true });
}
const turn = (event: WheelEvent) => card.surface().dispatchEvent(event);

/** Keeps everything else from happening. */
function block(forMs: number): void {
  const until = performance.now() + forMs;
  while (performance.now() < until);
}

it("turns at short intervals are one step, although the page was so busy that its timer came between them", async () => {
  const before = card.placement();
  const turns = [makeTurn(), makeTurn(), makeTurn()];
  for (const each of turns) {
    turn(each);
    block(400);
    await expect.poll(moving).toBe(false);
  }
  expect(scale()).toBeGreaterThan(before.mmPerPx * 1.3);
  card.store.getState().undo();
  expect(card.placement()).toEqual(before);
  expect(card.store.getState().canRedo).toBe(true);
});

it("turns at long intervals are a step each, although the page was so busy that it hears of them at once", async () => {
  const before = card.placement();
  const first = makeTurn();
  block(400);
  const second = makeTurn();
  turn(first);
  turn(second);
  await expect.poll(moving).toBe(false);
  const both = scale() / before.mmPerPx;
  expect(both).toBeGreaterThan(1.2);
  card.store.getState().undo();
  expect(scale() / before.mmPerPx).toBeCloseTo(Math.sqrt(both), 6);
  card.store.getState().undo();
  expect(card.placement()).toEqual(before);
});

it("a turn right after the last one was undone is a step of its own", async () => {
  const before = card.placement();
  const [first, second] = [makeTurn(), makeTurn()];
  turn(first);
  await expect.poll(moving).toBe(false);
  card.store.getState().undo();
  turn(second);
  await expect.poll(moving).toBe(false);
  expect(scale()).toBeGreaterThan(before.mmPerPx);
  card.store.getState().undo();
  expect(card.placement()).toEqual(before);
});

it("a burst that turned back to where it began leaves the step before it alone", async () => {
  const { undo } = card.store.getState();
  changePhoto(card.store.getState(), fit());
  changePhoto(card.store.getState(), mirror());
  const mirrored = card.store.getState().design;
  for (const each of [makeTurn(), makeTurn(1000), makeTurn()]) {
    turn(each);
    await expect.poll(moving).toBe(false);
  }
  expect(scale()).toBeGreaterThan(photoOf(mirrored)!.placement.mmPerPx);
  undo();
  expect(card.store.getState().design).toEqual(mirrored);
  undo();
  expect(card.placement().mirrored).toBe(false);
});

it("goes on about the cursor from where the photo lies, so that a late turn never makes it jump", async () => {
  const [first, second] = [makeTurn(), makeTurn()];
  turn(first);
  await expect.poll(moving).toBe(false);
  const once = scale();
  turn(second);
  await expect.poll(moving).toBe(false);
  expect(scale()).toBeGreaterThan(once * 1.05);
  expect(card.placement().xMm).toBeCloseTo(cardCentre.xMm, 6);
});
