import { chromium } from "@playwright/test";
import { chromiumArguments, findChromium } from "./scripts/browsers.mjs";
const walks: [string, number, number, "light"|"dark", string][] = [
  ["p-en-light", 390, 664, "light", "en"],
  ["s-de-dark", 360, 640, "dark", "de"],
  ["l-fr-light", 844, 390, "light", "fr"],
  ["p-ar-light", 390, 664, "light", "ar"],
  ["d-en-light", 1440, 900, "light", "en"],
  ["d-ar-dark", 1440, 900, "dark", "ar"],
];
const photo = process.env.PHOTO!;
import { mkdirSync } from "node:fs"; mkdirSync("/tmp/shots/k", { recursive: true });
const browser = await chromium.launch({ ...findChromium(), args: chromiumArguments() });
for (const [tag, w, h, scheme, locale] of walks) {
  if (process.argv[2] && !tag.startsWith(process.argv[2])) continue;
  const touch = w < 1024;
  const ctx = await browser.newContext({ viewport: { width: w, height: h }, colorScheme: scheme, hasTouch: touch, isMobile: touch, deviceScaleFactor: 1 });
  const page = await ctx.newPage();
  page.on("console", (m) => { if (m.type() === "error") console.log(tag, "console", m.text().slice(0, 200)); });
  page.on("pageerror", (e) => console.log(tag, "pageerror", String(e).slice(0, 300)));
  const shot = async (name: string) => { await page.waitForTimeout(900); await page.screenshot({ path: `/tmp/shots/k/${tag}-${name}.png` }); };
  try {
    await page.goto(`http://localhost:4400/?product=photo-landscape&locale=${locale}`);
    const f = page.frameLocator("iframe");
    const act = (l: any) => touch ? l.tap() : l.click();
    const tab = (v: string) => act(f.locator(`label:has(input[value=${v}])`).first());
    await f.locator("input[type=file]").first().waitFor({ state: "attached" });
    await page.locator("iframe").scrollIntoViewIfNeeded();
    await f.locator("input[type=file]").first().setInputFiles(photo);
    await f.getByRole("application").waitFor();
    await page.waitForTimeout(3000);
    await shot("1design");
    await tab("filters"); await page.waitForTimeout(1500); await shot("2filters");
    await tab("text"); await page.waitForTimeout(500); await shot("3text");
    await f.locator("textarea").fill(locale === "ar" ? "مرحبا" : "Hello Zoë");
    await page.waitForTimeout(2500); await shot("4typed");
    await tab("stickers"); await page.waitForTimeout(2500); await shot("5stickers");
    await act(f.locator("[role=toolbar] button").nth(3)); await page.waitForTimeout(800); await shot("6sticker");
    await tab("shapes"); await page.waitForTimeout(500);
    await act(f.locator("section [role=group] > button").nth(3)); await page.waitForTimeout(800); await shot("7shapes");
    await act(f.locator("[class*=next] button").first()); await page.waitForTimeout(3500); await shot("8preview");
  } catch (e) { console.log(tag, String(e).slice(0, 400)); await shot("x"); }
  await ctx.close();
}
await browser.close();
