import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { findProduct } from "#card/products.ts";
import { paintGround } from "#design/ground.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { DesignStep } from "../../steps/design/DesignStep.tsx";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion } from "../../ui/LiveRegion.tsx";

const product = { ...findProduct("photo-landscape")!, features: { grounds: true, shapes: true, texts: true } };
let root: Root;
let store: DesignStore;
let host: HTMLElement;
const pickAnother = vi.fn();

beforeEach(async () => {
  host = document.body.appendChild(document.createElement("div"));
  store = createDesignStore(product);
  store.getState().begin("#14274e");
  pickAnother.mockReset();
  root = createRoot(host);
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={pickAnother} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  await expect.element(page.getByRole("radio", { name: "Colour", exact: true })).toBeChecked();
});
afterEach(() => {
  root.unmount();
  host.remove();
});

const ground = () => store.getState().design.ground;
const choice = (name: string) => page.getByRole("radio", { name, exact: true });
const announced = (): string => host.querySelector("[role=status] > p:last-child")?.textContent ?? "";

it("a colour and a gradient are chosen, turned and swapped, announced, and each is one step of undo", async () => {
  await choice("Green").click();
  expect(ground()).toBe("#1e7d5a");
  await expect.poll(announced).toMatch(/^Background: Green\./);
  await choice("Red to Yellow").click();
  expect(ground()).toEqual({ from: "#c0272d", to: "#f6c544", angleDeg: 45 });
  await expect.element(choice("Green")).not.toBeChecked();
  await expect.poll(announced).toMatch(/^Background: Red to Yellow\./);
  (choice("Down to the right").element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowRight}");
  expect(ground()).toMatchObject({ angleDeg: 90 });
  await page.getByRole("button", { name: "Swap colours" }).click();
  expect(ground()).toEqual({ from: "#f6c544", to: "#c0272d", angleDeg: 90 });
  for (let steps = 0; steps < 4; steps++) await page.getByRole("button", { name: "Undo" }).click();
  expect(ground()).toBe("#14274e");
});

it("of an issuer's palette nothing else can be chosen, and a ground that is not in it becomes the one most like it", async () => {
  const colours = ["#f2ede2", "#1b6b47", "#123456"];
  const gradients = [{ from: "#1b6b47", to: "#f6c544" }];
  store.getState().changeProduct({ ...product, features: { ...product.features, grounds: { colours, gradients } } });
  expect(ground()).toBe("#123456");
  const offered = page.getByRole("radiogroup", { name: "Colours" }).getByRole("radio");
  await expect.poll(() => offered.elements().map((one) => (one as HTMLInputElement).value)).toEqual(colours);
  expect(page.getByLabelText("Other").query()).toBeNull();
  await choice("#1b6b47").click();
  expect(ground()).toBe("#1b6b47");
  await choice("#1b6b47 to Yellow").click();
  await page.getByRole("button", { name: "Swap colours" }).click();
  expect(ground()).toEqual({ from: "#f6c544", to: "#1b6b47", angleDeg: 45 });
  expect(choice("Red to Yellow").query()).toBeNull();
  store.getState().changeProduct({ ...product, features: { ...product.features, grounds: { colours } } });
  await expect.poll(() => page.getByRole("radiogroup", { name: "Gradients" }).query()).toBeNull();
  store.getState().begin({ from: "#14274e", to: "#2e6fdb", angleDeg: 45 });
  expect(ground()).toBe("#123456");
});

it("the stage shows what is printed: the gradient itself, to within a level", async () => {
  await choice("Black to Grey").click();
  const canvas = (): HTMLCanvasElement | null => host.querySelector(".konvajs-content canvas");
  await expect.poll(() => canvas()?.width ?? 0).toBeGreaterThan(0);
  const mostApart = (): number => {
    const { width: widthPx, height: heightPx } = canvas()!;
    const wanted = new Uint8ClampedArray(widthPx * heightPx * 4);
    paintGround(wanted, { widthPx, heightPx }, { from: "#000000", to: "#8a93a0", angleDeg: 45 });
    const shown = canvas()!.getContext("2d")!.getImageData(0, 0, widthPx, heightPx).data;
    return shown.reduce((most, level, at) => Math.max(most, Math.abs(level - (wanted[at] as number))), 0);
  };
  await expect.poll(mostApart).toBeLessThanOrEqual(1);
});

it("what a photo is needed for is not there without one: neither tools nor buttons", async () => {
  for (const name of ["Photo", "Adjust", "Light", "Filters"]) expect(choice(name).query(), name).toBeNull();
  expect(page.getByRole("button", { name: "Fit", exact: false }).query()).toBeNull();
  expect(page.getByRole("slider").query()).toBeNull();
  await page.getByRole("button", { name: "Use a photo instead" }).click();
  expect(pickAnother).toHaveBeenCalledOnce();
  store.getState().setPhoto(await makePhoto());
  await expect.element(choice("Photo")).toBeChecked();
  expect(choice("Colour").query()).toBeNull();
  store.getState().undo();
  await expect.element(choice("Colour")).toBeChecked();
});

it("an element is selected and moved by a finger on a card without a photo, and a free place selects nothing", async () => {
  await choice("Shapes").click();
  await page.getByRole("button", { name: "Add: Heart" }).click();
  const card = page.getByRole("application").element();
  const box = (): { readonly xMm: number; readonly yMm: number } => {
    const [element] = store.getState().design.elements;
    if (element === undefined || element.kind === "photo") throw new Error("no heart");
    return element.box;
  };
  const at = (xMm: number, yMm: number, change: PointerEventInit = {}): PointerEventInit => {
    const { left, top, width, height } = card.getBoundingClientRect();
    const pxPerMm = width / ((product.widthPx / product.dpi) * 25.4);
    return {
      pointerId: 1,
      isPrimary: true,
      button: 0,
      buttons: 1,
      bubbles: true,
      pointerType: "mouse",
      clientX: left + width / 2 + xMm * pxPerMm,
      clientY: top + height / 2 + yMm * pxPerMm,
      ...change,
    };
  };
  card.setPointerCapture = () => {};
  const tap = (xMm: number, yMm: number): void => {
    card.dispatchEvent(new PointerEvent("pointerdown", at(xMm, yMm)));
    card.dispatchEvent(new PointerEvent("pointerup", at(xMm, yMm, { buttons: 0 })));
  };
  const { xMm, yMm } = box();
  tap(xMm > 0 ? -38 : 38, 22);
  await expect.poll(() => store.getState().selection).toBeNull();
  tap(xMm > 0 ? -38 : 38, 22);
  expect(store.getState().selection).toBeNull();
  card.dispatchEvent(new PointerEvent("pointerdown", at(xMm, yMm)));
  expect(store.getState().selection).toBe("e1");
  card.dispatchEvent(new PointerEvent("pointermove", at(xMm + 6, yMm)));
  card.dispatchEvent(new PointerEvent("pointerup", at(xMm + 6, yMm, { buttons: 0 })));
  await expect.poll(() => Math.abs(box().xMm - xMm)).toBeGreaterThan(4);
});
