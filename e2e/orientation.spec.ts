import { createHash } from "node:crypto";
import { fitPlacement } from "#card/placement.ts";
import { photoWithExif } from "./support/photos.ts";
import { decode } from "./support/pictures.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { psnr, renderReference } from "./support/reference.ts";
import { expect, test } from "./support/test.ts";

test("a photo of every orientation reaches the platform upright, turned once and not twice", async ({ bank, demo }) => {
  test.setTimeout(180_000);
  for (let orientation = 1; orientation <= 8; orientation++) {
    // A photo that no other journey sends like this: the ledger is searched by the picture's digest.
    const path = await photoWithExif("allium-oreophilum", orientation);
    const turned = orientation >= 5;
    await test.step(`orientation ${orientation}`, async () => {
      // Each as a visitor of its own, since a visitor has one card on its way at a time.
      await bank.page.context().clearCookies();
      await bank.open();
      await bank.pick(path);
      await expect(bank.designer.getByText(turned ? "1,200 × 1,600 px" : "1,600 × 1,200 px")).toBeVisible();
      await bank.preview();
      const { sha256 } = await bank.send();

      await expect.poll(async () => (await callsWith(demo, sha256)).map((call) => call.resultCode)).toEqual([0]);
      const [call] = await callsWith(demo, sha256);
      const bytes = await keptPicture(demo, call?.cardImageId ?? "");
      expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);
      const size = turned ? { widthPx: 1200, heightPx: 1600 } : { widthPx: 1600, heightPx: 1200 };
      const reference = await renderReference(path, fitPlacement(size, bank.product), bank.product);
      expect(psnr((await decode(bytes)).data, reference)).toBeGreaterThanOrEqual(33);
    });
  }
});
