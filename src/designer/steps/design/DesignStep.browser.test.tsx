import { StrictMode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { type Placement, zoomOf } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { layVeil, moveBy, turnTo, zoomTo } from "#design/edits.ts";
import type { OpenPhoto } from "#image/client.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { changePhoto, createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion, onAnnounce } from "../../ui/LiveRegion.tsx";
import { DesignStep } from "./DesignStep.tsx";

const product = findProduct("photo-landscape")!;
let root: Root;
let store: DesignStore;
let host: HTMLElement;
/** Everything that was announced. */
let sentences: string[];
let stopListening: () => void;
const onPreview = vi.fn<() => void>();
const onPickAnother = vi.fn<() => void>();

async function openPhoto(widthPx: number, heightPx: number): Promise<OpenPhoto> {
  const preview = await createImageBitmap(new ImageData(40, 30));
  return makeOpenPhoto({ widthPx, heightPx, preview, close: () => preview.close() });
}

async function show(widthPx: number, heightPx: number, language = "en"): Promise<void> {
  store.getState().setPhoto(await openPhoto(widthPx, heightPx));
  root.render(
    <StrictMode>
      <TextProvider locale={chooseLocale(language)}>
        <LiveRegion />
        <DesignStoreProvider store={store}>
          <DesignStep isShown onPreview={onPreview} onPickAnother={onPickAnother} issuerName="Harbour Bank" />
        </DesignStoreProvider>
      </TextProvider>
    </StrictMode>,
  );
  await expect.poll(() => host.querySelector("canvas")).not.toBeNull();
}

function placementOf(): Placement {
  return photoOf(store.getState().design)!.placement;
}

function announced(): string {
  return host.querySelector("[role=status] > p:last-child")?.textContent ?? "";
}

function focusCard(): void {
  host.querySelector<HTMLElement>("[role=application]")?.focus();
}

function openAdjust(): void {
  (page.getByRole("radio", { name: "Adjust" }).element() as HTMLElement).click();
}

const button = (name: string) => page.getByRole("button", { name, exact: true });

beforeEach(async () => {
  await page.viewport(1280, 800);
  host = document.createElement("div");
  document.body.append(host);
  sentences = [];
  stopListening = onAnnounce((sentence) => sentences.push(sentence));
  store = createDesignStore(product);
  root = createRoot(host);
  onPreview.mockClear();
  onPickAnother.mockClear();
});

afterEach(() => {
  stopListening();
  root.unmount();
  host.remove();
});

describe("the design step", () => {
  it("says that a large photo prints sharp and goes on to the preview", async () => {
    await show(4000, 3000);
    await expect.element(page.getByText("Prints sharp")).toBeVisible();
    await button("See the print preview").click();
    expect(onPreview).toHaveBeenCalledOnce();
    await button("Choose another photo").click();
    expect(onPickAnother).toHaveBeenCalledOnce();
  });

  it("keeps the card where there is not the memory to show its veil", async () => {
    store = createDesignStore(findProduct("photo-fine")!);
    await show(4000, 3000);
    const canvases = (): number => host.querySelectorAll("canvas").length;
    const before = canvases();
    const getContext = vi.spyOn(OffscreenCanvas.prototype, "getContext").mockReturnValue(null);
    onTestFinished(() => getContext.mockRestore());
    store.getState().edit(layVeil({ colour: "#000000", percent: 60 }));
    await expect.poll(() => getContext.mock.calls.length).toBeGreaterThan(0);
    await button("Undo").click();
    await expect.element(button("Undo")).toHaveAttribute("aria-disabled", "true");
    expect(canvases()).toBe(before);
  });

  it("does everything that pointers do with buttons and fields", async () => {
    await show(4000, 3000);
    openAdjust();
    await page.getByRole("spinbutton", { name: /^Zoom/ }).fill("250");
    await userEvent.keyboard("{Enter}");
    expect(zoomOf(placementOf(), photoOf(store.getState().design)!, product)).toBeCloseTo(2.5, 6);
    await page.getByRole("spinbutton", { name: /^Turn/ }).fill("-12.5");
    await userEvent.keyboard("{Enter}");
    expect(placementOf().rotationDeg).toBeCloseTo(-12.5, 6);
    await page.getByRole("spinbutton", { name: /^Across/ }).fill("3");
    await userEvent.keyboard("{Enter}");
    await button("Move right by 1 mm").click();
    expect(placementOf().xMm).toBeCloseTo(4, 6);
    await button("Turn left by 90°").click();
    expect(placementOf().rotationDeg).toBeCloseTo(-102.5, 6);
    await button("Mirror").last().click();
    expect(placementOf().mirrored).toBe(true);
    await button("Fit to the card").click();
    expect(placementOf()).toMatchObject({ xMm: 0, yMm: 0, rotationDeg: 0 });
  });

  it.each([0, 90, -90, 179.5])("turns on from %d degrees with the keys on the slider", async (degrees) => {
    await show(4000, 3000);
    openAdjust();
    changePhoto(store.getState(), turnTo(degrees));
    const slider = page.getByRole("slider", { name: "Turn" });
    await expect.element(slider).toHaveValue(String(degrees));
    slider.element().focus();
    await userEvent.keyboard("{ArrowRight}");
    await expect.poll(() => placementOf().rotationDeg).toBeCloseTo(degrees + 0.5, 6);
    await userEvent.keyboard("{ArrowLeft}{ArrowLeft}");
    await expect.poll(() => placementOf().rotationDeg).toBeCloseTo(degrees - 0.5, 6);
  });

  it("keeps the focus at the checks when the button that fixed one is gone", async () => {
    await show(3000, 2250);
    changePhoto(store.getState(), (placement) => ({ ...placement, mmPerPx: 25.4 / 190 }));
    const fix = button("Fix: zoom out until it prints well");
    await expect.element(fix).toBeVisible();
    fix.element().focus();
    await userEvent.keyboard("{Enter}");
    await expect.element(page.getByText("Prints sharp")).toBeVisible();
    await expect.poll(() => document.activeElement?.textContent).toMatch(/^MendedUndoPrints sharp250 dpi/);
    await userEvent.tab();
    await expect.element(button("Undo what mended this: Will print slightly soft")).toHaveFocus();
    await userEvent.tab();
    await expect.element(button("See the print preview")).toHaveFocus();
  });

  it("leaves the focus on a fix that gets it the moment that it is there", async () => {
    await show(3000, 2250);
    const label = "Fix: zoom out until it prints well";
    const observer = new MutationObserver(() => {
      const fix = host.querySelector<HTMLElement>(`[aria-label="${label}"]`);
      if (fix === null) return;
      observer.disconnect();
      fix.focus();
    });
    observer.observe(host, { childList: true, subtree: true });
    changePhoto(store.getState(), (placement) => ({ ...placement, mmPerPx: 25.4 / 190 }));
    await expect.element(button(label)).toBeVisible();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(document.activeElement).toBe(button(label).element());
  });

  it.each([
    ["slider", /^Turn/],
    ["spinbutton", /^Turn/],
    ["slider", /^Zoom/],
    ["spinbutton", /^Across/],
  ] as const)("makes one step of a key held on the %s %s", async (role, name) => {
    await show(4000, 3000);
    changePhoto(store.getState(), zoomTo(2));
    const before = placementOf();
    openAdjust();
    const control = page.getByRole(role, { name }).last();
    await expect.element(control).toBeVisible();
    control.element().focus();
    await userEvent.keyboard("{ArrowUp>6}{/ArrowUp}");
    await expect.poll(placementOf).not.toEqual(before);
    const after = placementOf();
    await userEvent.keyboard("{ArrowUp}");
    await expect.poll(placementOf).not.toEqual(after);
    await expect.poll(() => store.getState().moving).toBe(false);
    store.getState().undo();
    expect(placementOf()).toEqual(after);
    store.getState().undo();
    expect(placementOf()).toEqual(before);
  });

  it("undoes and redoes by key wherever the focus is, except in a field that undoes its own typing", async () => {
    await show(4000, 3000);
    openAdjust();
    await button("Mirror").last().click();
    expect(placementOf().mirrored).toBe(true);
    await userEvent.keyboard("{Control>}z{/Control}");
    await expect.poll(() => placementOf().mirrored).toBe(false);
    (document.activeElement as HTMLElement).blur();
    await userEvent.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    await expect.poll(() => placementOf().mirrored).toBe(true);

    await page.getByRole("spinbutton", { name: /^Across/ }).click();
    await userEvent.keyboard("{Control>}z{/Control}");
    expect(placementOf().mirrored).toBe(true);
    focusCard();
    await userEvent.keyboard("]{Control>}zz{/Control}");
    await expect.poll(placementOf).toMatchObject({ mirrored: false, rotationDeg: 0 });
  });

  it("shows the guides for good when asked to", async () => {
    await show(4000, 3000);
    openAdjust();
    await page.getByRole("checkbox", { name: "Show cutting edge and safe area" }).click();
    const [, guides] = host.querySelectorAll("canvas");
    await expect.poll(() => getComputedStyle(guides!).opacity).toBe("1");
  });

  it("tells a screen reader what happened, once input rests", async () => {
    await show(4000, 3000);
    await button("Zoom in").click();
    await button("Zoom in").click();
    await expect.poll(announced).toContain("Zoom 121%. Covers the card.");
  });

  it("says a turn and the move right after it, each for itself", async () => {
    await show(4000, 3000);
    changePhoto(store.getState(), zoomTo(2));
    changePhoto(store.getState(), turnTo(-3.5));
    changePhoto(store.getState(), moveBy(1, 0));
    changePhoto(store.getState(), moveBy(0, -2));
    await expect.poll(announced).toMatch(/^Photo 1 mm right\. Photo 2 mm up\. Covers the card\./);
    const before = host.querySelector("[role=status] > p:nth-last-child(2)");
    expect(before?.textContent).toContain("Turned to -3.5 degrees. Zoom 200%.");
  });

  it("says a turn and a move by keys that follow each other at once, each for itself", async () => {
    await show(4000, 3000);
    changePhoto(store.getState(), zoomTo(2));
    await expect.poll(announced).toContain("Zoom 200%.");
    focusCard();
    await userEvent.keyboard("]{ArrowRight}[[{Shift>}{ArrowLeft}{/Shift}");
    await expect.poll(announced).toMatch(/ mm left\. /);
    expect(sentences).toEqual([
      expect.stringMatching(/^Zoom 200%\. /),
      expect.stringMatching(/^Turned to 1 degree\. /),
      expect.stringMatching(/^Photo 1 mm right\. /),
      expect.stringMatching(/^Turned to 0 degrees\. /),
      expect.stringMatching(/^Photo 5 mm left\. /),
    ]);
  });

  it("says once for each held key that the photo ends, and nothing of a photo that fits already", async () => {
    await show(4000, 3000);
    focusCard();
    await userEvent.keyboard("0{ArrowRight>5}{/ArrowRight}0{ArrowLeft>5}{/ArrowLeft}]");
    await expect.poll(announced).toMatch(/^Turned to 1 degree\. /);
    const edge = expect.stringMatching(/^The photo ends here/);
    expect(sentences).toEqual([edge, edge, expect.stringMatching(/^Turned to 1 degree\. /)]);
  });

  it.each([
    [320, "en"],
    [390, "ar"],
    [844, "en"],
    [1440, "ar"],
  ])("needs no sideways scroll at %i px in %s, with targets of at least 44 px", async (width, language) => {
    await page.viewport(width, 800);
    await show(4000, 3000, language);
    for (const tab of page.getByRole("radio").elements()) {
      (tab as HTMLElement).click();
      await expect.poll(() => (tab as HTMLInputElement).checked).toBe(true);
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width);
      for (const target of host.querySelectorAll("button, input[type=range]")) {
        const { width: across, height } = target.getBoundingClientRect();
        if (across === 0) continue;
        expect(Math.min(across, height), target.outerHTML).toBeGreaterThanOrEqual(44);
      }
    }
  });
});
