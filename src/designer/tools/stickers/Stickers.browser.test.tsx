import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, it, vi } from "vitest";
import { page, userEvent } from "vitest/browser";
import { findProduct, type Product } from "#card/products.ts";
import { vectorElementsOf } from "#design/design.ts";
import { addElement } from "#design/element-edits.ts";
import type { Art, Sticker } from "#design/elements.ts";
import { createImageClient } from "#image/client.ts";
import { drawOn } from "#image/testing/made-files.ts";
import { pageTransport } from "../../api/request.ts";
import { offerOwnStickers } from "../../app/own-stickers.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { DesignStep } from "../../steps/design/DesignStep.tsx";
import { createDesignStore, type DesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { LiveRegion, onAnnounce } from "../../ui/LiveRegion.tsx";

const client = createImageClient();
afterAll(() => client.close());
let root: Root;
let store: DesignStore;
let host: HTMLElement;
let said: string[];
let stopHearing: () => void;

const own = [
  { id: "linden-leaf", names: { en: "linden leaf", de: "Lindenblatt" }, words: { en: ["shade"] } },
  { id: "piggy-bank", names: { en: "piggy bank" } },
].map((sticker) => ({ ...sticker, address: `/stickers/${sticker.id}.json` }));
const art: Art = { width: 100, height: 50, ops: [{ path: "M0 0L100 0L100 50Z", fill: "#1b6b47", rule: "nonzero" }] };

/** With an issuer's own, which the server gives as `answer` says. */
async function showOwn(answer: () => Response, language = "en", group?: Product["ownStickerGroup"]): Promise<void> {
  const offers = { ownStickers: own, ...(group && { ownStickerGroup: group }) };
  const wait = () => Promise.resolve();
  offerOwnStickers(offers, { ...pageTransport, fetch: () => Promise.resolve(answer()), wait });
  await show("photo-landscape", language, offers);
  host.querySelector<HTMLElement>("[value=stickers]")!.click();
}

async function show(productId = "photo-landscape", language = "en", offers: Partial<Product> = {}): Promise<void> {
  const product = { ...findProduct(productId)!, ...offers };
  store = createDesignStore(product);
  const { canvas } = drawOn(product.widthPx, product.heightPx, (context) => {
    context.fillRect(0, 0, product.widthPx, product.heightPx);
  });
  store.getState().setPhoto(await client.openPhoto(await canvas.convertToBlob(), product));
  root.render(
    <TextProvider locale={chooseLocale(language)}>
      <LiveRegion />
      <DesignStoreProvider store={store}>
        <DesignStep isShown onPreview={() => {}} onPickAnother={() => {}} />
      </DesignStoreProvider>
    </TextProvider>,
  );
  await expect.poll(() => host.querySelector("canvas")).not.toBeNull();
}

async function open(): Promise<void> {
  host.querySelector<HTMLElement>("[value=stickers]")!.click();
  await expect.poll(() => shown().length).toBeGreaterThan(20);
}

const shown = (): HTMLElement[] => [...host.querySelectorAll<HTMLElement>("[role=toolbar] button")];
const names = (): string[] => shown().map((button) => button.getAttribute("aria-label")!);
const stickers = () => vectorElementsOf(store.getState().design) as readonly Sticker[];
const search = () => page.getByRole("searchbox");

beforeEach(() => {
  host = document.body.appendChild(document.createElement("div"));
  root = createRoot(host);
  said = [];
  stopHearing = onAnnounce((message) => said.push(message));
});
afterEach(() => {
  stopHearing();
  root.unmount();
  host.remove();
});

it("are offered where the product says so", async () => {
  await show("photo-wide-bleed");
  expect(host.querySelector("[value=light]")).not.toBeNull();
  expect(host.querySelector("[value=stickers]")).toBeNull();
});

it("one is laid in the free middle with a tap, said, and taken back with one step of undo", async () => {
  await show();
  await open();
  await page.getByRole("button", { name: "red heart", exact: true }).click();
  await expect.poll(stickers).toMatchObject([{ kind: "sticker", art: "red-heart", box: { xMm: 0, widthMm: 14 } }]);
  await expect.poll(() => said).toContainEqual(expect.stringMatching(/^Added: red heart, 14 mm wide, 1 of 1, /));
  await page.getByRole("button", { name: "blue heart", exact: true }).click();
  await expect.poll(() => stickers().map(({ art }) => art)).toEqual(["red-heart", "blue-heart"]);
  store.getState().undo();
  await expect.poll(() => stickers().map(({ art }) => art)).toEqual(["red-heart"]);
});

it("are shown by category, each with its name", async () => {
  await show();
  await open();
  expect(names()[0]).toBe("red heart");
  await page.getByRole("radio", { name: "Animals" }).click();
  await expect.poll(() => names()[0]).toBe("cat face");
  expect(names()).toContain("penguin");
  expect(host.querySelector("[role=toolbar]")?.getAttribute("aria-label")).toBe("Animals");
});

it("are found among all categories by what one types, and it is said when there is none", async () => {
  const complaints = vi.spyOn(console, "error");
  await show();
  await open();
  await search().fill("rocket");
  await expect.poll(names).toEqual(["rocket"]);
  await expect.poll(() => said).toContain("1 sticker found");
  await search().fill("moon");
  await expect.poll(names).toContain("crescent moon");
  await search().fill("zzzz");
  await expect.element(page.getByText("No sticker found.", { exact: false }).first()).toBeVisible();
  expect(shown()).toHaveLength(0);
  await search().fill("");
  await expect.poll(() => names()[0]).toBe("red heart");
  // React says so of two parts with the same key.
  expect(complaints.mock.calls.map(([said]) => String(said))).toEqual([]);
  complaints.mockRestore();
});

it("are one stop of the Tab key, and the arrow keys lead through them", async () => {
  await show();
  await open();
  expect(shown().filter(({ tabIndex }) => tabIndex === 0)).toEqual([shown()[0]]);
  shown()[0]!.focus();
  await userEvent.keyboard("{ArrowRight}");
  await expect.poll(() => document.activeElement?.getAttribute("aria-label")).toBe("orange heart");
  await userEvent.keyboard("{ArrowDown}{ArrowUp}{ArrowLeft}{ArrowLeft}");
  await expect.poll(() => document.activeElement?.getAttribute("aria-label")).toBe("red heart");
  await userEvent.keyboard("{End}");
  await expect.poll(() => document.activeElement).toBe(shown().at(-1));
  expect(shown().filter(({ tabIndex }) => tabIndex === 0)).toEqual([shown().at(-1)]);
  await userEvent.keyboard("{Enter}");
  await expect.poll(() => stickers()).toHaveLength(1);
});

it("speak the language of the page, and run from its right", async () => {
  await show("photo-landscape", "ar");
  await open();
  expect(names()[0]).toBe("قلب أحمر");
  shown()[0]!.focus();
  await userEvent.keyboard("{ArrowLeft}");
  await expect.poll(() => document.activeElement).toBe(shown()[1]);
  await search().fill("صاروخ");
  await expect.poll(names).toHaveLength(1);
});

it("no more than a design holds are laid, and it is said why", async () => {
  await show();
  await open();
  const box = { xMm: 0, yMm: 0, widthMm: 5, heightMm: 5, rotationDeg: 0, mirrored: false };
  for (let count = 1; count < 100; count += 1) store.getState().edit(addElement({ kind: "sticker", box, art: "star" }));
  await expect.element(page.getByText("The card is full.", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: "red heart", exact: true }).click();
  await expect.poll(() => said).toContainEqual(expect.stringContaining("The card is full."));
  expect(store.getState().design.elements).toHaveLength(100);
});

// Last: what an issuer offers is found for as long as the page lasts.
it("begin with the issuer's own, which are loaded when they are looked at, and laid like ours", async () => {
  let tries = 0;
  await showOwn(() => (++tries <= 6 ? new Response("not now", { status: 503 }) : Response.json(art)));
  await expect.element(page.getByText("could not be loaded", { exact: false }).first()).toBeVisible();
  await page.getByRole("button", { name: "Try again" }).click();
  await expect.poll(names).toEqual(["linden leaf", "piggy bank"]);
  await expect.element(page.getByRole("radio", { name: "From your bank" })).toBeChecked();
  await page.getByRole("button", { name: "linden leaf", exact: true }).click();
  await expect.poll(stickers).toHaveLength(1);
  expect(stickers()[0]).toMatchObject({
    art: "own.linden-leaf",
    box: { widthMm: expect.closeTo(14, 6), heightMm: expect.closeTo(7, 6) },
  });
  await expect.poll(() => said).toContainEqual(expect.stringContaining("linden leaf"));
  expect(store.getState().arts.get("own.linden-leaf")).toEqual(art);
  host.querySelector<HTMLElement>("[value=hearts]")!.click();
  await expect.poll(() => names()[0]).toBe("red heart");
});

it("are found with the issuer's own among them, in its words, and under the issuer's name for them", async () => {
  await showOwn(() => Response.json(art), "de", { en: "From Linden", de: "Von der Linde" });
  await expect.poll(names).toEqual(["Lindenblatt", "piggy bank"]);
  await expect.element(page.getByRole("radio", { name: "Von der Linde" })).toBeChecked();
  await search().fill("shade");
  await expect.poll(names).toEqual(["Lindenblatt"]);
});
