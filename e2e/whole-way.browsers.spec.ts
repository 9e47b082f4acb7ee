import { psnr } from "#image/testing/psnr.ts";
import { renderReference } from "#image/testing/reference.ts";
import { largePhoto } from "./support/photos.ts";
import { decode } from "./support/pictures.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test("the whole way in another browser than Chromium", async ({ bank, demo }) => {
  const path = await largePhoto("french-alpine-landscape", 4000, 3000);
  await bank.open();
  // Firefox's protocol cannot give files to an input in a frame of another site; dropping them can be done in all.
  await bank.drop(path);
  await expect(bank.card).toBeVisible();
  await bank.dragMm(2, 1);
  await bank.adjust({ Zoom: 130, Turn: 5 });
  await bank.preview();
  const { document, sha256 } = await bank.send();
  await bank.expectHeading(/Approved/);
  const calls = await callsWith(demo, sha256);
  expect(calls.map((call) => call.resultCode)).toEqual([0]);
  const kept = await decode(await keptPicture(demo, calls[0]?.cardImageId ?? ""));
  expect(psnr(kept.data, await renderReference(path, document.placement, bank.product))).toBeGreaterThanOrEqual(33);
});
