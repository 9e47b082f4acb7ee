import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { page, userEvent } from "vitest/browser";
import { coversBleed, zoomOf } from "#card/placement.ts";
import { findProduct, type Product } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import type { Template } from "#design/templates/template.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { club } from "#design/templates/testing/club.ts";
import { createImageClient } from "#image/client.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { DesignStep } from "../../steps/design/DesignStep.tsx";
import { makePhoto } from "../../steps/design/canvas/testing/photo.ts";
import { createDesignStore, type DesignState, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion } from "../../ui/LiveRegion.tsx";
import { keepArts } from "../load-arts.ts";
import "../../styles/tokens.css";
import "../../styles/base.css";

const plain = findProduct("photo-landscape")!;
const { id, version, names } = club;
const product: Product = {
  ...plain,
  features: { ...plain.features, templates: true },
  ownTemplates: [{ id, version, names, address: "/templates/club.json" }],
};
const client = createImageClient();
afterAll(() => client.close());

let root: Root;
let store: DesignStore;
let host: HTMLElement;

async function show(loadTemplate: DesignState["loadTemplate"], language = "en", shown = product): Promise<void> {
  store = createDesignStore(shown, client, loadTemplate);
  keepArts(store);
  store.getState().setPhoto(await makePhoto());
  root.render(
    <TextProvider locale={chooseLocale(language)}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
}

async function open(loadTemplate: DesignState["loadTemplate"] = async () => addTemplate(club)): Promise<void> {
  await show(loadTemplate);
  const tab = radio("Templates");
  await expect.element(tab).toBeInTheDocument();
  press(tab.element());
  await expect.element(radio("None")).toBeVisible();
}

const press = (element: Element): void => (element as HTMLElement).click();
const radio = (name: string) => page.getByRole("radio", { name, exact: true });
const announced = (): string => host.querySelector("[role=status] > p:last-child")?.textContent ?? "";

async function choose(name: string, template: string): Promise<void> {
  press(radio(name).element());
  await expect.poll(() => store.getState().design.template?.id).toBe(template);
}

/** What the stage shows at a point, in mm from the card's centre, of photo and ground. */
function pixelAt(xMm: number, yMm: number): number[] {
  const canvas = host.querySelectorAll<HTMLCanvasElement>("[role=application] canvas")[0]!;
  const pxPerMm = canvas.width / ((plain.widthPx / plain.dpi) * 25.4);
  const [x, y] = [canvas.width / 2 + xMm * pxPerMm, canvas.height / 2 + yMm * pxPerMm];
  return [...canvas.getContext("2d")!.getImageData(Math.round(x), Math.round(y), 1, 1).data];
}

beforeEach(async () => {
  await page.viewport(1280, 900);
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
});
afterEach(() => {
  root.unmount();
  host.remove();
});

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
  await expect.poll(() => pixelAt(5, -15)).toEqual(ground);
  expect(pixelAt(-5, -15)[2]).toBeCloseTo(128, -1);
  const card = page.getByRole("application");
  const width = card.element().getBoundingClientRect().width;
  await userEvent.dragAndDrop(card, card, {
    sourcePosition: { x: width * 0.2, y: 60 },
    targetPosition: { x: width * 0.9, y: 90 },
  });
  await expect.poll(() => photo().placement.xMm).not.toBe(before.placement.xMm);
  expect(covers()).toBe(true);
  expect(pixelAt(5, -15)).toEqual(ground);
  expect(pixelAt(-5, -15)).not.toEqual(ground);
  // What is about it is the cardholder's to colour.
  press(radio("Photo").first().element());
  await expect.element(page.getByText("Prints around your photo.")).toBeVisible();
  press(radio("Green").element());
  await expect.poll(() => pixelAt(5, -15)).toEqual([0x1e, 0x7d, 0x5a, 255]);
  press(radio("Templates").element());
  press(radio("None").element());
  await expect.poll(() => photo().region).toBeUndefined();
  await expect.poll(() => pixelAt(5, -15)[2]).toBeCloseTo(128, -1);
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
