import { expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { addElement, findElement } from "#design/element-edits.ts";
import { findBreach, type Template } from "#design/templates/template.ts";
import { layTemplate } from "#design/templates/template-edits.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { heart } from "#design/testing/elements.ts";
import {
  announced,
  choose,
  open,
  pixelAt,
  plain,
  press,
  product,
  radio,
  remount,
  show,
  store,
} from "./testing/design-step.tsx";

const field = (name: string) => page.getByRole("textbox", { name, exact: true });
const ids = (): string[] => store.getState().design.elements.map((element) => element.id);

it("is laid in one step, told by its name, filled through its fields, exchanged for another and taken off", async () => {
  await open();
  store.getState().edit(addElement(heart));
  await expect.element(radio("Shapes")).toBeChecked();
  press(radio("Templates").element());
  await choose("Club", "club");
  expect(ids()).toEqual(["photo", "stripe", "since", "star", "e1", "logo"]);
  await expect.poll(announced).toBe("Template: Club.");
  await field("Your name").fill("Ada");
  await expect.poll(() => findElement(store.getState().design, "name")).toMatchObject({ text: "Ada", face: "hand" });
  await field("Your name").fill("Ada Lovelace");
  await expect.poll(() => findElement(store.getState().design, "name")).toMatchObject({ text: "Ada Lovelace" });
  expect(findBreach(store.getState().design, club)).toBeNull();
  press(page.getByRole("radiogroup", { name: "Stripe" }).getByRole("radio", { name: "Navy" }).element());
  await expect.poll(() => findElement(store.getState().design, "stripe")).toMatchObject({ fill: "#14274e" });
  const undo = page.getByRole("button", { name: "Undo" });
  await undo.click();
  await expect.poll(() => findElement(store.getState().design, "stripe")).toMatchObject({ fill: "#1b6b47" });
  await undo.click();
  await expect.poll(() => findElement(store.getState().design, "name")).toBeUndefined();
  await undo.click();
  await expect.poll(ids).toEqual(["photo", "e1"]);
  await choose("Film", "film");
  expect(ids()).toEqual(["photo", "e1", "frame"]);
  press(radio("None").element());
  await expect.poll(ids).toEqual(["photo", "e1"]);
  await expect.poll(announced).toBe("No template.");
});

it("letters that come once the field is left are a step of their own, and nothing stays under way", async () => {
  await open();
  await choose("Club", "club");
  const { writeText } = store.getState();
  const held = Promise.withResolvers<void>();
  store.setState({ writeText: (writing) => held.promise.then(() => writeText(writing)) });
  await field("Your name").fill("Ada");
  (field("Your name").element() as HTMLElement).blur();
  expect(findElement(store.getState().design, "name")).toBeUndefined();
  held.resolve();
  await expect.poll(() => findElement(store.getState().design, "name")).toMatchObject({ text: "Ada" });
  expect(store.getState().moving).toBe(false);
  store.getState().undo();
  expect(findElement(store.getState().design, "name")).toBeUndefined();
  expect(store.getState().design.template?.id).toBe("club");
});

it("hints and unfilled texts are seen on the card while it is designed, and are no part of the design", async () => {
  await open();
  await choose("Club", "club");
  // In the ellipse that says where a face is to be, half seen through.
  await expect.poll(() => pixelAt("elements", -20, -8)[3]).toBeGreaterThan(100);
  expect(pixelAt("elements", -20, -8)[3]).toBeLessThan(160);
  expect(ids()).not.toContain("face-here");
  await choose("Film", "film");
  await expect.poll(() => pixelAt("elements", -20, -8)[3]).toBe(0);
});

it("a text that is too long, or has to stay, is said to be so and the card stays as it was", async () => {
  const short = club.elements.map((part) =>
    part.element.id === "name"
      ? {
          ...part,
          locks: { move: true, remove: true },
          element: { ...part.element, box: { ...part.element.box, widthMm: 8 } },
        }
      : part,
  );
  await open(async () => addTemplate({ ...club, elements: short }));
  await choose("Club", "club");
  await field("Your name").fill("Somebody with many names");
  await expect.element(page.getByText(/^Too long for its place on the card/)).toBeVisible();
  expect(findElement(store.getState().design, "name")).toMatchObject({ text: "Name" });
  await field("Your name").fill("");
  await expect.element(page.getByText(/^This line stays on the card/)).toBeVisible();
  expect(findElement(store.getState().design, "name")).toMatchObject({ text: "Name" });
  addTemplate(club);
});

it("a text of what is not seen alone, or in its lettering, is said to be so", async () => {
  await open();
  await choose("Club", "club");
  for (const unseen of ["\u3164", "\u0640"]) {
    await field("Your name").fill(unseen);
    await expect.element(page.getByText(/^Nothing of this would be seen in print/)).toBeVisible();
    await expect.element(field("Your name")).toHaveAttribute("aria-invalid", "true");
    expect(ids()).not.toContain("name");
    await field("Your name").fill("");
    await expect.element(page.getByText(/^Nothing of this would be seen in print/)).not.toBeInTheDocument();
  }
});

it("what is fixed is neither moved nor removed by key, and that is said; what is free is", async () => {
  await open();
  await choose("Club", "club");
  await field("Your name").fill("Ada");
  await expect.poll(ids).toContain("name");
  const card = page.getByRole("application");
  const before = store.getState().design;
  store.getState().select("stripe");
  (card.element() as HTMLElement).focus();
  // What was typed is told a while after its field is left, and would come behind the answer to a key.
  await expect.poll(announced).toMatch(/^Added: Text “Ada”/);
  for (const key of ["{ArrowRight}", "{Delete}", "{PageUp}", "{Control>}d{/Control}"]) {
    await userEvent.keyboard("{Shift}");
    await userEvent.keyboard(key);
    await expect.poll(announced).toBe("The template fixes this.");
    expect(store.getState().design).toBe(before);
  }
  await expect.element(page.getByText("The template fixes this.").first()).toBeInTheDocument();
  expect(page.getByRole("button", { name: "Remove" }).query()).toBeNull();
  expect(page.getByText("Exact").query()).toBeNull();
  store.getState().select("star");
  await userEvent.keyboard("{ArrowRight}");
  await expect.poll(() => findElement(store.getState().design, "star")?.box.xMm).toBe(21);
  // What is fixed altogether is no choice either.
  const onCard = page.getByRole("radiogroup", { name: "On your card" });
  expect(onCard.getByRole("radio").elements()).toHaveLength(4);
});

it("a place for several lines is typed in as such, and a line too many is said to be", async () => {
  const lines: Template = {
    ...club,
    elements: club.elements.map((part) =>
      part.element.id === "name" && part.slot ? { ...part, slot: { ...part.slot, lines: 2 } } : part,
    ),
  };
  await open(async () => addTemplate(lines));
  await choose("Club", "club");
  const textOf = () => {
    const found = findElement(store.getState().design, "name");
    return found?.kind === "text" ? found.text : undefined;
  };
  await userEvent.click(field("Your name"));
  await userEvent.keyboard("Grace{Enter}Hopper");
  await expect.poll(textOf).toBe("Grace\nHopper");
  expect(field("Your name").element().tagName).toBe("TEXTAREA");
  expect(findBreach(store.getState().design, lines)).toBeNull();
  await userEvent.keyboard("{Enter}III");
  await expect.element(page.getByText("Too many lines: keep to 2.")).toBeVisible();
  expect(textOf()).toBe("Grace\nHopper");
  store.getState().changeProduct({ ...product, features: { ...product.features, texts: { lines: 1 } } });
  await expect.poll(() => field("Your name").element().tagName).toBe("INPUT");
  expect(textOf()).toBeUndefined();
  addTemplate(club);
});

it("one that cannot be loaded is said to be so, and comes when it is chosen again", async () => {
  let isThere = false;
  const never = { ...club, id: "late" };
  const late = {
    ...product,
    ownTemplates: [{ id: "late", version: club.version, names: { en: "Late" }, address: "/templates/late.json" }],
  };
  await show(
    async () => {
      if (!isThere) throw new Error("no connection");
      addTemplate(never);
    },
    "en",
    late,
  );
  await expect.element(radio("Templates")).toBeInTheDocument();
  press(radio("Templates").element());
  await expect.element(radio("Late")).toBeInTheDocument();
  press(radio("Late").element());
  await expect.element(page.getByText(/^This template could not be loaded/)).toBeVisible();
  isThere = true;
  await choose("Late", "late");
});

it("on a phone the names are read and the strip stays within the screen, from right to left too", async () => {
  await page.viewport(360, 640);
  for (const [language, tab, film] of [
    ["en", "Templates", "Film"],
    ["ar", "القوالب", "شريط فيلم"],
  ] as const) {
    document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
    await show(async () => addTemplate(club), language);
    await expect.element(radio(tab)).toBeInTheDocument();
    press(radio(tab).element());
    await expect.element(radio(film)).toBeInTheDocument();
    expect(document.documentElement.scrollWidth).toBe(360);
    remount();
  }
  document.documentElement.dir = "ltr";
});

it("a product that offers none has no such tool", async () => {
  await show(async () => {}, "en", plain);
  await expect.element(radio("Light")).toBeInTheDocument();
  expect(radio("Templates").query()).toBeNull();
});

it("a card by an earlier version of a template has none of the offered ones chosen, so that the later one can be", async () => {
  const { id, names } = club;
  const earlier = { ...club, version: club.version - 1 };
  const address = "/templates/club.json";
  const both = [club, earlier].map(({ version }) => ({ id, version, names, address }));
  addTemplate(earlier);
  await show(async () => addTemplate(club), "en", { ...product, ownTemplates: both });
  store.getState().edit(layTemplate(earlier, undefined, (name) => store.getState().arts.get(name)));
  expect(store.getState().design.template).toEqual({ id, version: earlier.version });
  await expect.element(radio("Templates")).toBeInTheDocument();
  press(radio("Templates").element());
  await expect.element(radio("Club")).toBeVisible();
  await expect.element(radio("Club")).not.toBeChecked();
  await expect.element(radio("None")).not.toBeChecked();
  press(radio("Club").element());
  await expect.poll(() => store.getState().design.template).toEqual({ id, version: club.version });
  await expect.element(radio("Club")).toBeChecked();
});
