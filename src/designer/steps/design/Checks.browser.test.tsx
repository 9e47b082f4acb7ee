import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { effectiveDpi, type Placement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { changePhoto, createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion } from "../../ui/LiveRegion.tsx";
import { makePhoto } from "./canvas/testing/photo.ts";
import { DesignStep } from "./DesignStep.tsx";

let root: Root;
let store: DesignStore;
let host: HTMLElement;
const onPreview = vi.fn<() => void>();

async function show(widthPx: number, heightPx: number): Promise<void> {
  store.getState().setPhoto({ ...(await makePhoto()), widthPx, heightPx });
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={onPreview} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  await expect.poll(() => host.querySelector("canvas")).not.toBeNull();
}

function placementOf(): Placement {
  return photoOf(store.getState().design)!.placement;
}

function announced(): string {
  return host.querySelector("[role=status] > p:last-child")?.textContent ?? "";
}

const button = (name: string) => page.getByRole("button", { name, exact: true });

beforeEach(async () => {
  await page.viewport(1280, 800);
  host = document.body.appendChild(document.createElement("div"));
  store = createDesignStore(findProduct("photo-landscape")!);
  root = createRoot(host);
  onPreview.mockClear();
});

afterEach(() => {
  root.unmount();
  host.remove();
});

describe("the checks", () => {
  it("does not go on with a photo that is too small, and says why to everyone", async () => {
    await show(500, 400);
    await expect.element(page.getByText("Too blurry to print").first()).toBeVisible();
    const next = button("See the print preview");
    await expect.element(next).toHaveAttribute("aria-disabled", "true");
    await expect.element(next).toHaveAccessibleDescription(/Too blurry to print/);
    next.element().focus();
    await userEvent.keyboard("{Enter}");
    expect(onPreview).not.toHaveBeenCalled();
    await expect.poll(announced).toContain("Too blurry to print. 144 dpi here");
  });

  it("fixes a soft crop with one tap and takes it back with undo", async () => {
    await show(3000, 2250);
    changePhoto(store.getState(), (placement) => ({ ...placement, mmPerPx: 25.4 / 190 }));
    await expect.element(page.getByText("Will print slightly soft")).toBeVisible();
    await button("Fix: zoom out until it prints well").click();
    await expect.element(page.getByText("Prints sharp")).toBeVisible();
    expect(effectiveDpi(placementOf())).toBeCloseTo(250, 6);
    await button("Undo").click();
    expect(effectiveDpi(placementOf())).toBeCloseTo(190, 6);
  });

  it("turn a photo that prints only so; undone, it is refused with the way back", async () => {
    await show(500, 900);
    await expect.element(page.getByText("Will print slightly soft")).toBeVisible();
    await button("Undo").click();
    const next = button("See the print preview");
    await expect.element(next).toHaveAttribute("aria-disabled", "true");
    await expect
      .element(next)
      .toHaveAccessibleDescription(/144 dpi here; at least 150 are needed, which the photo has when/);
    next.element().focus();
    await userEvent.keyboard("{Enter}");
    expect(onPreview).not.toHaveBeenCalled();
    await expect.poll(announced).toContain("has when it is turned");
    await button("Fix: turn the photo so that it prints well").click();
    expect(placementOf().rotationDeg).toBe(90);
    await next.click();
    expect(onPreview).toHaveBeenCalledOnce();
  });
});
