import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { findProduct, type Product } from "#card/products.ts";
import { createImageClient, type OpenPhoto } from "#image/client.ts";
import { drawOn } from "#image/testing/made-files.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { DesignStep } from "../../steps/design/DesignStep.tsx";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion } from "../../ui/LiveRegion.tsx";
import "../../styles/tokens.css";
import "../../styles/base.css";

const product = findProduct("photo-landscape")!;
const client = createImageClient();
afterAll(() => client.close());
let root: Root;
let store: DesignStore;
let host: HTMLElement;

/** A photo of one colour. */
async function open(colour: string): Promise<OpenPhoto> {
  const { canvas } = drawOn(product.widthPx, product.heightPx, (context) => {
    context.fillStyle = colour;
    context.fillRect(0, 0, product.widthPx, product.heightPx);
  });
  return client.openPhoto(await canvas.convertToBlob(), product);
}

function render(photo: OpenPhoto, shown: Product, language = "en"): void {
  store = createDesignStore(shown);
  store.getState().setPhoto(photo);
  root.render(
    <TextProvider locale={chooseLocale(language)}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
}

async function show(colour: string, shown: Product = product): Promise<OpenPhoto> {
  const photo = await open(colour);
  render(photo, shown);
  const tab = page.getByRole("radio", { name: "Filters" });
  await expect.element(tab).toBeInTheDocument();
  press(tab.element());
  await expect.element(radio("Original")).toBeVisible();
  return photo;
}

const press = (element: Element): void => (element as HTMLElement).click();
const focus = (element: Element): void => (element as HTMLElement).focus();
const radio = (name: string) => page.getByRole("radio", { name, exact: true });
const button = (name: string) => page.getByRole("button", { name, exact: true });
const filter = () => store.getState().design.look?.filter;
const announced = (): string => host.querySelector("[role=status] > p:last-child")?.textContent ?? "";

function pixelOf(canvas: HTMLCanvasElement): number[] {
  const { data } = canvas.getContext("2d")!.getImageData(canvas.width / 2, canvas.height / 2, 1, 1);
  return [...data.subarray(0, 3)];
}

/** What the stage shows in its middle. */
const stage = (): number[] => pixelOf(host.querySelector("canvas")!);
const thumbnail = (name: string): number[] =>
  pixelOf(radio(name).element().parentElement!.querySelector<HTMLCanvasElement>("canvas")!);

beforeEach(async () => {
  await page.viewport(1280, 900);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
});

it("each is a small picture of the cardholder's own photo, and the card looks like the one that is chosen", async () => {
  await show("rgb(150 120 90)");
  await expect.poll(() => thumbnail("Original")).toEqual([150, 120, 90]);
  const names = ["Print lift", "Bright", "Warm", "Cool", "Vivid", "Soft", "Film", "Mono", "Mono warm"];
  for (const name of names) {
    press(radio(name).element());
    await expect.poll(stage, { message: name }).toEqual(thumbnail(name));
    expect(thumbnail(name), name).not.toEqual([150, 120, 90]);
  }
  press(radio("Original").element());
  await expect.poll(stage).toEqual([150, 120, 90]);
});

it("is chosen by arrow keys, made weaker by key and by number, said, compared with before, and undone", async () => {
  await show("rgb(128 128 128)");
  focus(radio("Original").element());
  await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
  await expect.poll(filter).toEqual({ id: "warm", percent: 100 });
  await expect.element(radio("Warm")).toHaveFocus();
  await expect.poll(announced).toBe("Warm 100%.");
  await expect.poll(() => stage()[0]! - stage()[2]!).toBeGreaterThan(10);
  const whole = stage();
  const strength = page.getByRole("slider", { name: "Strength" });
  focus(strength.element());
  await userEvent.keyboard("{ArrowLeft>40/}");
  await expect.poll(filter).toEqual({ id: "warm", percent: 60 });
  await expect.poll(announced).toBe("Warm 60%.");
  await expect.poll(() => stage()[0]).toBeLessThan(whole[0]!);
  const field = page.getByRole("spinbutton", { name: "Strength (%)" });
  await field.fill("25");
  await userEvent.keyboard("{Enter}");
  await expect.poll(filter).toEqual({ id: "warm", percent: 25 });
  const before = button("Show the photo as it was before");
  press(before.element());
  await expect.poll(stage).toEqual([128, 128, 128]);
  expect(filter()?.percent).toBe(25);
  press(before.element());
  await button("Undo").click();
  await expect.poll(filter).toEqual({ id: "warm", percent: 60 });
  await button("Undo").click();
  await expect.poll(filter).toEqual({ id: "warm", percent: 100 });
  await expect.poll(stage).toEqual(whole);
});

it("the checks judge the photo as it is printed: one that is too dark prints well with a lighter filter", async () => {
  await show("rgb(74 70 66)");
  const dark = page.getByText("Will print dark");
  await expect.element(dark).toBeVisible();
  press(radio("Print lift").element());
  await expect.poll(() => dark.query()).toBeNull();
  await expect.poll(announced).toMatch(/^Print lift 100%\. .*No longer so: Will print dark/);
  press(radio("Original").element());
  await expect.element(dark).toBeVisible();
  await expect.poll(announced).toMatch(/^No filter\. Will print dark\./);
});

it("a product offers all, some or none: then there is no such tool", async () => {
  await show("rgb(128 128 128)", { ...product, features: { filters: ["mono", "warm", "of-another-server"] } });
  const names = () => [...host.querySelectorAll("fieldset label > canvas + span")].map((name) => name.textContent);
  expect(names()).toEqual(["Original", "Warm", "Mono"]);
  root.unmount();
  root = createRoot(host);
  render(await open("rgb(1 2 3)"), { ...product, features: { filters: false } });
  await expect.element(page.getByRole("radio", { name: "Light" })).toBeInTheDocument();
  expect(page.getByRole("radio", { name: "Filters" }).query()).toBeNull();
});

it("on a phone the strip begins with the one that is chosen in sight, from right to left too", async () => {
  await page.viewport(360, 640);
  for (const [language, tab] of [
    ["en", "Filters"],
    ["ar", "الفلاتر"],
  ] as const) {
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    render(await open("rgb(128 128 128)"), product, language);
    await expect.element(page.getByRole("radio", { name: tab })).toBeInTheDocument();
    store.getState().edit((design) => ({ ...design, look: { filter: { id: "mono", percent: 100 } } }));
    press(page.getByRole("radio", { name: tab }).element());
    await expect.poll(() => host.querySelector("fieldset input[value=mono]")).not.toBeNull();
    const chosen = host.querySelector("fieldset input[value=mono]")!.getBoundingClientRect();
    expect(chosen.left).toBeGreaterThanOrEqual(0);
    expect(chosen.right).toBeLessThanOrEqual(360);
    expect(chosen.height).toBeGreaterThanOrEqual(44);
    expect(document.documentElement.scrollWidth).toBe(360);
    root.unmount();
    root = createRoot(host);
  }
  document.documentElement.dir = "ltr";
});

it("one that cannot be had is said where it is seen that it is missing, and taken off in one press that can be undone", async () => {
  const ownFilters = [{ id: "bank-s-own", names: { en: "Harbour blue" }, address: "/filters/none.cube" }];
  await show("rgb(150 120 90)", { ...product, ownFilters });
  press(radio("Warm").element());
  await expect.poll(stage).not.toEqual([150, 120, 90]);
  press(radio("Harbour blue").element());
  const told = page.getByText("The filter “Harbour blue” cannot be loaded");
  await expect.element(told).toBeVisible();
  await expect.poll(announced).toMatch(/^The filter “Harbour blue” cannot be loaded\. .*Choose another/);
  await expect.poll(stage, { message: "not as with the filter before" }).toEqual([150, 120, 90]);
  expect(store.getState().lacksFilter).toBe(true);
  await button("Take the filter off").click();
  await expect.element(told).not.toBeInTheDocument();
  await expect.element(radio("Original")).toBeChecked();
  store.getState().undo();
  await expect.element(told).toBeVisible();
  press(radio("Warm").element());
  await expect.element(told).not.toBeInTheDocument();
  await expect.poll(stage).not.toEqual([150, 120, 90]);
});
