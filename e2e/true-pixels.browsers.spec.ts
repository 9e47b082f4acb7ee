import { writeFile } from "node:fs/promises";
import { firefox } from "@playwright/test";
import sharp from "sharp";
import { BankPage } from "./support/bank-page.ts";
import { chart, largePhoto } from "./support/photos.ts";
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

test("the same card leaves Firefox on any screen and with a protected canvas; where all pixels are noise, it says so", async ({
  browserName,
  bank: usual,
  demo,
  launchOptions,
  channel,
}, testInfo) => {
  test.skip(browserName !== "firefox", "they are Firefox's settings");
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
  const card = async (bank: BankPage, path: string) => {
    await bank.open();
    await bank.drop(path);
    await expect(bank.card).toBeVisible();
    await bank.preview();
    const { photo, sha256 } = await bank.send();
    return { sha256, inNode: () => digestInNode(path, photo.placement, bank.product) };
  };
  const plain = await chart(2400, 1600);
  // Of a telephone: Display P3.
  const wide = testInfo.outputPath("wide.jpg");
  const photo = sharp(await largePhoto("french-alpine-landscape", 2000, 1500));
  await photo.withIccProfile("p3").jpeg({ quality: 90 }).toFile(wide);
  const profile = testInfo.outputPath("display-p3.icc");
  await writeFile(profile, (await sharp(wide).metadata()).icc ?? "");

  const { sha256: wideAnywhere } = await card(usual, wide);
  await withFirefox(onScreen(profile), async (bank) => {
    const { sha256, inNode } = await card(bank, plain);
    expect.soft(sha256, "a PNG, on a wide screen").toBe(await inNode());
  });
  await withFirefox({ ...onScreen(profile), ...noise }, async (bank) => {
    expect.soft((await card(bank, wide)).sha256, "a wide JPEG, on a wide screen").toBe(wideAnywhere);
  });
  await withFirefox({ "privacy.resistFingerprinting": true }, async (bank) => {
    await bank.page.goto(demo.bankUrl);
    await bank.expectHeading("This browser changes pictures");
  });
});
