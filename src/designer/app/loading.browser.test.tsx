import { afterEach, expect, it, vi } from "vitest";
import "../styles/tokens.css";
import "../styles/base.css";
import { photoOf } from "#design/design.ts";
import { drawn } from "../steps/design/canvas/testing/input.ts";
import { checksOf } from "../steps/design/design-checks.ts";
import { factsOf } from "../store/photo-facts.ts";
import { type MountedDesigner, makePhoto, mountDesigner, product } from "./testing/mount-designer.tsx";

const tools = vi.hoisted(() => {
  const gate = { open: (): void => {} };
  const loaded = new Promise<void>((resolve) => {
    gate.open = resolve;
  });
  return { loaded, load: () => gate.open() };
});
vi.mock("../steps/design/DesignStep.tsx", async (importOriginal) => {
  await tools.loaded;
  return importOriginal();
});

const widthsPx = [320, 390, 640, 844, 1024, 1440];
let designer: MountedDesigner;
afterEach(() => designer.unmount());

/** Whether the card's checks are on the screen, all of them: that of the sharpness is there before the others. */
function areChecksShown(): boolean {
  const state = designer.design.getState();
  const facts = factsOf(state.design, state);
  const tones = facts && checksOf(facts, product).map(({ tone }) => tone);
  const shown = [...document.querySelectorAll<HTMLElement>("#design-checks [data-tone]")];
  return tones?.join() === shown.map(({ dataset }) => dataset["tone"]).join();
}

/** Of the step, in whole pixels, at each width. */
async function measureHeights(): Promise<Record<number, number>> {
  const frame = window.frameElement as HTMLIFrameElement;
  const height = () => Math.ceil(document.querySelector("main")?.getBoundingClientRect().height ?? 0);
  const heights: Record<number, number> = {};
  await expect.poll(areChecksShown).toBe(true);
  // What can be done about a check is known.
  await expect.poll(() => document.querySelector("[aria-busy=true]")).toBeNull();
  for (const widthPx of widthsPx) {
    Object.assign(frame.style, { width: `${widthPx}px`, height: "900px" });
    await expect.poll(() => innerWidth).toBe(widthPx);
    await drawn();
    heights[widthPx] = height();
  }
  return heights;
}

async function openIn(language: string, photo: Blob): Promise<void> {
  designer = mountDesigner({ language });
  await designer.flow.openPhoto(photo);
}

it("takes another photo that is dropped while its tools are being loaded", async () => {
  await openIn("en", await makePhoto(1400, 900));
  const photoNow = () => photoOf(designer.design.getState().design)?.sha256;
  await expect.poll(photoNow).toBeDefined();
  const before = photoNow();
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([await makePhoto(1500, 900)], "b.jpg", { type: "image/jpeg" }));
  const drop = new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true });
  document.querySelector("main")?.dispatchEvent(drop);
  expect(drop.defaultPrevented).toBe(true);
  await expect.poll(photoNow).not.toBe(before);
});

it("is as high while its tools are being loaded as it is with them, and says what it waits for", async () => {
  const photo = await makePhoto(1400, 900);
  const waiting: Record<string, unknown> = {};
  const ready: Record<string, unknown> = {};
  for (const language of ["ar", "en"]) {
    await openIn(language, photo);
    await expect.poll(() => document.querySelector("[inert]")).not.toBeNull();
    waiting[language] = await measureHeights();
    if (language !== "en") designer.unmount();
  }
  await expect.poll(() => designer.sentences.at(-1)).toBe("Getting your card ready.");
  tools.load();
  for (const language of ["en", "ar"]) {
    if (language !== "en") await openIn(language, photo);
    await expect.poll(() => document.querySelector("canvas + canvas")).not.toBeNull();
    expect(document.querySelector("[inert]")).toBeNull();
    await expect.poll(() => document.querySelector("#design-checks [data-tone]")).not.toBeNull();
    ready[language] = await measureHeights();
    if (language === "en") designer.unmount();
  }
  expect(ready).toEqual(waiting);
});
