import sharp from "sharp";
import type { BankPage } from "./support/bank-page.ts";
import {
  animatedGif,
  asPhoto,
  hugeJpeg,
  hugePng,
  mediaFile,
  type PickedFile,
  sparseFile,
  truncatedJpeg,
} from "./support/files.ts";
import { photographPath } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

interface BadInput {
  readonly name: string;
  /** Gives the designer the file; `folder` is there for files too large to hand over in memory. */
  readonly give: (bank: BankPage, folder: string) => Promise<void>;
  readonly says: string;
  /** And what to do about it. */
  readonly advises: string | RegExp;
}

const pick = (file: PickedFile | Promise<PickedFile>) => async (bank: BankPage) => bank.pick(await file);

const tooMany = {
  says: "This photo has too many pixels",
  advises: /Of such a photo this device can open up to \d+ megapixels\. Save a smaller copy and choose that\./,
} as const;

const badInput: readonly BadInput[] = [
  {
    name: "a text called photo.jpg",
    give: pick(asPhoto("Dear diary, ")),
    says: "This file is not a photo",
    advises: "Choose a photo, for example a JPEG, PNG, HEIC, WebP or TIFF.",
  },
  {
    name: "an empty file",
    give: pick(asPhoto("")),
    says: "This file is empty",
    advises: "It may not have been downloaded or copied completely. Choose it again, or choose another photo.",
  },
  {
    name: "a JPEG that ends in the middle",
    give: async (bank) => bank.pick(asPhoto(await truncatedJpeg())),
    says: "This photo cannot be read to its end",
    advises: "The file is damaged or was not copied completely.",
  },
  { name: "a PNG of 60,000 x 60,000", give: pick(asPhoto(hugePng(60_000))), ...tooMany },
  { name: "a JPEG of 60,000 x 60,000", give: async (bank) => bank.pick(asPhoto(await hugeJpeg(60_000))), ...tooMany },
  {
    name: "a file of 120 MB and a byte",
    give: (bank, folder) => bank.pick(sparseFile(folder, 120 * 1024 * 1024 + 1)),
    says: "This file is too large",
    advises: "It may have up to 120 MB. Save a smaller copy of the photo and choose that.",
  },
  {
    name: "an SVG",
    give: pick(asPhoto('<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="2000"/>', "drawing.svg")),
    says: "This is a drawing, not a photo",
    advises: /Export it as a PNG: 864 × 554 pixels or more prints sharp\./,
  },
  {
    name: "a HEIC of which only the beginning is there",
    give: pick(asPhoto(mediaFile("heic", "mif1"), "IMG_0001.HEIC")),
    says: "This photo cannot be read to its end",
    advises: "The file is damaged or was not copied completely.",
  },
  { name: "a PDF", give: pick(asPhoto("%PDF-1.7\n", "card.pdf")), says: "This is a PDF", advises: /screenshot/ },
  {
    name: "a video",
    give: pick(asPhoto(mediaFile("isom", "mp42"), "clip.mp4")),
    says: "This is a video",
    advises: "Pause it where you like it, take a screenshot, and choose that.",
  },
  {
    name: "a photo too small for the card",
    give: async (bank) => bank.pick(asPhoto(await smallPhoto())),
    says: "This photo is too small for the card",
    advises:
      /Choose one with at least 518 × 332 pixels, either way round: often the original, not a copy from a chat\./,
  },
  {
    name: "two files dropped at once",
    give: (bank) => bank.drop(photographPath("march-pastoral"), photographPath("allium-oreophilum")),
    says: "One photo at a time",
    advises: "You gave us several photos. Choose the one you want on your card.",
  },
  {
    name: "text that is pasted",
    give: (bank) => bank.paste("https://example.com/photo.jpg"),
    says: "There was no picture in that",
    advises: "Copy the picture itself, not its name or link, and paste again, or save it and choose the file.",
  },
];

async function smallPhoto(): Promise<Buffer> {
  return sharp(photographPath("march-pastoral")).resize(480, 320).jpeg().toBuffer();
}

async function expectSentence(bank: BankPage, { says, advises }: BadInput): Promise<void> {
  const notice = bank.designer.locator("[data-tone=problem]").filter({ hasText: says });
  await expect(notice).toContainText(advises);
  await expect(bank.designer.getByRole("status")).toContainText(says);
  await bank.pressButton(notice.getByRole("button", { name: "Dismiss" }));
  await expect(notice).toHaveCount(0);
}

test("a copied picture is pasted; each file that cannot become a card is told why, and the design on the screen survives it; of an animation the first picture is taken", async ({
  bank,
}, { outputDir }) => {
  const { designer, card } = bank;
  const undo = designer.getByRole("button", { name: "Undo" });
  const seen = async () => ({
    // What was changed just now is drawn in the next frame, before this.
    photo: await card
      .locator("canvas")
      .first()
      .evaluate(async (canvas) => {
        await new Promise(requestAnimationFrame);
        return (canvas as HTMLCanvasElement).toDataURL();
      }),
    numbers: await Promise.all((await designer.getByRole("spinbutton").all()).map((field) => field.inputValue())),
    undo: await undo.getAttribute("aria-disabled"),
  });
  await bank.open();
  await test.step("while there is no design yet", async () => {
    await bank.pick(asPhoto("Dear diary, "));
    await expectSentence(bank, badInput[0]!);
    await expect(designer.getByRole("heading", { name: "Start with a photo" })).toBeVisible();
  });
  await test.step("a copied picture is pasted on the card", async () => {
    await bank.paste(asPhoto(await sharp(photographPath("march-pastoral")).png().toBuffer(), "image.png"));
    await expect(card).toBeVisible();
  });
  await bank.adjust({ Zoom: 120, Across: 3 });
  const before = await seen();
  expect(before).toMatchObject({ numbers: ["120", "0.0", "3.0", "0.0"], undo: "false" });
  for (const bad of badInput) {
    await test.step(bad.name, async () => {
      await bad.give(bank, outputDir);
      await expectSentence(bank, bad);
      expect(await seen()).toEqual(before);
    });
  }
  await undo.click();
  await undo.click();
  await expect(designer.getByRole("spinbutton", { name: "Zoom" })).toHaveValue("100");
  await expect(undo).toHaveAttribute("aria-disabled", "true");

  await test.step("of an animation the first picture is taken, and that is said", async () => {
    await bank.pick(asPhoto(await animatedGif(1200, 800), "dance.gif"));
    const note = designer.locator("[data-tone=note]").filter({ hasText: "Only the first picture is used" });
    await expect(note).toBeVisible();
    await bank.check(designer.locator("input[value=photo]"));
    await expect(designer.getByText("The file holds several pictures. Its first one is used.")).toBeVisible();
    const middle = () =>
      card
        .locator("canvas")
        .first()
        .evaluate((canvas) => {
          const { width, height } = canvas as HTMLCanvasElement;
          const context = (canvas as HTMLCanvasElement).getContext("2d");
          const [red = 0, , blue = 0] = context?.getImageData(width / 2, height / 2, 1, 1).data ?? [];
          return red > 150 && blue < 80 ? "red" : `${red} red and ${blue} blue`;
        });
    // The canvas is there before anything is drawn on it.
    await expect.poll(middle).toBe("red");
  });
});
