import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { bleedSizeMm, findProduct } from "#card/products.ts";
import { moveBy } from "#design/edits.ts";
import { adjustmentsOf } from "#design/look.ts";
import { createImageClient } from "#image/client.ts";
import { drawOn } from "#image/testing/made-files.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { DesignStep } from "../../steps/design/DesignStep.tsx";
import { changePhoto, createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion } from "../../ui/LiveRegion.tsx";

const product = findProduct("photo-landscape")!;
/** Allows a veil. */
const fine = findProduct("photo-fine")!;
const client = createImageClient();
afterAll(() => client.close());
let root: Root;
let store: DesignStore;
let host: HTMLElement;

/** A photo of one colour. */
async function put(colour: string): Promise<void> {
  const { canvas } = drawOn(product.widthPx, product.heightPx, (context) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, product.widthPx, product.heightPx);
  });
  const photo = await client.openPhoto(await canvas.convertToBlob(), product);
  store.getState().setPhoto(photo);
}

async function show(colour: string): Promise<void> {
  await put(colour);
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  await expect.element(page.getByText("Your photo", { exact: true })).toBeVisible();
  (page.getByRole("radio", { name: "Light" }).element() as HTMLElement).click();
  await expect.element(slider("Brightness")).toBeVisible();
}

const slider = (name: string) => page.getByRole("slider", { name });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const adjust = () => adjustmentsOf(store.getState().design);
const announced = (): string => host.querySelector("[role=status] > p:last-child")?.textContent ?? "";
const focus = (element: Element): void => (element as HTMLElement).focus();

/** What the stage shows there, by shares of its sides. */
function shownAt(x: number, y: number): number[] {
  const canvas = host.querySelector("canvas")!;
  const { data } = canvas.getContext("2d")!.getImageData(canvas.width * x, canvas.height * y, 1, 1);
  return [...data.subarray(0, 3)];
}

const middle = (): number[] => shownAt(0.5, 0.5);

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  store = createDesignStore(product);
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
});

it("each is changed by keys and by number, seen on the card, said, and one step of undo for each hold", async () => {
  await show("rgb(128 128 128)");
  await expect.poll(middle).toEqual([128, 128, 128]);
  focus(slider("Brightness").element());
  await userEvent.keyboard("{ArrowRight>20/}");
  await expect.poll(adjust).toMatchObject({ brightness: 20, contrast: 0 });
  await expect.poll(() => middle()[0]).toBeGreaterThan(140);
  await expect.poll(announced).toBe("Brightness 20%.");
  const field = page.getByRole("spinbutton", { name: "Warmth (%)" });
  await field.fill("-30");
  await userEvent.keyboard("{Enter}");
  await expect.poll(adjust).toMatchObject({ brightness: 20, warmth: -30 });
  await expect.poll(() => middle()[2]! - middle()[0]!).toBeGreaterThan(10);
  await button("Undo").click();
  await expect.poll(adjust).toMatchObject({ brightness: 20, warmth: 0 });
  await button("Undo").click();
  await expect.poll(adjust).toBeUndefined();
  await expect.poll(middle).toEqual([128, 128, 128]);
  await expect.poll(announced).toBe("Light and colour as they were.");
});

it("is compared with what was before, and taken back, by keys too", async () => {
  await show("rgb(128 128 128)");
  const before = button("Show the photo as it was before");
  await expect.element(before).toHaveAttribute("aria-disabled", "true");
  focus(slider("Lift shadows").element());
  await userEvent.keyboard("{End}");
  await expect.poll(() => adjust()?.lift).toBe(100);
  await expect.poll(() => middle()[0]).toBeGreaterThan(160);
  focus(before.element());
  await userEvent.keyboard("{Enter}");
  await expect.element(before).toHaveAttribute("aria-pressed", "true");
  await expect.poll(middle).toEqual([128, 128, 128]);
  await expect.poll(() => adjust()?.lift).toBe(100);
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => middle()[0]).toBeGreaterThan(160);
  // Whoever goes on has seen enough.
  await userEvent.keyboard(" ");
  await expect.element(before).toHaveAttribute("aria-pressed", "true");
  focus(slider("Contrast").element());
  await userEvent.keyboard("{ArrowRight}");
  await expect.element(before).toHaveAttribute("aria-pressed", "false");
  await button("Reset").click();
  await expect.poll(adjust).toBeUndefined();
  await expect.poll(middle).toEqual([128, 128, 128]);
  await expect.element(button("Reset")).toHaveAttribute("aria-disabled", "true");
});

it("a dark photo is lifted with one tap, one step of undo; a lighter one needs none", async () => {
  await show("rgb(54 50 46)");
  const lift = button("Fix: lighten the photo so that it prints well");
  await lift.click();
  await expect.poll(adjust).toMatchObject({ brightness: 0, lift: expect.toSatisfy((percent: number) => percent > 50) });
  await expect.element(lift).not.toBeInTheDocument();
  await expect.poll(announced).toMatch(/^Lift shadows [\d]+%\. .*No longer so: Will print dark/);
  await expect.poll(() => middle()[0]).toBeGreaterThan(60);
  await button("Undo").click();
  await expect.element(lift).toBeVisible();
  await put("rgb(120 110 100)");
  await expect.poll(middle).toEqual([120, 110, 100]);
  await expect.poll(() => lift.query()).toBeNull();
});

it("number and name are read again with one tap where the card allows a veil: it is on the card, said, kept while the photo moves, and undone", async () => {
  store = createDesignStore(fine);
  await show("rgb(250 244 236)");
  const { xMm, yMm, heightMm } = fine.zones.find(({ kind }) => kind === "card-number")!;
  const { widthMm: cardWidthMm, heightMm: cardHeightMm } = bleedSizeMm(fine);
  /** At the first digit of the number. */
  const shown = (): number[] => shownAt(xMm / cardWidthMm + 0.5, (yMm + heightMm / 2) / cardHeightMm + 0.5);
  const veil = () => store.getState().design.veil;
  await expect.poll(shown).toEqual([250, 244, 236]);
  await button("Fix: lay a veil behind the lettering so that it can be read").click();
  await expect
    .poll(announced)
    .toMatch(/^Veil behind number and name\. .*No longer so: The lettering is hard to read\./);
  const laid = veil();
  expect(laid?.percent).toBeGreaterThan(30);
  await expect.poll(() => shown()[0]).toBeLessThan(180);
  changePhoto(store.getState(), moveBy(0, 1));
  expect(veil()).toBe(laid);
  while (store.getState().canUndo) store.getState().undo();
  expect(veil()).toBeUndefined();
  await expect.poll(shown).toEqual([250, 244, 236]);
  const choice = page.getByRole("checkbox", { name: "Veil behind number and name" });
  await choice.click();
  await expect.poll(veil).toEqual(laid);
  await choice.click();
  await expect.poll(veil).toBeUndefined();
  await expect.poll(announced).toMatch(/^No veil\. .*The lettering is hard to read\./);
});
