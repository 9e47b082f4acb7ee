import { copyFile, mkdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { psnr } from "#image/testing/psnr.ts";
import { renderReference } from "#image/testing/reference.ts";
import { asPhoto } from "./support/files.ts";
import { enormousPhoto, photographPath } from "./support/photos.ts";
import { decode } from "./support/pictures.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test("a photo of 108 megapixels opens and prints, or a small device is said to have too little memory", async ({
  bank,
}) => {
  await bank.open();
  await bank.pick(await enormousPhoto());
  const opened = bank.designer.getByText("12,000 × 9,000 px");
  const refused = bank.designer.getByText("This device ran out of memory").first();
  const isLarge = totalmem() >= 4 * 1024 ** 3;
  await expect(isLarge ? opened : opened.or(refused)).toBeVisible({ timeout: 90_000 });
  if (await opened.isVisible()) await bank.preview();
});

test("a photo of 500 x 900 pixels lies turned on the card: that is said, can be undone, and prints", async ({
  bank,
  demo,
}) => {
  const file = await sharp(photographPath("allium-oreophilum")).resize(500, 900, { fit: "cover" }).png().toBuffer();
  const next = bank.designer.getByRole("button", { name: "See the print preview" });
  await bank.open();
  await bank.place(asPhoto(file, "high.png"));
  await expect(bank.designer.locator("[data-tone=note]")).toContainText("The photo has been turned by 90°");
  await expect(bank.designer.getByRole("status")).toContainText("The photo has been turned by 90°");
  await bank.press("Undo");
  await bank.expectSentence("144 dpi here; at least 150 are needed, which the photo has when it is turned");
  await expect(next).toHaveAccessibleDescription(/which the photo has when it is turned/);
  await bank.press("Fix: turn the photo so that it prints well");
  await bank.preview();
  const { photo, sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  expect(photo.placement.rotationDeg).toBe(90);
  const [call] = await callsWith(demo, sha256);
  const kept = await decode(await keptPicture(demo, call?.cardImageId ?? ""));
  expect(psnr(kept.data, await renderReference(file, photo.placement, bank.product))).toBeGreaterThanOrEqual(33);
});

/** What becomes of a picked file on a telephone, and on any device. */
const changes: Record<string, (path: string) => Promise<void>> = {
  emptied: (path) => truncate(path, 0),
  deleted: (path) => rm(path),
  overwritten: (path) => writeFile(path, "another file"),
  touched: (path) => utimes(path, 0, 0),
};

test("a photo prints whatever becomes of its file once it is open", async ({ bank }, { outputDir }) => {
  await mkdir(outputDir, { recursive: true });
  await bank.open();
  for (const [index, [name, change]] of Object.entries(changes).entries()) {
    await test.step(name, async () => {
      const path = join(outputDir, `${name}.jpg`);
      await copyFile(photographPath(index % 2 === 0 ? "march-pastoral" : "allium-oreophilum"), path);
      await bank.pick(path);
      await expect(bank.designer.getByRole("status")).toContainText(/photo is on the card/);
      await change(path);
      await bank.preview();
      await bank.press("Back to the design");
      await expect(bank.card).toBeVisible();
    });
  }
});

test("a file that goes between being picked and being opened is said to have gone, and not to be damaged", async ({
  bank,
  page,
}, { outputDir }) => {
  await mkdir(outputDir, { recursive: true });
  const path = join(outputDir, "gone.jpg");
  await copyFile(photographPath("march-pastoral"), path);
  const { promise: gone, resolve: go } = Promise.withResolvers<void>();
  await page.route("**/assets/worker-*.js", async (route) => {
    await gone;
    await route.continue();
  });
  await bank.open();
  await bank.pick(path);
  await expect(bank.designer.getByText("Opening your photo").first()).toBeVisible();
  await rm(path);
  go();
  const notice = bank.designer.locator("[data-tone=problem]");
  await expect(notice).toContainText("This file cannot be read any more");
  await expect(notice).toContainText("choose it again");
});
