import { createHash } from "node:crypto";
import type { Page, Request } from "@playwright/test";
import sharp from "sharp";
import type { Product } from "#card/products.ts";
import { toJpeg } from "#providers/synctera/to-jpeg.ts";
import { BankPage, readPicture } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { cardImageData, cardImages, writesOf } from "./support/synctera.ts";
import { expect, test } from "./support/test.ts";

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** The pictures that leave the page's frame. */
function recordPictures(page: Page): Buffer[] {
  const pictures: Buffer[] = [];
  page.on("request", (request: Request) => {
    const picture = readPicture(request);
    if (picture !== null) pictures.push(picture);
  });
  return pictures;
}

test("the second bank's own people decide: declined with a note, changed and sent again, approved", async ({
  page,
  demo,
}) => {
  const bank = new BankPage(page, demo, demo.secondBankUrl);
  const desk = page.getByRole("complementary", { name: "Reviewer’s desk" });
  const waiting = desk.getByRole("region", { name: "Waiting for a decision" });
  const pictures = recordPictures(page);
  await bank.open();
  await expect(bank.designer.getByText("Linden Everyday")).toBeVisible();
  await expect(bank.designer.getByRole("banner")).toContainText("Linden Credit Union");
  const logo = bank.designer.getByRole("banner").locator("img").filter({ visible: true });
  await expect.poll(() => logo.evaluate((image) => (image as HTMLImageElement).naturalWidth)).toBeGreaterThan(0);
  await expect(bank.designer.locator("[data-card-art] image").first()).toHaveAttribute("href", /^\/logos\//);
  await bank.place(await newPhoto());
  await bank.preview();
  const first = await bank.send();
  await bank.expectHeading("Your picture is being checked");

  await test.step("the reviewer sees the picture and declines it", async () => {
    await expect(waiting.getByRole("listitem")).toHaveCount(1);
    await expect
      .poll(() => waiting.getByRole("img").evaluate((image) => (image as HTMLImageElement).naturalWidth))
      .toBe(640);
    // By keyboard: what is clicked goes where the frame was before the page was scrolled.
    await waiting.getByRole("button", { name: "Decline…" }).press("Enter");
    await waiting.getByLabel("Reason").selectOption("COPYRIGHT");
    await waiting.getByLabel("Note to the cardholder").fill("That is a film's hero. Bring your own photo.");
    await waiting.getByRole("button", { name: "Decline this card" }).press("Enter");
  });

  await bank.expectHeading("This picture cannot be printed");
  await bank.expectSentence(/It shows something that belongs to somebody else/);
  await bank.expectSentence("That is a film's hero. Bring your own photo.");
  // The desk is far below the designer, where a browser draws nothing of a frame.
  await bank.page.locator("iframe").scrollIntoViewIfNeeded();
  await bank.press("Change my design");
  await bank.adjust({ Turn: 4 });
  await bank.preview();
  const second = await bank.send();
  expect(second.sha256).not.toBe(first.sha256);

  await test.step("the reviewer approves what comes then", async () => {
    await waiting.getByRole("button", { name: "Approve" }).press("Enter");
  });
  await bank.expectHeading(/Approved/);
  await expect(page.locator("#news li").last()).toContainText("Your picture is approved.");
  await expect(page.locator("#news")).toContainText("We cannot print this picture.");

  await test.step("each picture went to Synctera once, as the JPEG of the very PNG, and had one decision", async () => {
    const images = await cardImages(demo);
    expect(pictures.map(sha256)).toEqual([first.sha256, second.sha256]);
    expect(images.map(({ image }) => [image.status, image.rejection_memo ?? null])).toEqual([
      ["REJECTED", "That is a film's hero. Bring your own photo."],
      ["APPROVED", null],
    ]);
    expect(images[0]?.image.customer_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(images[1]?.image.customer_id).toBe(images[0]?.image.customer_id);
    for (const [index, { image, sha256: kept }] of images.entries()) {
      const jpeg = await toJpeg(pictures[index] ?? Buffer.of());
      expect(kept).toBe(sha256(jpeg));
      expect(sha256(await cardImageData(demo, image.id))).toBe(kept);
      expect(await writesOf(demo, image.id)).toEqual(["Create", "Upload", "Decide"]);
    }
  });
});

/** Of a PNG, by millimetres from the card's centre. */
async function colourAt(
  png: Buffer,
  { widthPx, dpi }: Product,
  [xMm, yMm]: readonly [number, number],
): Promise<string> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(info.width).toBe(widthPx);
  const [x, y] = [info.width / 2 + (xMm * dpi) / 25.4, info.height / 2 + (yMm * dpi) / 25.4];
  const at = 3 * (Math.floor(y) * info.width + Math.floor(x));
  return `#${data.subarray(at, at + 3).toString("hex")}`;
}

test("the second bank's postcard: the photo fills its part of the card however it is moved, and all that is locked is printed as it is", async ({
  page,
  demo,
}) => {
  const bank = new BankPage(page, demo, demo.secondBankUrl);
  const pictures = recordPictures(page);
  await bank.open();
  const red = await sharp({ create: { width: 2000, height: 1500, channels: 3, background: "#d03030" } })
    .png()
    .toBuffer();
  await bank.place({ name: "red.png", mimeType: "image/png", buffer: red });
  const tools = bank.designer.getByRole("group", { name: "What to change" });
  await tools.getByLabel("Templates", { exact: true }).check();
  await bank.designer.getByRole("radio", { name: "Postcard" }).check();
  await bank.designer.getByRole("textbox", { name: "Your greeting" }).fill("Hello");

  await test.step("dragged by the greeting, which is locked: the photo moves, and no farther than its part allows", async () => {
    await bank.card.scrollIntoViewIfNeeded();
    const box = (await bank.card.boundingBox())!;
    const [x, y] = [box.x + box.width * 0.4, box.y + box.height * 0.72];
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= 5; step += 1) await page.mouse.move(x - step * 40, y - step * 30);
    await page.mouse.up();
  });

  await bank.preview();
  const { design, photo } = await bank.send();
  expect(design.template).toEqual({ id: "linden-postcard", version: 1 });
  expect(photo.region).toEqual({ xMm: 21.25, yMm: -29.7, widthMm: 77.5, heightMm: 60.6 });
  const greeting = design.elements.find(({ kind }) => kind === "text");
  expect(greeting).toMatchObject({ text: "Hello", face: "hand", fill: "#f6df9e" });
  // In the middle of its place: the way was about 20 mm.
  expect(greeting).toMatchObject({ box: { xMm: expect.closeTo(-9, 1), yMm: expect.closeTo(12.5, 1) } });
  expect(photo.placement.xMm - photo.region!.xMm, "the photo went to the left").toBeLessThan(-1);
  const png = pictures[0] ?? Buffer.of();
  const colours = (...places: (readonly [number, number])[]) =>
    Promise.all(places.map((place) => colourAt(png, bank.product, place)));
  // In the corners of the photo's part, within the card, and in its middle.
  expect(await colours([-16, -28], [43, -28], [-16, -1], [43, -1], [10, -15])).toEqual(Array(5).fill("#d03030"));
  expect(await colours([-40, -20], [-40, 25], [40, 25])).toEqual(Array(3).fill("#174f37"));
  expect(await colours([-17.75, -15], [20, 0.85])).toEqual(Array(2).fill("#f6df9e"));
});
