import sharp from "sharp";
import { psnr } from "#image/testing/psnr.ts";
import { largePhoto } from "./support/photos.ts";
import { decode, pixelsOf } from "./support/pictures.ts";
import { addFault, callsWith, clearFaults, keptPicture, setSwitches } from "./support/platform.ts";
import { asBank } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

/** Parts of the landscape card, as fractions of the cut card: one that the platform's template leaves free, and its chip. */
const freePart = { left: 0.45, top: 0.1, width: 0.45, height: 0.3 };
const chipPart = { left: 0.12, top: 0.37, width: 0.11, height: 0.15 };

async function cutPart(bytes: Uint8Array, part: typeof freePart): Promise<Buffer> {
  const { width, height } = await sharp(bytes).metadata();
  return sharp(bytes)
    .extract({
      left: Math.round(width * part.left),
      top: Math.round(height * part.top),
      width: Math.round(width * part.width),
      height: Math.round(height * part.height),
    })
    .removeAlpha()
    .resize(300, 130, { fit: "fill" })
    .raw()
    .toBuffer();
}

test("the platform's preview comes late, in the asked form, and shows the picture that was sent", async ({
  bank,
  demo,
  page,
}) => {
  // Beside what was designed it stands until the card is approved.
  await setSwitches(demo, { review: { mode: "manual" } });
  await addFault(demo, { method: "GetImage", fault: "error-404", times: null });
  await bank.open();
  await bank.place(await largePhoto("march-pastoral", 3000, 2000));
  await bank.preview();
  const previews: string[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/preview?")) previews.push(String(response.status()));
  });
  const early = page.waitForResponse((response) => response.url().includes("/preview?"));
  const shown = page.waitForResponse((response) => response.url().includes("/preview?") && response.status() === 200);
  const { sha256 } = await bank.send();
  await early;
  await clearFaults(demo);
  const answer = await shown;
  expect(previews[0]).toBe("404");

  const image = bank.designer.getByRole("img", { name: "Your card as the card maker shows it" });
  await expect(image).toBeVisible();
  // It has its place on the screen before its file is read.
  await expect(image).toHaveJSProperty("naturalWidth", 856);
  await bank.expectSentence("The card maker’s picture matches yours");
  expect(answer.headers()["cache-control"]).toContain("no-store");

  const ask = async (url: string) => Buffer.from(await (await fetch(url, { headers: asBank(demo) })).arrayBuffer());
  const bytes = await ask(answer.url());
  const about = await sharp(bytes).metadata();
  expect(about).toMatchObject({ format: "png", width: 856, height: 540 });
  const pixels = await sharp(bytes).ensureAlpha().raw().toBuffer();
  expect([pixels[3], pixels[(428 + 270 * 856) * 4 + 3]]).toEqual([0, 255]);

  const onScreen = await pixelsOf(image);
  const flat = await decode(bytes);
  expect(psnr(onScreen.data.subarray(856 * 3 * 200), flat.data.subarray(856 * 3 * 200))).toBeGreaterThan(20);

  const [call] = await callsWith(demo, sha256);
  const cut = await sharp(await keptPicture(demo, call?.cardImageId ?? ""))
    .extract({ left: 12, top: 13, width: 1011, height: 638 })
    .png()
    .toBuffer();
  const bare = await ask(answer.url().replace("type=design-with-template", "type=design"));
  expect(psnr(await cutPart(bytes, freePart), await cutPart(cut, freePart))).toBeGreaterThan(30);
  expect(psnr(await cutPart(bytes, chipPart), await cutPart(cut, chipPart)), "the template's chip").toBeLessThan(15);
  expect(psnr(await cutPart(bare, chipPart), await cutPart(cut, chipPart)), "no template").toBeGreaterThan(30);

  const turned = "width=400&format=jpeg&corner=square&type=print&rotate=90";
  expect(await sharp(await ask(answer.url().replace(/\?.*/, `?${turned}`))).metadata()).toMatchObject({
    format: "jpeg",
    width: 400,
    height: Math.round((400 / 664) * 1036),
  });
});
