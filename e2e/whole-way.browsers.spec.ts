import { writeFile } from "node:fs/promises";
import { zoomOf } from "#card/placement.ts";
import { colourful } from "#image/testing/odd-files.ts";
import { cutOutChart, photographPath } from "./support/photos.ts";
import { cornersOf, decode, digestInNode } from "./support/pictures.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test("the whole way in another browser than Chromium, and the same picture as in Node, to the byte", async ({
  bank,
  demo,
}, testInfo) => {
  const { designer, card } = bank;
  const path = await cutOutChart(2400, 1800);
  /** What is drawn of the photo, small. */
  const drawn = (): Promise<string> =>
    card
      .locator("canvas")
      .first()
      .evaluate(async (canvas) => {
        await new Promise(requestAnimationFrame);
        const surface = new OffscreenCanvas(24, 16).getContext("2d");
        surface?.drawImage(canvas as HTMLCanvasElement, 0, 0, 24, 16);
        return surface?.getImageData(0, 0, 24, 16).data.toString() ?? "";
      });
  await bank.open();
  // Firefox's protocol cannot give files to an input in a frame of another site; dropping them can be done in all.
  await bank.drop(photographPath("march-pastoral"));
  await expect(card).toBeVisible();
  const nothing = Array.from({ length: 24 * 16 * 4 }, () => 0).toString();
  await expect.poll(drawn).not.toBe(nothing);
  const before = await drawn();
  const cut = testInfo.outputPath("cut.jpg");
  const good = await colourful().jpeg().toBuffer();
  await writeFile(cut, good.subarray(0, good.length >> 1));
  await bank.drop(cut);
  await expect(designer.locator("[data-tone=problem]")).toContainText("This photo cannot be read to its end");
  await bank.drop(path);
  await expect.poll(drawn).not.toBe(before);
  await expect(designer.locator("[data-tone=problem]")).toHaveCount(0);

  await bank.check(designer.getByRole("radio", { name: "Navy" }));
  await bank.adjust({ Zoom: 130, Turn: 5, Across: 0, Down: 0 });
  await bank.dragMm(4, -3);
  await bank.check(designer.locator("input[value=light]"));
  await designer.getByRole("slider", { name: "Brightness" }).press("ArrowRight");
  await bank.check(designer.locator("input[value=filters]"));
  await bank.check(designer.getByRole("radio", { name: "Film" }));
  await designer.getByRole("slider", { name: "Strength" }).press("ArrowLeft");
  await bank.preview();
  await bank.goBack();
  await expect(card).toBeVisible();
  await bank.goBack();
  await bank.expectHeading("Start with a photo");
  await bank.goForward();
  await expect(card).toBeVisible();
  await bank.goForward();
  await bank.expectHeading("Check your card");
  const { design, photo, sha256 } = await bank.send();
  const { placement } = photo;
  expect(placement.rotationDeg).toBeCloseTo(5, 6);
  expect(zoomOf(placement, { widthPx: 2400, heightPx: 1800 }, bank.product)).toBeCloseTo(1.3, 6);
  // A pixel of the screen is a tenth of a millimetre wide.
  expect(Math.abs(placement.xMm - 4)).toBeLessThan(0.25);
  expect(Math.abs(placement.yMm + 3)).toBeLessThan(0.25);
  expect(design.ground).toBe("#14274e");
  expect(design.look).toMatchObject({ adjust: { brightness: 1 }, filter: { id: "film", percent: 99 } });
  expect(sha256).toBe(await digestInNode(path, placement, bank.product, design));

  await bank.expectHeading(/Approved/);
  const calls = await callsWith(demo, sha256);
  expect(calls.map((call) => call.resultCode)).toEqual([0]);
  const kept = await decode(await keptPicture(demo, calls[0]?.cardImageId ?? ""));
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
