import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { type Product, products } from "#card/products.ts";
import type { SubmissionState } from "#contracts/submission.ts";
import { createDesign } from "#design/design.ts";
import type { Likeness } from "#image/client.ts";
import type { Flow } from "../../flow/flow.ts";
import { SessionProvider } from "../../flow/use-session.tsx";
import { chooseLocale } from "../../locales/locale.ts";
import { TextProvider } from "../../locales/text.tsx";
import { createDesignStore } from "../../store/design-store.ts";
import { DesignStoreProvider } from "../../store/use-design-store.tsx";
import { onAnnounce } from "../../ui/LiveRegion.tsx";
import { drawSharePicture } from "./draw-share-picture.ts";
import { FollowStep } from "./FollowStep.tsx";

const [product] = products;
const design = createDesignStore(product);
let root: Root;
let reports: number;

/** One colour all over, with the product's raster. */
async function drawPicture(colour: string): Promise<Blob> {
  const canvas = new OffscreenCanvas(product.widthPx, product.heightPx);
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("no canvas");
  context.fillStyle = colour;
  context.fillRect(0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob();
}
const file = await drawPicture("#c81e1e");

interface Given {
  readonly product: Product;
  readonly readPreview: () => Promise<Blob>;
  /** What was sent is not here any more. */
  readonly isReopened: boolean;
}

function show(state: SubmissionState, likeness: Likeness, given: Partial<Given> = {}): void {
  const about = { rejectionCode: null, hasPreview: true, pictureSha256: "a".repeat(64), updatedAt: 1, sequence: 1 };
  const submission = { ...about, submissionId: "sub_hGU6VtcAAAAAAAAAAAAAAA", state };
  const picture = {
    png: new Uint8Array(),
    sha256: about.pictureSha256,
    url: URL.createObjectURL(file),
    design: createDesign(product),
    transparent: false,
  };
  const flow = { reportOtherPicture: () => (reports += 1), startAfresh: () => {}, changeDesign: () => {} };
  const session = {
    phase: "open",
    product: given.product ?? product,
    issuerName: "Harbour Bank",
    flow: flow as unknown as Flow,
    design,
    readPreview: given.readPreview ?? (() => Promise.resolve(file)),
    comparePictures: () => Promise.resolve(likeness),
  } as const;
  flushSync(() =>
    root.render(
      <TextProvider locale={chooseLocale("en")}>
        <SessionProvider value={session}>
          <DesignStoreProvider store={design}>
            <FollowStep
              state={{
                step: "follow",
                submission,
                opening: false,
                picture: given.isReopened ? null : picture,
                notice: null,
              }}
              isFirst
            />
          </DesignStoreProvider>
        </SessionProvider>
      </TextProvider>,
    ),
  );
}
const text = () => document.body.innerText;
const button = (name: string): HTMLButtonElement | undefined =>
  [...document.querySelectorAll("button")].find((each) => (each.ariaLabel ?? each.innerText) === name);

beforeEach(() => {
  reports = 0;
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

it("says that the card maker shows another picture, and whom to tell, with a reference that can be read out and copied", async () => {
  show("in-review", "different");
  await expect.poll(text).toContain("looks different from yours");
  flushSync(() => button("This is not my picture")?.click());
  expect(reports).toBe(1);
  expect(text()).toMatch(/Harbour Bank.* reference GHJK MNPQ/);
  const write = vi.spyOn(navigator.clipboard, "writeText").mockRejectedValueOnce(new Error("denied"));
  button("Copy the reference")?.click();
  await expect.poll(text).toContain("Copy it by hand");
  expect(getSelection()?.toString(), "it can be copied by hand").toBe("GHJK MNPQ");
  write.mockResolvedValueOnce();
  button("Copy the reference")?.click();
  await expect.poll(text).toContain("Copied");
  expect(write).toHaveBeenLastCalledWith("GHJK MNPQ");
});

it("claims nothing where it cannot be told whether the pictures are alike", async () => {
  show("in-review", "unclear");
  await expect.poll(() => document.querySelectorAll("img").length).toBe(2);
  expect(text()).not.toMatch(/matches|different/);
});

it("an approved card is one, joyful once, and its picture is shared with a dummy number on a ground of its colours", async () => {
  show("approved", "same");
  await expect.poll(text).toContain("matches yours");
  expect(document.querySelectorAll("img").length).toBe(1);
  const box = () => document.querySelector<HTMLElement>("[data-new]");
  expect(box()?.dataset["new"]).toBe("true");
  const picture = await createImageBitmap(await drawSharePicture(box()!, product));
  expect(picture.width).toBe(picture.height);
  const canvas = new OffscreenCanvas(picture.width, picture.height);
  const context = canvas.getContext("2d");
  context?.drawImage(picture, 0, 0);
  const at = (x: number, y: number) =>
    [...(context?.getImageData(x * canvas.width, y * canvas.height, 1, 1).data ?? [])].slice(0, 3);
  // The card, its ground, and a corner that is cut off: the picture reaches beyond it.
  const [card, ground, corner] = [at(0.7, 0.45), at(0.03, 0.5), at(0.1255, 0.2645)];
  expect(card).toEqual([200, 30, 30]);
  expect(ground[0]).toBeLessThan(130);
  expect(ground[0]).toBeGreaterThan((ground[1] ?? 0) + 20);
  expect(corner[0], "rounded").toBeLessThan(130);
  const line = context?.getImageData(0, 0.45 * canvas.height, canvas.width, 0.25 * canvas.height).data ?? [];
  expect([...line].filter((value, index) => index % 4 === 1 && value > 240).length, "the white number").toBeGreaterThan(
    200,
  );
  root.unmount();
  root = createRoot(document.body.appendChild(document.createElement("div")));
  show("approved", "same");
  expect(box()?.dataset["new"]).toBe("false");
});

it("the shared picture has the issuer's logo, and its name where the logo does not come", async () => {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3 1"><path fill="#00ff00" d="M0 0h3v1H0z"/></svg>`;
  const address = URL.createObjectURL(new Blob([drawing], { type: "image/svg+xml" }));
  const zone = product.zones.find(({ kind }) => kind === "issuer-logo")!;
  /** How many pixels of the logo's place are green, and how many white. */
  const look = async (): Promise<[green: number, white: number]> => {
    const box = document.querySelector<HTMLElement>("[data-new]")!;
    const picture = await createImageBitmap(await drawSharePicture(box, product));
    const scale = (picture.width * 0.75) / product.trimWidthMm;
    const canvas = new OffscreenCanvas(zone.widthMm * scale, zone.heightMm * scale);
    const context = canvas.getContext("2d")!;
    context.drawImage(picture, -picture.width / 2 - zone.xMm * scale, -picture.height / 2 - zone.yMm * scale);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const count = (red: (value: number) => boolean) =>
      [...data].filter((value, at) => at % 4 === 1 && value > 240 && red(data[at - 1] ?? 0)).length;
    return [count((red) => red < 20), count((red) => red > 240)];
  };
  show("approved", "same", { product: { ...product, issuerLogo: { address, isWordless: false } } });
  await expect.poll(() => document.querySelector("image")?.href.baseVal).toBe(address);
  const withLogo = await look();
  expect(withLogo[0]).toBeGreaterThan(1000);
  expect(withLogo[1]).toBe(0);
  URL.revokeObjectURL(address);
  const without = await look();
  expect(without[0]).toBe(0);
  expect(without[1]).toBeGreaterThan(100);
});

it("an approved card of which the card maker shows another picture is compared, and is no joy", async () => {
  show("approved", "different");
  await expect.poll(text).toContain("looks different from yours");
  await expect.poll(() => document.querySelectorAll("figure img").length).toBe(2);
  expect(document.querySelector("[data-new]")).toBeNull();
  expect(button("Share a picture of it")).toBeUndefined();
});

it("an approved card that is opened again asks once more for the card maker's picture, and keeps the focus", async () => {
  let answer = (): Promise<Blob> => Promise.reject(new Error("not ready"));
  show("approved", "same", { isReopened: true, readPreview: () => answer() });
  await expect.poll(() => button("Try again")).toBeDefined();
  answer = () => Promise.resolve(file);
  button("Try again")?.focus();
  button("Try again")?.click();
  await expect.poll(() => document.querySelector("[data-new] img")).not.toBeNull();
  expect(document.activeElement?.tagName).toBe("H1");
});

it("of a card that will not be made it says why, and does not say when it is made", async () => {
  show("in-review", "different");
  const said: string[] = [];
  const stop = onAnnounce((sentence) => said.push(sentence));
  show("rejected", "different");
  await expect.poll(text).toContain("If it is not your picture, tell your bank.");
  stop();
  expect(said).toContain(
    "This picture cannot be printed. It does not follow the picture rules. Please compare it with the rules below. " +
      "Make a new design and send that.",
  );
});
