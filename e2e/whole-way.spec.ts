import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import sharp from "sharp";
import { type Placement, zoomOf } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { psnr } from "#image/testing/psnr.ts";
import { openReference, wrongPlacements } from "#image/testing/reference.ts";
import { type BankPage, readPicture } from "./support/bank-page.ts";
import { canaries, chart, largePhoto, photographPath, photoWithExif } from "./support/photos.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

interface Case {
  readonly name: string;
  readonly photo: () => Promise<string>;
  readonly productId: Product["id"];
  readonly adjust: Parameters<BankPage["adjust"]>[0];
  readonly mirrored?: boolean;
  readonly leastDb: number;
}

/** The longest first: they are the last journeys, and would run alone. */
const cases: readonly Case[] = [
  {
    name: "48 megapixels on the finest raster",
    photo: () => largePhoto("french-alpine-landscape", 8000, 6000),
    productId: "photo-fine",
    adjust: { Zoom: 110, Turn: 4 },
    // A pixel is half as wide here: one pixel aside is 35 dB.
    leastDb: 38,
  },
  {
    // Where no other journey puts this photo: the ledger is searched by the picture's digest.
    name: "a small photograph, moved aside",
    photo: () => Promise.resolve(photographPath("march-pastoral")),
    productId: "photo-landscape",
    adjust: { Across: 2.5 },
    leastDb: 33,
  },
  {
    name: "a portrait card, turned the other way and mirrored",
    photo: () => largePhoto("allium-oreophilum", 3000, 4000),
    productId: "photo-portrait",
    adjust: { Zoom: 140, Turn: -12, Across: 1.5, Down: -2 },
    mirrored: true,
    leastDb: 33,
  },
  {
    name: "a chart, on the card with the wide bleed",
    photo: () => chart(2400, 1800),
    productId: "photo-wide-bleed",
    adjust: { Turn: 3 },
    leastDb: 33,
  },
];

/** The placement is what the cardholder asked for: mirroring turns round what was asked before it. */
async function expectPlacementAsked(
  placement: Placement,
  photoPath: string,
  product: Product,
  asked: Case,
): Promise<void> {
  const { Zoom = 100, Turn = 0, Across = 0, Down = 0 } = asked.adjust;
  const { autoOrient } = await sharp(photoPath).metadata();
  const zoom = zoomOf(placement, { widthPx: autoOrient.width, heightPx: autoOrient.height }, product);
  const side = asked.mirrored ? -1 : 1;
  expect(placement.mirrored).toBe(asked.mirrored ?? false);
  expect(zoom).toBeCloseTo(Zoom / 100, 6);
  expect(placement.rotationDeg).toBeCloseTo(side * Turn, 6);
  expect(placement.xMm).toBeCloseTo(side * Across, 6);
  expect(placement.yMm).toBeCloseTo(Down, 6);
}

for (const asked of cases) {
  const { name, photo, productId, adjust, mirrored, leastDb } = asked;
  test(`the whole way: ${name}`, async ({ bank, demo }) => {
    const path = await photo();
    await bank.open({ productId });
    await bank.place(path);
    // In the middle, from where what is asked for is measured.
    await bank.press("Fit to the card");
    await bank.adjust(adjust);
    if (mirrored) await bank.pressButton(bank.designer.getByRole("button", { name: "Mirror" }).last());
    await bank.preview();
    const { photo: sent, sha256 } = await bank.send();

    await bank.expectHeading(/Approved/);
    // The bank's server was told by a webhook, and its page shows it.
    await expect(bank.page.locator("#news li").last()).toContainText("Your design is approved.");
    const calls = await callsWith(demo, sha256);
    expect(calls.map((call) => call.resultCode)).toEqual([0]);

    const bytes = await keptPicture(demo, calls[0]?.cardImageId ?? "");
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: bank.product.widthPx, height: bank.product.heightPx, channels: 3 });

    await expectPlacementAsked(sent.placement, path, bank.product, asked);
    const reference = await openReference(path, sent.placement.mmPerPx, bank.product);
    expect(psnr(data, reference(sent.placement))).toBeGreaterThanOrEqual(leastDb);
    for (const [wrong, placement] of Object.entries(wrongPlacements(sent.placement, bank.product))) {
      expect(psnr(data, reference(placement)), wrong).toBeLessThan(leastDb);
    }
  });
}

/** Everything that the page and its frame send, as far as the browser shows it. */
function recordRequests(page: Page): Buffer[] {
  const sent: Buffer[] = [];
  page.on("request", (request) => {
    sent.push(Buffer.from(request.url() + JSON.stringify(request.headers())), request.postDataBuffer() ?? Buffer.of());
    sent.push(readPicture(request) ?? Buffer.of());
  });
  return sent;
}

test("a camera's photo is turned once and not twice, and nothing that the camera wrote beside it leaves the browser", async ({
  bank,
  demo,
  page,
}) => {
  const path = await photoWithExif("march-pastoral", 6);
  const file = await readFile(path);
  const found = (bytes: Buffer) =>
    Object.entries(canaries).flatMap(([name, canary]) => (bytes.includes(canary) ? name : []));
  expect(found(file)).toEqual(Object.keys(canaries));

  const sent = recordRequests(page);
  await bank.open();
  await bank.place(path);
  await bank.preview();
  const { design, photo, sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);

  const [call] = await callsWith(demo, sha256);
  const kept = Buffer.from(await keptPicture(demo, call?.cardImageId ?? ""));
  expect(
    sent.some((bytes) => bytes.equals(kept)),
    "the picture was seen leaving",
  ).toBe(true);
  sent.push(kept, Buffer.from(JSON.stringify(design)));
  expect(sent.flatMap(found)).toEqual([]);
  const reference = await openReference(path, photo.placement.mmPerPx, bank.product);
  expect(psnr(await sharp(kept).raw().toBuffer(), reference(photo.placement))).toBeGreaterThanOrEqual(33);
  expect(kept.toString("latin1").match(/IHDR|sRGB|pHYs|IEND|eXIf|iTXt|tEXt|zTXt|iCCP/g)).toEqual([
    "IHDR",
    "sRGB",
    "pHYs",
    "IEND",
  ]);
});
