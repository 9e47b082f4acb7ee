import { writeFile } from "node:fs/promises";
import { firefox, type Page } from "@playwright/test";
import sharp from "sharp";
import { coverPlacement, type PhotoSize, type Placement } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { BankPage } from "./support/bank-page.ts";
import { type PhotoToMake, picturesIn } from "./support/made-pictures.ts";
import { chart, largePhoto } from "./support/photos.ts";
import { digestInNode } from "./support/pictures.ts";
import { expect, test } from "./support/test.ts";

const [product] = products;
const covering = (size: PhotoSize): Placement => coverPlacement(size, product);

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
  page: usual,
  demo,
  launchOptions,
  channel,
}, testInfo) => {
  test.skip(browserName !== "firefox", "they are Firefox's settings");
  const options = { ...launchOptions, ...(channel !== undefined && { channel }) };
  const withFirefox = async (settings: Settings, use: (page: Page) => Promise<void>): Promise<void> => {
    const browser = await firefox.launch({
      ...options,
      firefoxUserPrefs: { ...options.firefoxUserPrefs, ...settings },
    });
    try {
      await use(await browser.newPage());
    } finally {
      await browser.close();
    }
  };
  const digestIn = async (page: Page, photo: PhotoToMake): Promise<string | undefined> => {
    const visit = async (url: string, use: () => Promise<unknown>): Promise<void> => {
      await page.goto(url);
      await use();
    };
    const { missing, faults, made } = await picturesIn(visit, [photo]);
    expect.soft([missing, faults], "what is missing, or goes against the page's policy").toEqual([[], []]);
    const found = made[photo.name];
    if (found === undefined || "problem" in found) throw new Error(`${photo.name}: ${found?.problem}`);
    return found.sha256;
  };
  const plain = {
    name: "a PNG",
    file: await chart(2400, 1600),
    placement: covering({ widthPx: 2400, heightPx: 1600 }),
  };
  // Of a telephone: Display P3.
  const file = testInfo.outputPath("wide.jpg");
  const photo = sharp(await largePhoto("french-alpine-landscape", 2000, 1500));
  await photo.withIccProfile("p3").jpeg({ quality: 90 }).toFile(file);
  const wide = { name: "a wide JPEG", file, placement: covering({ widthPx: 2000, heightPx: 1500 }) };
  const profile = testInfo.outputPath("display-p3.icc");
  await writeFile(profile, (await sharp(file).metadata()).icc ?? "");

  const wideAnywhere = await digestIn(usual, wide);
  await withFirefox(onScreen(profile), async (page) => {
    const inNode = await digestInNode(plain.file, plain.placement, product);
    expect.soft(await digestIn(page, plain), "a PNG, on a wide screen").toBe(inNode);
  });
  await withFirefox({ ...onScreen(profile), ...noise }, async (page) => {
    expect.soft(await digestIn(page, wide), "a wide JPEG, on a wide screen").toBe(wideAnywhere);
  });
  await withFirefox({ "privacy.resistFingerprinting": true }, async (page) => {
    await page.goto(demo.bankUrl);
    await new BankPage(page, demo).expectHeading("This browser changes pictures");
  });
});
