import { expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { coversBleed, zoomOf } from "#card/placement.ts";
import { photoOf } from "#design/design.ts";
import type { Template } from "#design/templates/template.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { announced, choose, open, pixelAt, plain, press, product, radio, show, store } from "./testing/design-step.tsx";

it("a photo that is fixed is neither moved nor changed by pointer, key or tool, and that is said", async () => {
  const fixed: Template = { ...club, photo: { locks: { move: true, style: true, remove: true } } };
  await open(async () => addTemplate(fixed));
  await choose("Club", "club");
  const card = page.getByRole("application");
  const before = store.getState().design;
  await userEvent.click(card, { position: { x: 30, y: 120 } });
  await userEvent.dragAndDrop(card, card, {
    sourcePosition: { x: 30, y: 120 },
    targetPosition: { x: 160, y: 200 },
  });
  expect(store.getState().design).toBe(before);
  (card.element() as HTMLElement).focus();
  await userEvent.keyboard("{ArrowRight}");
  await expect.poll(announced).toBe("The template fixes this.");
  expect(store.getState().design).toBe(before);
  expect(page.getByRole("button", { name: "Zoom in" }).query()).toBeNull();
  for (const [tab, text] of [
    ["Adjust", "Your bank has fixed with the template where the photo lies."],
    ["Light", "Your bank has fixed with the template how the photo looks."],
    ["Filters", "Your bank has fixed with the template how the photo looks."],
  ] as const) {
    press(radio(tab).element());
    await expect.element(page.getByText(text)).toBeVisible();
    expect(page.getByRole("slider").query()).toBeNull();
  }
  addTemplate(club);
});

it("a photo that covers a part of the card is seen there alone, on the stage as it is moved, and is clamped to it", async () => {
  const region = { xMm: -30, yMm: 0, widthMm: 60, heightMm: 80 };
  const half: Template = {
    ...club,
    elements: club.elements.slice(0, 1),
    ground: { fill: "#204060", locks: {} },
    photo: { region, locks: {} },
  };
  await open(async () => addTemplate(half));
  const before = photoOf(store.getState().design)!;
  await choose("Club", "club");
  const photo = () => photoOf(store.getState().design)!;
  const covers = () => coversBleed(photo().placement, photo(), plain);
  const zoom = zoomOf(before.placement, before, plain);
  expect(zoomOf(photo().placement, photo(), plain)).toBeCloseTo(zoom, 6);
  expect(covers()).toBe(true);
  const ground = [0x20, 0x40, 0x60, 255];
  await expect.poll(() => pixelAt("photo", 5, -15)).toEqual(ground);
  expect(pixelAt("photo", -5, -15)[2]).toBeCloseTo(128, -1);
  const card = page.getByRole("application");
  const width = card.element().getBoundingClientRect().width;
  await userEvent.dragAndDrop(card, card, {
    sourcePosition: { x: width * 0.2, y: 60 },
    targetPosition: { x: width * 0.9, y: 90 },
  });
  await expect.poll(() => photo().placement.xMm).not.toBe(before.placement.xMm);
  expect(covers()).toBe(true);
  expect(pixelAt("photo", 5, -15)).toEqual(ground);
  expect(pixelAt("photo", -5, -15)).not.toEqual(ground);
  // What is about it is the cardholder's to colour.
  press(radio("Photo").first().element());
  await expect.element(page.getByText("Prints around your photo.")).toBeVisible();
  press(radio("Green").element());
  await expect.poll(() => pixelAt("photo", 5, -15)).toEqual([0x1e, 0x7d, 0x5a, 255]);
  press(radio("Templates").element());
  press(radio("None").element());
  await expect.poll(() => photo().region).toBeUndefined();
  await expect.poll(() => pixelAt("photo", 5, -15)[2]).toBeCloseTo(128, -1);
  addTemplate(club);
});

it("one that is made for a photo says so on a card without one", async () => {
  const needy: Template = { ...club, photo: { locks: { remove: true } } };
  const withGrounds = { ...product, features: { ...product.features, grounds: true } };
  await show(async () => addTemplate(needy), "en", withGrounds);
  store.getState().begin("#14274e");
  await expect.element(radio("Templates")).toBeInTheDocument();
  press(radio("Templates").element());
  await expect.element(radio("Club")).toBeInTheDocument();
  press(radio("Club").element());
  await expect.element(page.getByText("This template is made for a photo: choose a photo first.")).toBeVisible();
  await expect.element(radio("None")).toBeChecked();
  addTemplate(club);
});
