import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { findProduct, type TextPolicy } from "#card/products.ts";
import { vectorElementsOf } from "#design/design.ts";
import { scaleBox } from "#design/element-box.ts";
import { placeElement, removeElement } from "#design/element-edits.ts";
import { nameWriting, type Text } from "#design/elements.ts";
import { createImageClient } from "#image/client.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { TextPanel } from "./Panel.tsx";

const client = createImageClient();
afterAll(() => client.close());

let root: Root;
let store: DesignStore;
let host: HTMLElement;

const texts = (): readonly Text[] =>
  vectorElementsOf(store.getState().design).filter((element) => element.kind === "text");
const lettersMm = ({ box, text }: Text): number => box.heightMm / text.split("\n").length;
const field = page.getByRole("textbox", { name: /^(Your text|Change the text)$/ });

async function open(texts: boolean | TextPolicy): Promise<void> {
  host = document.body.appendChild(document.createElement("div"));
  store = createDesignStore({ ...findProduct("photo-landscape")!, features: { texts } }, client);
  store.getState().setPhoto(await makePhoto());
  root = createRoot(host);
  root.render(
    <TextProvider locale={chooseLocale("en")}>
      <DesignStoreProvider store={store}>
        <TextPanel />
      </DesignStoreProvider>
    </TextProvider>,
  );
  await expect.element(page.getByRole("textbox", { name: "Your text" })).toBeVisible();
}
function close(): void {
  root.unmount();
  host.remove();
}
beforeEach(() => open(true));
afterEach(close);

it("lies on the card from its first letter on, and is one step of undo with all that is typed", async () => {
  await userEvent.type(field, "Zoë & Ali");
  await expect.poll(() => texts().map(({ text }) => text)).toEqual(["Zoë & Ali"]);
  await expect.element(page.getByRole("textbox", { name: "Change the text" })).toHaveValue("Zoë & Ali");
  expect(store.getState().selection).toBe(texts()[0]?.id);
  expect(store.getState().arts.get(nameWriting(texts()[0]!))?.ops).toHaveLength(1);
  await userEvent.tab();
  store.getState().undo();
  expect(texts()).toEqual([]);
  await expect.element(page.getByRole("textbox", { name: "Your text" })).toHaveValue("");
  store.getState().redo();
  expect(texts().map(({ text }) => text)).toEqual(["Zoë & Ali"]);
});

it("keeps the size of its letters when it is changed, and shows what undo makes of it", async () => {
  await userEvent.fill(field, "Zoë");
  await expect.poll(() => texts()[0]?.text).toBe("Zoë");
  await userEvent.tab();
  const before = texts()[0]!;
  await userEvent.fill(field, "Zoë\nund Ali");
  await expect.poll(() => texts()[0]?.text).toBe("Zoë\nund Ali");
  expect(lettersMm(texts()[0]!)).toBeCloseTo(lettersMm(before), 3);
  expect(texts()[0]!.box.widthMm).toBeGreaterThan(before.box.widthMm);
  await page.getByRole("radio", { name: "At the end" }).click();
  await expect.poll(() => texts()[0]?.align).toBe("end");
  await page.getByRole("radio", { name: "Brush" }).click();
  await expect.poll(() => texts()[0]?.face).toBe("brush");
  await expect.poll(() => store.getState().moving).toBe(false);
  store.getState().undo();
  expect(texts()[0]).toMatchObject({ face: "plain", align: "end" });
  store.getState().undo();
  expect(texts()[0]).toMatchObject({ align: "centre", text: "Zoë\nund Ali" });
  store.getState().undo();
  await expect.poll(() => (field.element() as HTMLTextAreaElement).value).toBe("Zoë");
});

it("is another one once nothing is selected, and that which is selected is shown", async () => {
  await userEvent.fill(field, "one");
  await expect.poll(() => texts().length).toBe(1);
  await userEvent.tab();
  store.getState().select(null);
  await expect.element(page.getByRole("textbox", { name: "Your text" })).toHaveValue("");
  await userEvent.fill(field, "two");
  await expect.poll(() => texts().map(({ text }) => text)).toEqual(["one", "two"]);
  await userEvent.tab();
  store.getState().select(texts()[0]!.id);
  await expect.element(field).toHaveValue("one");
  store.getState().edit(removeElement(texts()[0]!.id));
  await expect.element(field).toHaveValue("");
});

it.each([
  ["a".repeat(25), "Too long: keep to 24 letters in a line."],
  ["a".repeat(10_000), "Too long: keep to 24 letters in a line."],
  ["a\nb\nc", "Too many lines: keep to 2."],
  [`Z${"\u0335".repeat(20)}`, "Too many accents on one letter: take some away."],
])("that cannot be printed is told, and the card stays as it was: %j", async (typed, told) => {
  await userEvent.fill(field, "good");
  await expect.poll(() => texts()[0]?.text).toBe("good");
  await userEvent.fill(field, typed);
  await expect.element(page.getByText(told)).toBeVisible();
  await expect.element(field).toHaveAttribute("aria-invalid", "true");
  expect(texts()[0]?.text).toBe("good");
});

const unseen = "Nothing of this would be seen in print: write letters, digits or signs.";

it.each([" ", "\n", "\u200d", "\ufe0f", "\u2800", "\u3164", "\u200b"])(
  "of what is not seen alone is said to be so, until something is seen: %j",
  async (typed) => {
    await userEvent.fill(field, typed);
    await expect.element(page.getByText(unseen)).toBeVisible();
    await expect.element(field).toHaveAttribute("aria-invalid", "true");
    expect(texts()).toEqual([]);
    await userEvent.fill(field, `${typed}a`);
    await expect.element(page.getByText(unseen)).not.toBeInTheDocument();
    await userEvent.fill(field, "");
    await expect.element(field).toHaveAttribute("aria-invalid", "false");
    await expect.element(page.getByText(unseen)).not.toBeInTheDocument();
  },
);

it("whose letters are empty in a lettering is said to be so, and the card stays as it was", async () => {
  await userEvent.fill(field, "\u0640");
  await expect.poll(() => texts()[0]?.text).toBe("\u0640");
  await page.getByRole("radio", { name: "By hand" }).click();
  await expect.element(page.getByText(unseen)).toBeVisible();
  await expect.element(field).toHaveAttribute("aria-invalid", "true");
  expect(texts()[0]).toMatchObject({ text: "\u0640", face: "plain" });
});

it("names the letters that no font has, and what a reviewer may refuse", async () => {
  await userEvent.fill(field, "ok 😀");
  await expect.element(page.getByText("Cannot be printed and is left out: 😀")).toBeVisible();
  await userEvent.fill(field, "me@example.com");
  await expect.element(page.getByText("It looks like a web or e-mail address.")).toBeVisible();
  await expect.poll(() => texts()[0]?.text).toBe("me@example.com");
});

it("is in the bank's alphabets, colours and sizes alone, and says which those are", async () => {
  close();
  await open({ scripts: ["latin", "greek"], lines: 1, letters: 10, leastPoints: 12, colours: ["#14274e", "#ab12cd"] });
  await expect.element(page.getByText("Up to 10 letters in one line.")).toBeVisible();
  await userEvent.fill(field, "Zoë");
  await expect.poll(() => texts().map(({ text, fill }) => [text, fill])).toEqual([["Zoë", "#14274e"]]);
  await userEvent.fill(field, "Мир");
  await expect.element(page.getByText("Your bank prints only Latin and Greek letters.")).toBeVisible();
  await expect.element(field).toHaveAttribute("aria-invalid", "true");
  expect(texts()[0]?.text).toBe("Zoë");
  await userEvent.fill(field, "a".repeat(11));
  await expect.element(page.getByText("Too long: keep to 10 letters in a line.")).toBeVisible();
  const colours = page.getByRole("radiogroup", { name: "Colour of the text" }).getByRole("radio");
  expect(colours.elements().map((colour) => colour.getAttribute("aria-label"))).toEqual(["Navy", "#ab12cd"]);
  await expect.element(page.getByLabelText("Other colour")).not.toBeInTheDocument();
  await userEvent.fill(field, "Ωμέγα");
  await page.getByRole("radio", { name: "#ab12cd" }).click();
  await expect.poll(() => texts()[0]).toMatchObject({ text: "Ωμέγα", fill: "#ab12cd" });
  store.getState().edit(placeElement(texts()[0]!.id, scaleBox(0.01)));
  expect(lettersMm(texts()[0]!)).toBeCloseTo(5.8);
});
