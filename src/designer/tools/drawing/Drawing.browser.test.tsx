import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { findProduct } from "#card/products.ts";
import { layStroke } from "#design/drawings.ts";
import { findElement } from "#design/element-edits.ts";
import { drawnLengthOf, maxDrawnLength } from "#design/elements.ts";
import { chooseLocale, locales } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { DrawingPanel } from "./Panel.tsx";
import "../../styles/tokens.css";
import "../../styles/base.css";

let root: Root;
let store: DesignStore;
let host: HTMLElement;
const state = () => store.getState();
const show = (isShown = true, language = "en"): void =>
  root.render(
    <TextProvider locale={chooseLocale(language)}>
      <DesignStoreProvider store={store}>{isShown && <DrawingPanel />}</DesignStoreProvider>
    </TextProvider>,
  );

beforeEach(async () => {
  host = document.body.appendChild(document.createElement("div"));
  store = createDesignStore({ ...findProduct("photo-landscape")!, features: { drawings: true } });
  store.getState().setPhoto(await makePhoto());
  root = createRoot(host);
  show();
  await expect.element(page.getByRole("radio", { name: "Marker" })).toBeChecked();
  await expect.poll(() => state().pen).not.toBeNull();
});
afterEach(() => {
  root.unmount();
  host.remove();
});

const square = (mm: number): readonly number[] => [-mm, -mm, mm, -mm, mm, mm, -mm, mm];

it("gives the card its pen, and takes it away when something is to be moved or the tool is left", async () => {
  await expect.poll(() => state().pen).toEqual({ tip: "marker", fill: "#c0272d", steady: 40 });
  await userEvent.click(page.getByRole("radio", { name: "Brush" }));
  await userEvent.click(page.getByRole("radio", { name: "Black" }));
  await expect.poll(() => state().pen).toMatchObject({ tip: "brush", fill: "#000000" });
  await userEvent.fill(page.getByRole("slider", { name: "Steady hand" }), "90");
  await expect.poll(() => state().pen?.steady).toBe(90);
  await userEvent.click(page.getByRole("radio", { name: "Move" }));
  await expect.poll(() => state().pen).toBeNull();
  await userEvent.click(page.getByRole("radio", { name: "Eraser" }));
  await expect.poll(() => state().pen?.tip).toBe("eraser");
  show(false);
  await expect.poll(() => state().pen).toBeNull();
});

it("holds a drawing that was taken hold of, and says what it is", async () => {
  show(false);
  await expect.poll(() => state().pen).toBeNull();
  state().edit(layStroke([square(6)], "#c0272d", null));
  state().edit(layStroke([square(3)], "#000000", "e1"));
  expect(state().selection).toBe("e1");
  show();
  await expect.element(page.getByRole("radio", { name: "Move" })).toBeChecked();
  expect(state().pen).toBeNull();
  await expect.element(page.getByRole("radio", { name: /^Drawing, 2 strokes, 12 mm wide/ })).toBeChecked();
  await userEvent.click(page.getByRole("button", { name: "Delete" }));
  await expect.poll(() => findElement(state().design, "e1")).toBeUndefined();
});

it("says when the card is full, and keeps what was drawn", async () => {
  const zigzag = Array.from({ length: 300 }, (_, at) => [(at % 60) - 30 + at / 100, at % 2 === 0 ? -20 : 20]).flat();
  const lay = (): number => {
    state().edit(layStroke([zigzag], "#c0272d", "e1"));
    return drawnLengthOf(state().design.elements);
  };
  let length = 0;
  for (let next = lay(); next > length; next = lay()) length = next;
  await expect.element(page.getByText(/^No more can be drawn on this card/)).toBeVisible();
  expect(drawnLengthOf(state().design.elements)).toBe(length);
  expect(length).toBeGreaterThan(maxDrawnLength - 5000);
  expect(length).toBeLessThanOrEqual(maxDrawnLength);
});

/** The words of the pens' labels that do not lie on one line each. */
function brokenWords(): string[] {
  const spans = [...host.querySelectorAll("fieldset label > span")];
  return spans.flatMap(({ firstChild }) =>
    [...(firstChild?.textContent ?? "").matchAll(/\S+/g)].flatMap(({ 0: word, index }) => {
      const range = document.createRange();
      range.setStart(firstChild!, index);
      range.setEnd(firstChild!, index + word.length);
      return new Set([...range.getClientRects()].map(({ top }) => top)).size > 1 ? [word] : [];
    }),
  );
}

/** The labels that are wider than what they lie on. */
const cutLabels = (): string[] =>
  [...host.querySelectorAll("fieldset label")]
    .filter((label) => label.scrollWidth > label.clientWidth)
    .map((label) => label.textContent);

// Of a phone on its side, screens of 320 px, 390 px and a desktop, each less its margins; and where their rows change.
it.each([260, 288, 292, 324, 345, 358])(
  "breaks no word of its pens in %i px, in any language and with letters twice as large",
  async (px) => {
    host.style.inlineSize = `${px}px`;
    for (const size of ["", "30px"]) {
      host.style.fontSize = size;
      for (const { language, load } of locales) {
        const { "design.drawing.eraser": eraser } = await load();
        show(true, language);
        await expect.element(page.getByRole("radio", { name: eraser, exact: true })).toBeVisible();
        expect([brokenWords(), cutLabels()], `${language} ${size}`).toEqual([[], []]);
      }
    }
  },
);
