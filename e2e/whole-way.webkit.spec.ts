import { By, until } from "selenium-webdriver";
import { zoomOf } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { photoOf } from "#design/design.ts";
import { cutOutChart } from "./support/photos.ts";
import { cornersOf, decode, digestInNode } from "./support/pictures.ts";
import { keptPicture, keptPictures } from "./support/platform.ts";
import { storedDesign } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";
import { button, press, typeNumber, withWebKit } from "./support/webkit.ts";

const [product] = products;
const patienceMs = 30_000;
/** A decoder is loaded and compiled first, and a large photo decoded, on a busy machine. */
const openingPatienceMs = 120_000;

test("open, choose, place, colour and send in WebKit: the picture is the same as in Node, to the byte", async ({
  demo,
}) => {
  const path = await cutOutChart(2400, 1800);
  await withWebKit(async (browser) => {
    await browser.get(`${demo.bankUrl}/?product=${product.id}&locale=en`);
    await browser.switchTo().frame(await browser.wait(until.elementLocated(By.css("iframe")), patienceMs));
    const input = await browser.wait(until.elementLocated(By.css("input[type=file]:not([capture])")), patienceMs);
    await input.sendKeys(path);

    // It stands there before there is a photo, unseen.
    const card = await browser.wait(until.elementLocated(By.css("[role=application]")), patienceMs);
    await browser.wait(until.elementIsVisible(card), openingPatienceMs);
    await browser.actions().move({ origin: card }).press().move({ origin: card, x: 20, y: 60 }).release().perform();
    await card.sendKeys("]]]++");
    await press(browser, await browser.findElement(By.css('input[value="#14274e"]')));
    await press(browser, await browser.findElement(By.css("input[value=filters]")));
    await press(browser, await browser.wait(until.elementLocated(By.css('input[value="film"]')), patienceMs));
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
  const { design } = storedDesign(demo, kept.sha256);
  const placement = photoOf(design)?.placement;
  if (placement === undefined) throw new Error("no photo lies on the card");
  expect(placement.yMm, "it was dragged").toBeGreaterThan(0.5);
  expect(placement.rotationDeg).toBeCloseTo(-3.5, 5);
  expect(zoomOf(placement, { widthPx: 2400, heightPx: 1800 }, product)).toBeCloseTo(1.2, 6);
  expect(design.look).toEqual({ filter: { id: "film", percent: 100 } });
  expect(design.ground).toBe("#14274e");
  expect(kept.sha256).toBe(await digestInNode(path, placement, product, design));
  const picture = await decode(await keptPicture(demo, kept.cardImageId));
  expect(cornersOf(picture)).toEqual(Array(4).fill("#14274e"));
});
