import { readFile } from "node:fs/promises";
import { By, until } from "selenium-webdriver";
import { type PhotoSize, zoomOf } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { digestOfOwnJpeg } from "#image/testing/own-jpegs.ts";
import { chart, cutOutPhoto } from "./support/photos.ts";
import { cornersOf, decode, digestInNode } from "./support/pictures.ts";
import { keptPicture, keptPictures } from "./support/platform.ts";
import { heicPhoto, ownJpeg } from "./support/rare-photos.ts";
import { storedDesign, type TestDemo } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";
import { button, press, typeNumber, withWebKit } from "./support/webkit.ts";

const patienceMs = 30_000;
/** A decoder is loaded and compiled first, and a large photo decoded, on a busy machine. */
const openingPatienceMs = 120_000;

/** Opens, chooses the photo, places it and sends it. Returns what the platform then has of it, and where it lies. */
async function goTheWholeWay(demo: TestDemo, path: string, size: PhotoSize, ground?: string, filter?: string) {
  await withWebKit(async (browser) => {
    await browser.get(`${demo.bankUrl}/?product=photo-landscape&locale=en`);
    await browser.switchTo().frame(await browser.wait(until.elementLocated(By.css("iframe")), patienceMs));
    const input = await browser.wait(until.elementLocated(By.css("input[type=file]:not([capture])")), patienceMs);
    await input.sendKeys(path);

    // It stands there before there is a photo, unseen.
    const card = await browser.wait(until.elementLocated(By.css("[role=application]")), patienceMs);
    await browser.wait(until.elementIsVisible(card), openingPatienceMs);
    await browser.actions().move({ origin: card }).press().move({ origin: card, x: 20, y: 60 }).release().perform();
    await card.sendKeys("]]]++");
    if (ground !== undefined) await press(browser, await browser.findElement(By.css(`input[value="${ground}"]`)));
    if (filter !== undefined) {
      await press(browser, await browser.findElement(By.css("input[value=filters]")));
      await press(browser, await browser.wait(until.elementLocated(By.css(`input[value="${filter}"]`)), patienceMs));
    }
    await press(browser, await browser.findElement(By.css("input[value=adjust]")));
    // Selected and typed over, 7 is 7 and not 0.07 or 3.07; what cannot be is the nearest that can.
    expect(await typeNumber(browser, "Turn", "7")).toBe("7.0");
    expect(await typeNumber(browser, "Turn", "-3.5")).toBe("-3.5");
    expect(await typeNumber(browser, "Zoom", "7")).toBe("100");
    expect(await typeNumber(browser, "Zoom", "120")).toBe("120");
    await press(browser, await browser.findElement(button("See the print preview")));

    const agreement = await browser.wait(
      until.elementLocated(By.css("input[type=checkbox][aria-invalid]")),
      openingPatienceMs,
    );
    await press(browser, agreement);
    await press(browser, await browser.findElement(button("Send my design")));
    await browser.wait(until.elementLocated(By.xpath('//*[contains(., "Approved. It’s yours")]')), patienceMs);
  });

  const [kept] = await keptPictures(demo);
  if (kept === undefined) throw new Error("the platform has received nothing");
  const product = findProduct("photo-landscape");
  if (product === undefined) throw new Error("the product is gone");
  const { design } = storedDesign(demo, kept.sha256);
  const placement = photoOf(design)?.placement;
  if (placement === undefined) throw new Error("no photo lies on the card");
  expect(placement.rotationDeg).toBeCloseTo(-3.5, 5);
  expect(zoomOf(placement, size, product)).toBeCloseTo(1.2, 6);
  const picture = await decode(await keptPicture(demo, kept.cardImageId));
  return { picture, sha256: kept.sha256, design, placement, product };
}

test("open, choose, place and send in WebKit: the picture is the same as in Node, to the byte", async ({ demo }) => {
  const path = await chart(4000, 3000);
  const { sha256, placement, product } = await goTheWholeWay(demo, path, { widthPx: 4000, heightPx: 3000 });
  expect(placement.yMm, "it was dragged").toBeGreaterThan(0.5);
  expect(sha256).toBe(await digestInNode(path, placement, product));
});

test("the picture under a filter is the same in WebKit and in Node, to the byte", async ({ demo }) => {
  const path = await chart(2400, 1800);
  const size = { widthPx: 2400, heightPx: 1800 };
  const { sha256, design, placement, product } = await goTheWholeWay(demo, path, size, undefined, "film");
  expect(design.look).toEqual({ filter: { id: "film", percent: 100 } });
  expect(sha256).toBe(await digestInNode(path, placement, product, design.look));
});

test("the picture of a HEIC is the same in WebKit and in Node, to the byte", async ({ demo }) => {
  const { path, pngPath } = await heicPhoto("webkit");
  const { sha256, placement, product } = await goTheWholeWay(demo, path, { widthPx: 1512, heightPx: 2016 });
  expect(sha256).toBe(await digestInNode(pngPath, placement, product));
});

test("what a photo leaves transparent prints in the background that was chosen, in WebKit too", async ({ demo }) => {
  const path = await cutOutPhoto("png");
  const { width: widthPx, height: heightPx } = await decode(await readFile(path));
  const size = { widthPx, heightPx };
  const { picture, design } = await goTheWholeWay(demo, path, size, "#14274e");
  expect(design.ground).toBe("#14274e");
  expect(cornersOf(picture)).toEqual(Array(4).fill("#14274e"));
});

test("the picture of a JPEG of four inks is the same in WebKit and in Node, to the byte", async ({ demo }) => {
  const { path, bytes } = await ownJpeg("webkit", "inks");
  const { sha256, placement, product } = await goTheWholeWay(demo, path, { widthPx: 1200, heightPx: 1600 });
  expect(sha256).toBe(await digestOfOwnJpeg(bytes, () => placement, product));
});
