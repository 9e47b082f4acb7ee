import { createHash } from "node:crypto";
import type { Page, Request } from "@playwright/test";
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
