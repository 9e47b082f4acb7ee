import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { effectiveDpi, type Placement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { averageAttention, findCover, type Subject } from "#card/subject.ts";
import { suggestPlacements } from "#card/subject-placement.ts";
import { photoOf, samePlacement } from "#design/design.ts";
import { moveTo, turnTo } from "#design/edits.ts";
import type { OpenPhoto } from "#image/client.ts";
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

async function show(widthPx: number, heightPx: number, more: Partial<OpenPhoto> = {}): Promise<void> {
  store.getState().setPhoto({ ...(await makePhoto()), widthPx, heightPx, ...more });
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
    await expect.poll(() => effectiveDpi(placementOf())).toBeCloseTo(190, 6);
  });

  it("turn a photo that prints only so; undone, it is refused with the way back", async () => {
    await show(500, 900);
    await expect.element(page.getByText("Will print slightly soft")).toBeVisible();
    await button("Undo").click();
    // What the change has done is said a little later, and would come after what is asked for now.
    await expect.poll(announced).toMatch(/^Turned to 0 degrees/);
    const next = button("See the print preview");
    await expect
      .element(next)
      .toHaveAccessibleDescription(/144 dpi here; at least 150 are needed, which the photo has when/);
    next.element().focus();
    await userEvent.keyboard("{Enter}");
    expect(onPreview).not.toHaveBeenCalled();
    await expect.poll(announced).toContain("has when it is turned");
    await button("Fix: turn the photo so that it prints well").click();
    await expect.poll(() => placementOf().rotationDeg).toBe(90);
    await next.click();
    await expect.poll(() => onPreview.mock.calls.length).toBe(1);
  });

  it("go on by what the design is now, also while those of before are still on the screen", async () => {
    await show(500, 900);
    await expect.element(page.getByText("Will print slightly soft")).toBeVisible();
    const next = button("See the print preview").element() as HTMLElement;
    store.getState().undo();
    next.click();
    expect(onPreview).not.toHaveBeenCalled();
    await expect.element(page.getByText("Too blurry to print")).toBeVisible();
    changePhoto(store.getState(), turnTo(90));
    next.click();
    expect(onPreview).toHaveBeenCalledOnce();
  });
});

/** A photo in which a square of a tenth of its width stands out, at these shares of its sides. */
function standOut(widthPx: number, heightPx: number, x: number, y: number): Pick<OpenPhoto, "subject" | "suggestions"> {
  const grid = 60;
  const values = Uint8Array.from({ length: grid * grid }, (_, at) => {
    const [across, down] = [(at % grid) / grid, Math.floor(at / grid) / grid];
    const isOn = Math.abs(across - x) < 0.05 && Math.abs(down - y) * heightPx < 0.05 * widthPx;
    return isOn ? 255 : averageAttention / 2;
  });
  const side = widthPx / 10;
  const core = { xPx: x * widthPx - side / 2, yPx: y * heightPx - side / 2, widthPx: side, heightPx: side };
  const subject: Subject = { core, whole: core, confidence: 0.6, attention: { columns: grid, rows: grid, values } };
  return { subject, suggestions: suggestPlacements(subject, { widthPx, heightPx }, store.getState().product) };
}

describe("what one looks at in the photo", () => {
  it("is on the card from the beginning, and can be had nearer with one tap or key each, which undo takes back", async () => {
    const { subject, suggestions } = standOut(6000, 4500, 0.5, 0.4);
    await show(6000, 4500, { subject, suggestions });
    const choice = (name: RegExp) => page.getByRole("radio", { name });
    await expect.element(choice(/^Wide/)).toBeChecked();
    const first = placementOf();
    expect(store.getState().canUndo).toBe(false);
    await choice(/^Subject/).click();
    await expect.element(choice(/^Subject/)).toBeChecked();
    expect(placementOf().mmPerPx).toBeGreaterThan(first.mmPerPx * 1.1);
    await userEvent.keyboard("{ArrowDown}{ArrowDown}");
    await expect.element(choice(/^Detail/)).toBeChecked();
    for (const before of [/^Wide/, /^Subject/, /^Wide/]) {
      await button("Undo").click();
      await expect.element(choice(before)).toBeChecked();
    }
    expect(samePlacement(placementOf(), first)).toBe(true);
    expect(store.getState().canUndo).toBe(false);
    changePhoto(store.getState(), moveTo({ yMm: placementOf().yMm + 1 }));
    await expect.element(choice(/^Wide/)).not.toBeChecked();
  });

  it("is said to be under the chip, and one tap moves it away", async () => {
    const { subject, suggestions } = standOut(6000, 4500, 0.5, 0.4);
    await show(6000, 4500, { subject, suggestions });
    await expect.element(page.getByText("The chip hides something")).not.toBeInTheDocument();
    const chip = store.getState().product.zones.find(({ kind }) => kind === "chip")!;
    changePhoto(store.getState(), (placement) => ({
      ...placement,
      mmPerPx: placement.mmPerPx * 1.6,
      xMm: chip.xMm + chip.widthMm / 2,
      yMm: chip.yMm + chip.heightMm / 2 + 0.1 * 4500 * placement.mmPerPx * 1.6,
    }));
    const before = placementOf();
    await expect.element(page.getByText("The chip hides something")).toBeVisible();
    await button("Fix: move the photo so that nothing important is hidden").click();
    await expect.element(page.getByText("The chip hides something")).not.toBeInTheDocument();
    expect(findCover(subject!, placementOf(), { widthPx: 6000, heightPx: 4500 }, store.getState().product)).toBeNull();
    await button("Undo").click();
    await expect.poll(() => samePlacement(placementOf(), before)).toBe(true);
  });
});

describe("what is printed over the photo", () => {
  /** Light in its lowest part, dark above. */
  const [columns, rows] = [8, 30];
  const rgba = Uint8ClampedArray.from({ length: columns * rows * 4 }, (_, at) =>
    at % 4 === 3 || at >= columns * 4 * 21 ? 255 : 60,
  );
  const lightBelow = { colours: { columns, rows, rgba } };

  it("is said to be hard to read, and one tap moves the photo until it is not, which undo takes back", async () => {
    await show(4000, 3000, lightBelow);
    changePhoto(store.getState(), (placement) => ({ ...placement, mmPerPx: placement.mmPerPx * 1.4 }));
    await expect.element(page.getByText("Your name is hard to read here")).toBeVisible();
    const before = placementOf();
    await button("Fix: move the photo so that the lettering can be read").click();
    await expect.element(page.getByText("Your name is hard to read here")).not.toBeInTheDocument();
    await expect.poll(announced).toContain("No longer so: Your name is hard to read here.");
    expect(document.activeElement?.id).toBe("design-checks");
    await button("Undo").click();
    await expect.element(page.getByText("Your name is hard to read here")).toBeVisible();
    await expect.poll(() => samePlacement(placementOf(), before)).toBe(true);
  });

  it("on a phone the worst is shown, and the others when they are asked for", async () => {
    await page.viewport(390, 664);
    const white = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(255, 255, 255, 255) };
    await show(4000, 3000, { colours: white });
    await expect.element(page.getByText("The lettering is hard to read")).toBeVisible();
    await expect.element(page.getByText("Large parts are plain white")).not.toBeVisible();
    const others = button("2 more remarks");
    await expect.element(others).toHaveAttribute("aria-expanded", "false");
    await others.click();
    await expect.element(page.getByText("Large parts are plain white")).toBeVisible();
    await expect.element(page.getByText("Prints sharp")).toBeVisible();
  });
});

describe("a check's place on the card", () => {
  const marked = (): Element | null => host.querySelector("[data-check-mark]");
  const checkName = "The lettering is hard to read";

  /** Hard to read, until a veil mends it. */
  async function showLight(): Promise<void> {
    store = createDesignStore(findProduct("photo-fine")!);
    await show(4000, 3000, {
      colours: { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(255, 255, 255, 255) },
    });
    await expect.element(page.getByText(checkName)).toBeVisible();
  }

  it("is marked when the check is pressed or comes to have the focus, said in words, and not when it is left", async () => {
    await showLight();
    const check = page.getByRole("button", { name: /^The lettering is hard to read/ });
    await expect.element(check).toHaveAccessibleDescription("Marked on the card: card number and name.");
    await check.click();
    await expect.poll(marked).not.toBeNull();
    await expect.poll(announced).toBe("Marked on the card: card number and name.");
    const boxes = [...marked()!.querySelectorAll("rect")].map((box) => box.getBoundingClientRect());
    const art = host.querySelector("[data-card-art]")!.children;
    for (const kind of ["card-number", "cardholder-name"] as const) {
      const at = store.getState().product.zones.findIndex((zone) => zone.kind === kind);
      const line = art[at]!.getBoundingClientRect();
      const isAround = (box: DOMRect): boolean =>
        box.left < line.left && box.right > line.right && box.top < line.top && box.bottom > line.bottom;
      expect(boxes.some(isAround), kind).toBe(true);
      await expect.poll(() => getComputedStyle(art[at]!).opacity).toBe("0.28");
    }
    const card = page.getByRole("application");
    const [badge, around] = [marked()!.querySelector("circle")!, card.element()].map((each) =>
      each.getBoundingClientRect(),
    ) as [DOMRect, DOMRect];
    const [x, y] = [badge.x + badge.width / 2 - around.x, badge.y + badge.height / 2 - around.y];
    await card.click({ position: { x, y } });
    await expect.poll(() => document.activeElement).toBe(check.element());
    expect(marked()).not.toBeNull();
    await page.getByText("Your photo", { exact: true }).click();
    await expect.poll(marked).toBeNull();
    const focus = (element: Element): void => (element as HTMLElement).focus();
    focus(button("1 more remark").query() ?? host.querySelector("#design-checks")!);
    await userEvent.keyboard("{Tab}");
    await expect.poll(marked).not.toBeNull();
    expect(document.activeElement).toBe(check.element());
    const used: boolean[] = [];
    const hear = ({ defaultPrevented }: KeyboardEvent): unknown => used.push(defaultPrevented);
    addEventListener("keydown", hear);
    await userEvent.keyboard("{Escape}");
    await expect.poll(marked).toBeNull();
    await userEvent.keyboard("{Escape}");
    removeEventListener("keydown", hear);
    expect(used, "one that hides a mark does not leave the designer too, the next does").toEqual([true, false]);
    await userEvent.keyboard("{Enter}");
    await expect.poll(marked).not.toBeNull();
    focus(host.querySelector("[role=application]")!);
    await expect.poll(marked).toBeNull();
    await page.getByRole("button", { name: /^Large parts are plain white/ }).click();
    await expect.poll(() => marked()?.getAttribute("data-check-mark")).toBe("card");
  });

  it("keeps the focus among the checks where what has it goes with what is undone or done elsewhere", async () => {
    await showLight();
    const words = page.getByRole("button", { name: /^The lettering is hard to read/ });
    const fix = button("Fix: lay a veil behind the lettering so that it can be read");
    const back = button(`Undo what mended this: ${checkName}`);
    await fix.click();
    const { undo, redo } = store.getState();
    for (const [control, goes] of [
      [back, undo],
      [words, redo],
      [fix, redo],
    ] as const) {
      if (control === fix) undo();
      await expect.element(control).toBeVisible();
      (control.element() as HTMLElement).focus();
      goes();
      await expect.element(control).not.toBeInTheDocument();
      expect(document.activeElement?.id).toBe("design-checks");
    }
  });

  it("is said to be mended, with the way back, until the design is changed otherwise", async () => {
    await showLight();
    const fix = button("Fix: lay a veil behind the lettering so that it can be read");
    const back = button(`Undo what mended this: ${checkName}`);
    const mended = page.getByText("Mended", { exact: true });
    /** 128 all over the photo. */
    const blueBehindNumber = (): number => {
      const canvas = host.querySelector("canvas")!;
      return canvas.getContext("2d")!.getImageData(canvas.width * 0.4, canvas.height * 0.6, 1, 1).data[2]!;
    };
    await fix.click();
    await expect.element(mended).toBeVisible();
    await expect.poll(blueBehindNumber).toBeLessThan(100);
    await button("Show the photo as it was before").click();
    await expect.poll(blueBehindNumber).toBeGreaterThan(120);
    await button("Show the photo as it was before").click();
    await expect.poll(blueBehindNumber).toBeLessThan(100);
    await back.click();
    await expect.element(fix).toBeVisible();
    expect(store.getState()).toMatchObject({ canUndo: false, canRedo: true });
    await expect.element(mended).not.toBeInTheDocument();
    await fix.click();
    await expect.element(mended).toBeVisible();
    changePhoto(store.getState(), moveTo({ xMm: 1 }));
    changePhoto(store.getState(), (placement) => ({ ...placement, mmPerPx: placement.mmPerPx * 1.1 }));
    await expect.element(mended).not.toBeInTheDocument();
    expect(store.getState().design.veil).toBeDefined();
    // What is wrong comes first again on a phone, and what was mended beside it.
    store.getState().undo();
    store.getState().undo();
    await page.viewport(390, 664);
    await fix.click();
    await expect.element(mended).toBeVisible();
    await expect.element(page.getByText("Large parts are plain white")).toBeVisible();
  });
});
