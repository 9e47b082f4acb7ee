import { psnr } from "#image/testing/psnr.ts";
import { renderReference } from "#image/testing/reference.ts";
import { Fingers } from "./support/fingers.ts";
import { cutOutPhoto, largePhoto, photographPath } from "./support/photos.ts";
import { cornersOf, decode } from "./support/pictures.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { expect, test } from "./support/test.ts";

test("with fingers on a phone: drag, pinch and turn, send, and see what the platform has", async ({
  bank,
  demo,
  page,
  deviceScaleFactor,
}) => {
  const path = await largePhoto("allium-oreophilum", 3000, 4000);
  await bank.open();
  await bank.place(path);
  await test.step("the designer has the whole screen, and Back and the cross give the page back with the design kept", async () => {
    const onScreen = () =>
      page.locator("iframe").evaluate((frame) => {
        const { x, y, width, height } = frame.getBoundingClientRect();
        // But for less than a pixel of the screen's.
        return [x, y, width - innerWidth, height - innerHeight].every((px) => Math.abs(px) < 1);
      });
    const leave = [
      () => bank.goBack(),
      () => bank.press("Back to your bank’s page"),
      () => page.keyboard.press("Escape"),
    ];
    for (const leaves of leave) {
      await expect.poll(onScreen).toBe(true);
      // The designer hears of it a little later, and listens for Escape from then on.
      await expect(bank.designer.getByRole("button", { name: "Back to your bank’s page" })).toBeVisible();
      await leaves();
      await expect.poll(onScreen).toBe(false);
      await expect(page.getByRole("heading", { name: "Put your own picture on your card" })).toBeVisible();
      await bank.press("Back to my design");
    }
    await expect.poll(onScreen).toBe(true);
  });
  // In the middle, from where the gestures are measured.
  await bank.press("Fit to the card");
  const fingers = await Fingers.on(page);
  const { x, y, pxPerMm } = await bank.cardOnScreen();
  await test.step("the card is drawn with all the pixels of the screen", async () => {
    const canvas = bank.card.locator("canvas").first();
    const drawn = () => canvas.evaluate((element) => (element as HTMLCanvasElement).width / element.clientWidth);
    expect(await drawn()).toBeCloseTo(deviceScaleFactor ?? 1, 1);
    expect(await canvas.evaluate(() => devicePixelRatio)).toBe(deviceScaleFactor);
  });

  // Two fingers, 20 mm apart, open to 32 mm and turn by 15 degrees about the card's centre.
  const spread = (distanceMm: number, degrees: number) => {
    const radians = (degrees / 180) * Math.PI;
    const [dx, dy] = [(Math.cos(radians) * distanceMm * pxPerMm) / 2, (Math.sin(radians) * distanceMm * pxPerMm) / 2];
    return [
      { x: x - dx, y: y - dy },
      { x: x + dx, y: y + dy },
    ] as const;
  };
  const [from, to] = [spread(20, 0), spread(32, 15)];
  await fingers.move([from[0], to[0]], [from[1], to[1]]);
  await fingers.move([
    { x, y },
    { x: x + 4 * pxPerMm, y: y + 6 * pxPerMm },
  ]);

  await bank.preview();
  const top = () => page.locator("iframe").evaluate((frame) => frame.getBoundingClientRect().top);
  // But for less than a pixel of the screen's.
  await expect.poll(top, { message: "the preview begins on screen" }).toBeGreaterThan(-0.5);
  const { photo, sha256 } = await bank.send();
  expect(photo.placement.rotationDeg).toBeGreaterThan(13);
  expect(photo.placement.rotationDeg).toBeLessThan(17);
  // The width of the card is covered by 3000 px at a scale of about 88/3000 mm; pinching makes it 1.6 times as large.
  expect(photo.placement.mmPerPx / (87.7 / 3000)).toBeGreaterThan(1.45);
  expect(photo.placement.mmPerPx / (87.7 / 3000)).toBeLessThan(1.75);
  // About 4 mm right and 6 mm down, less the few pixels a finger moves before it counts as a drag.
  expect(photo.placement.xMm).toBeGreaterThan(2.5);
  expect(photo.placement.yMm).toBeGreaterThan(4);

  await bank.expectHeading(/Approved/);
  const [call] = await callsWith(demo, sha256);
  const kept = await decode(await keptPicture(demo, call?.cardImageId ?? ""));
  expect(psnr(kept.data, await renderReference(path, photo.placement, bank.product))).toBeGreaterThanOrEqual(33);
});

test("the designer scrolls when a finger starts beside the card, and the photo moves when it starts on it; a double-tap fits it again", async ({
  bank,
  page,
}) => {
  await bank.open();
  await bank.place(photographPath("allium-oreophilum"));
  const fingers = await Fingers.on(page);
  const { x, y } = await bank.cardOnScreen();
  const scrolled = () => bank.designer.locator("html").evaluate(() => scrollY);
  const before = await scrolled();
  await fingers.move([
    { x, y },
    { x, y: y - 60 },
  ]);
  expect(await scrolled()).toBe(before);
  await expect(bank.designer.getByRole("button", { name: "Undo" })).not.toHaveAttribute("aria-disabled", "true");

  await bank.press("Zoom in");
  const slider = bank.designer.getByRole("slider", { name: "Zoom" });
  await expect(slider).not.toHaveValue("100");
  await bank.cardOnScreen();
  await fingers.doubleTap({ x, y });
  await expect(slider).toHaveValue("100");

  await bank.designer.locator("html").evaluate(() => scrollTo(0, 0));
  // On the sheet between card and dock, which is longer than the room there.
  await bank.designer.getByRole("radio", { name: "Light", exact: true }).tap();
  await expect(bank.designer.getByRole("slider", { name: "Warmth" })).toBeVisible();
  await fingers.move([
    { x: 50, y: 690 },
    { x: 50, y: 420 },
  ]);
  await expect.poll(scrolled).toBeGreaterThan(50);
});

test("what is transparent prints in the background that a finger has chosen", async ({ bank, demo }) => {
  await bank.open();
  await bank.place(await cutOutPhoto("webp"));
  const choose = async (name: string, rgba: readonly number[]) => {
    const choice = bank.designer.getByRole("radio", { name, exact: true });
    await bank.atRest();
    await choice.tap();
    await expect(choice).toBeChecked();
    const corner = () =>
      bank.card
        .locator("canvas")
        .first()
        .evaluate((canvas) => [
          ...((canvas as HTMLCanvasElement).getContext("2d")?.getImageData(0, 0, 1, 1).data ?? []),
        ]);
    await expect.poll(corner, { message: "the card shows it at once" }).toEqual(rgba);
  };
  await choose("Yellow", [246, 197, 68, 255]);
  await choose("Navy", [20, 39, 78, 255]);
  await bank.preview();
  const { design, sha256 } = await bank.send();
  expect(design.ground).toBe("#14274e");
  await bank.expectHeading(/Approved/);
  const [call] = await callsWith(demo, sha256);
  const kept = await decode(await keptPicture(demo, call?.cardImageId ?? ""));
  expect(cornersOf(kept)).toEqual(Array(4).fill("#14274e"));
});
