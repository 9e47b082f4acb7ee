import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { userEvent } from "vitest/browser";
import { changePhoto } from "../store/design-store.ts";
import { type MountedDesigner, makePhoto, mountDesigner } from "./testing/mount-designer.tsx";

let designer: MountedDesigner;
beforeEach(() => void (designer = mountDesigner()));
afterEach(() => designer.unmount());

const heading = (): string => document.querySelector("h1")?.textContent ?? "";

it("has the card drawn up, unseen, before there is a photo, and puts the photo on that one", async () => {
  const canvas = () => document.querySelector("canvas");
  await expect.poll(canvas).not.toBeNull();
  const ready = canvas() as HTMLCanvasElement;
  const { width, height } = ready.getBoundingClientRect();
  expect(getComputedStyle(ready).visibility).toBe("hidden");
  expect(heading()).toBe("Start with a photo");
  await designer.flow.openPhoto(await makePhoto(1400, 900));
  await expect.poll(heading).toBe("Make it yours");
  expect(canvas()).toBe(ready);
  expect(getComputedStyle(ready).visibility).toBe("visible");
  expect(ready.getBoundingClientRect()).toMatchObject({ width, height });
});

it("moves and takes back nothing while the preview is looked at, and comes back to the tools as they were left", async () => {
  const { flow, design } = designer;
  await flow.openPhoto(await makePhoto(1400, 900));
  await expect.poll(() => document.querySelector("canvas")).not.toBeNull();
  changePhoto(design.getState(), (placement) => ({ ...placement, mmPerPx: placement.mmPerPx * 1.2 }));
  const tabs = () =>
    [...document.querySelectorAll<HTMLInputElement>("input[type=radio]:checked")].map(({ value }) => value);
  await userEvent.click([...document.querySelectorAll("label")].find((label) => label.textContent === "Adjust")!);
  await expect.poll(tabs).toEqual(["adjust"]);
  const card = document.querySelector("[role=application]")!;
  const { x, y } = card.getBoundingClientRect();
  const at = { clientX: x + 40, clientY: y + 30, pointerId: 7, buttons: 1, bubbles: true, cancelable: true };
  vi.spyOn(card, "setPointerCapture").mockReturnValue();
  card.dispatchEvent(new PointerEvent("pointerdown", at));
  await flow.showPreview();
  await expect.poll(heading).toBe("Check your card");
  const shown = design.getState().design;
  card.dispatchEvent(new PointerEvent("pointermove", { ...at, clientX: x + 90 }));
  card.dispatchEvent(new WheelEvent("wheel", { ...at, ctrlKey: true, deltaY: -300 }));
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true }));
  expect(design.getState()).toMatchObject({ design: shown, moving: false });
  flow.goBack();
  await expect.poll(heading).toBe("Make it yours");
  expect(tabs()).toEqual(["adjust"]);
  document.dispatchEvent(new KeyboardEvent("keydown", { key: "z", ctrlKey: true, bubbles: true }));
  expect(design.getState().design, "the keys are back").not.toEqual(shown);
});
