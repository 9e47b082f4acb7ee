import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { findProduct } from "#card/products.ts";
import { colourBelow } from "#design/design.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { DesignStep } from "../../steps/design/DesignStep.tsx";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion } from "../../ui/LiveRegion.tsx";

let root: Root;
let store: DesignStore;
let host: HTMLElement;

async function show(transparent: boolean): Promise<void> {
  store.getState().setPhoto({ ...(await makePhoto()), transparent });
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  await expect.element(page.getByText("Your photo", { exact: true })).toBeVisible();
}

const ground = (): string => colourBelow(store.getState().design);
const announced = (): string => host.querySelector("[role=status] > p:last-child")?.textContent ?? "";
const choice = (name: string) => page.getByRole("radio", { name, exact: true });
const choices = page.getByRole("radiogroup", { name: "Background" });

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  store = createDesignStore(findProduct("photo-landscape")!);
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
});

it("can be chosen only while the photo lets it through; another photo lies on white", async () => {
  await show(false);
  expect(choices.query()).toBeNull();
  await show(true);
  await choice("Red").click();
  expect(ground()).toBe("#c0272d");
  await show(true);
  await expect.element(choice("White")).toBeChecked();
  await show(false);
  await expect.poll(() => choices.query()).toBeNull();
  expect(ground()).toBe("#ffffff");
});

it("is chosen by arrow keys and by a tap, announced, and taken back with undo", async () => {
  await show(true);
  await expect.element(choice("White")).toBeChecked();
  (choice("White").element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowRight}{ArrowRight}{ArrowRight}");
  await expect.element(choice("Black")).toBeChecked();
  expect(ground()).toBe("#000000");
  await expect.poll(announced).toBe("Background: Black.");
  await choice("Navy").click();
  expect(ground()).toBe("#14274e");
  await page.getByRole("button", { name: "Undo" }).click();
  expect(ground()).toBe("#000000");
  await expect.element(choice("Black")).toBeChecked();
});

it("can be any colour: what is tried in the browser's picker is one step, and the card stays clean meanwhile", async () => {
  await show(true);
  const picker = page.getByLabelText("Other colour");
  await expect.element(picker).toHaveValue("#ffffff");
  const input = picker.element() as HTMLInputElement;
  // As the browser does it, which React does not see.
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value")!.set!;
  const pick = (colour: string, type: "input" | "change"): void => {
    setValue.call(input, colour);
    input.dispatchEvent(new Event(type, { bubbles: true }));
  };
  for (const colour of ["#111111", "#7b3fa0", "#7b3fa1"]) {
    pick(colour, "input");
    expect(ground()).toBe(colour);
  }
  expect(store.getState().moving).toBe(true);
  await expect.element(page.getByRole("application")).toHaveAttribute("data-moving", "false");
  pick("#7b3fa1", "change");
  expect(store.getState().moving).toBe(false);
  await expect.element(page.getByText("Your own colour", { exact: true })).toBeVisible();
  await expect.poll(announced).toBe("Background: Your own colour.");
  store.getState().undo();
  expect(ground()).toBe("#ffffff");
  // Some browsers tell of the last colour only.
  pick("#00ff00", "change");
  expect(store.getState()).toMatchObject({ moving: false, canUndo: true, design: { ground: "#00ff00" } });
});
