import { zoomOf } from "#card/placement.ts";
import { psnr } from "#image/testing/psnr.ts";
import { renderReference } from "#image/testing/reference.ts";
import { chart, cutOutPhoto, largePhoto, photographPath } from "./support/photos.ts";
import { cornersOf, decode, digestInNode } from "./support/pictures.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test("the whole way in another browser than Chromium", async ({ bank, demo }) => {
  const path = await largePhoto("french-alpine-landscape", 4000, 3000);
  await bank.open();
  // Firefox's protocol cannot give files to an input in a frame of another site; dropping them can be done in all.
  await bank.drop(path);
  await expect(bank.card).toBeVisible();
  await bank.adjust({ Zoom: 130, Turn: 5, Across: 0, Down: 0 });
  await bank.dragMm(4, -3);
  await bank.preview();
  await bank.goBack();
  await expect(bank.card).toBeVisible();
  await bank.goBack();
  await bank.expectHeading("Start with a photo");
  await bank.goForward();
  await expect(bank.card).toBeVisible();
  await bank.goForward();
  await bank.expectHeading("Check your card");
  const { photo, sha256 } = await bank.send();
  const { placement } = photo;
  expect(placement.rotationDeg).toBeCloseTo(5, 6);
  expect(zoomOf(placement, { widthPx: 4000, heightPx: 3000 }, bank.product)).toBeCloseTo(1.3, 6);
  // A pixel of the screen is a tenth of a millimetre wide.
  expect(Math.abs(placement.xMm - 4)).toBeLessThan(0.25);
  expect(Math.abs(placement.yMm + 3)).toBeLessThan(0.25);

  await bank.expectHeading(/Approved/);
  const calls = await callsWith(demo, sha256);
  expect(calls.map((call) => call.resultCode)).toEqual([0]);
  const kept = await decode(await keptPicture(demo, calls[0]?.cardImageId ?? ""));
  expect(psnr(kept.data, await renderReference(path, placement, bank.product))).toBeGreaterThanOrEqual(33);
});

test("the picture is the same in another browser and in Node, to the byte", async ({ bank }) => {
  const path = await chart(2400, 1800);
  await bank.open();
  await bank.drop(path);
  await expect(bank.card).toBeVisible();
  await bank.adjust({ Turn: 5 });
  await bank.preview();
  const { photo, sha256 } = await bank.send();
  expect(sha256).toBe(await digestInNode(path, photo.placement, bank.product));
});

test("under a filter, over what is adjusted, the picture is the same in another browser and in Node, to the byte", async ({
  bank,
}) => {
  const path = await chart(2400, 1800);
  await bank.open();
  await bank.drop(path);
  await expect(bank.card).toBeVisible();
  await bank.check(bank.designer.locator("input[value=light]"));
  await bank.designer.getByRole("slider", { name: "Brightness" }).press("ArrowRight");
  await bank.check(bank.designer.locator("input[value=filters]"));
  await bank.check(bank.designer.getByRole("radio", { name: "Film" }));
  await bank.designer.getByRole("slider", { name: "Strength" }).press("ArrowLeft");
  await bank.preview();
  const { design, photo, sha256 } = await bank.send();
  expect(design.look).toMatchObject({ adjust: { brightness: 1 }, filter: { id: "film", percent: 99 } });
  expect(sha256).toBe(await digestInNode(path, photo.placement, bank.product, design.look));
});

test("what a photo leaves transparent prints in the background that was chosen, in another browser too", async ({
  bank,
  demo,
}) => {
  await bank.open();
  await bank.drop(await cutOutPhoto("webp"));
  await bank.check(bank.designer.getByRole("radio", { name: "Navy" }));
  await bank.preview();
  const { design, sha256 } = await bank.send();
  expect(design.ground).toBe("#14274e");
  await bank.expectHeading(/Approved/);
  const [call] = await callsWith(demo, sha256);
  const kept = await decode(await keptPicture(demo, call?.cardImageId ?? ""));
  expect(cornersOf(kept)).toEqual(Array(4).fill("#14274e"));
});

test("a number that is typed over another is taken, or the nearest one that can be, also in Arabic digits", async ({
  bank,
}) => {
  await bank.open({ locale: "ar-EG" });
  await bank.drop(photographPath("french-alpine-landscape"));
  await bank.check(bank.designer.locator("input[value=adjust]"));
  const [zoom, turn] = [bank.designer.getByRole("spinbutton").nth(0), bank.designer.getByRole("spinbutton").nth(1)];
  for (const [field, typed, shown] of [
    [turn, "7", "٧٫٠"],
    [turn, "١٢٫٥", "١٢٫٥"],
    [turn, "-٣", "\u061c-٣٫٠"],
    [zoom, "150", "١٥٠"],
    [zoom, "7", "١٠٠"],
  ] as const) {
    await field.press("ControlOrMeta+a");
    await bank.page.keyboard.type(typed);
    await field.press("Enter");
    await expect(field).toHaveValue(shown);
  }
});
