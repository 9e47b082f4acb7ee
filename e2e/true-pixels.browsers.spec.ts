import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { firefox } from "@playwright/test";
import sharp from "sharp";
import { readProfile } from "#image/rare/icc.ts";
import { BankPage } from "./support/bank-page.ts";
import { chart, photographPath } from "./support/photos.ts";
import { digestInNode } from "./support/pictures.ts";
import { expect, test } from "./support/test.ts";

type Settings = Readonly<Record<string, string | number | boolean>>;

const protection = "privacy.fingerprintingProtection";
/** The canvas gives noise, films do not. */
const noise: Settings = {
  [protection]: true,
  [`${protection}.overrides`]: "+CanvasImageExtractionPrompt,+CanvasRandomization",
};

/** All colours go to the screen's, also those of pictures that say nothing of theirs. */
const onScreen = (profile: string): Settings => ({
  "gfx.color_management.mode": 1,
  "gfx.color_management.display_profile": profile,
  "gfx.color_management.enablev4": true,
});

/** The RGBA pixels of a file with a profile, through our own reading of it. */
async function toSrgb(path: string): Promise<Uint8ClampedArray> {
  const { icc } = await sharp(path).metadata();
  const stored = await sharp(path, { ignoreIcc: true }).removeAlpha().raw().toBuffer();
  const rgba = new Uint8ClampedArray((stored.length / 3) * 4).fill(255);
  const samples = Uint16Array.from(stored, (value) => value * 257);
  readProfile(icc ?? new Uint8Array(), "RGB ")?.(samples, stored.length / 3, rgba);
  return rgba;
}

test("the same card leaves Firefox on any screen and with a protected canvas; where all pixels are noise, it says so", async ({
  browserName,
  demo,
  launchOptions,
  channel,
}, testInfo) => {
  test.skip(browserName !== "firefox", "they are Firefox's settings");
  test.setTimeout(240_000);
  const options = { ...launchOptions, ...(channel !== undefined && { channel }) };
  const withFirefox = async (settings: Settings, use: (bank: BankPage) => Promise<void>): Promise<void> => {
    const browser = await firefox.launch({
      ...options,
      firefoxUserPrefs: { ...options.firefoxUserPrefs, ...settings },
    });
    try {
      await use(new BankPage(await browser.newPage(), demo));
    } finally {
      await browser.close();
    }
  };
  const expectTruePixels = async (bank: BankPage, path: string, inSrgb = path): Promise<void> => {
    await bank.open();
    await bank.drop(path);
    await expect(bank.card).toBeVisible();
    await bank.preview();
    const { photo, sha256 } = await bank.send();
    expect.soft(sha256, basename(path)).toBe(await digestInNode(inSrgb, photo.placement, bank.product));
  };
  const plain = await chart(2400, 1600);
  // In Display P3, as telephones have it.
  const wide = testInfo.outputPath("wide.png");
  const inSrgb = testInfo.outputPath("wide-in-srgb.png");
  const photo = sharp(photographPath("french-alpine-landscape")).resize(1200, 800);
  await photo.withIccProfile("p3").png().toFile(wide);
  await sharp(await toSrgb(wide), { raw: { width: 1200, height: 800, channels: 4 } })
    .png()
    .toFile(inSrgb);
  const profile = testInfo.outputPath("display-p3.icc");
  await writeFile(profile, (await sharp(wide).metadata()).icc ?? "");

  await withFirefox(onScreen(profile), (bank) => expectTruePixels(bank, plain));
  await withFirefox({ ...onScreen(profile), ...noise }, (bank) => expectTruePixels(bank, wide, inSrgb));
  await withFirefox({ "privacy.resistFingerprinting": true }, async (bank) => {
    await bank.page.goto(demo.bankUrl);
    await bank.expectHeading("This browser changes pictures");
  });
});
