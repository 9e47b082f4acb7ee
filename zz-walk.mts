import { chromium } from "@playwright/test";
import { findChromium, chromiumArguments } from "./scripts/browsers.mjs";
import { BankPage } from "./e2e/support/bank-page.ts";
const [w, h, scheme, locale, photo, product, tag, scale] = process.argv.slice(2);
const touch = +w! < 900;
const browser = await chromium.launch({ ...findChromium(), args: [...chromiumArguments(), `--force-device-scale-factor=${scale ?? 2}`] });
const context = await browser.newContext({ viewport: { width: +w!, height: +h! }, colorScheme: scheme as "light", hasTouch: touch, isMobile: touch, deviceScaleFactor: +(scale ?? 2) });
const page = await context.newPage();
page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
page.on("pageerror", (e) => console.log("pageerror", e.message));
const bank = new BankPage(page, {} as never, process.env.BANK ?? "http://localhost:4400");
const shot = async (name: string) => { await page.waitForTimeout(700); await page.screenshot({ path: `/tmp/s-${tag}-${name}.png` }); };
page.setDefaultTimeout(40_000);
try {
  if (locale === "en") await bank.open({ productId: product, locale });
  else { await page.goto(`${process.env.BANK ?? "http://localhost:4400"}/?product=${product}&locale=${locale}`); await bank.designer.locator("input[type=file]").first().waitFor({ state: "attached" }); await page.waitForTimeout(1500); }
  await shot("1first");
  await bank.pick(photo!);
  await bank.card.waitFor();
  await shot("2design");
  await bank.designer.locator("input[value=adjust]").click({ force: true });
  await shot("3adjust");
  await bank.designer.locator("input[value=light]").click({ force: true });
  await shot("4light");
  if (locale !== "en") { await browser.close(); process.exit(0); }
  await bank.designer.getByRole("button", { name: "See the print preview" }).click();
  await bank.designer.locator("input[type=checkbox]").first().waitFor();
  await shot("5preview");
  await bank.designer.locator("input[type=checkbox]").first().check({ force: true });
  await bank.designer.getByRole("button", { name: "Send my card" }).click();
  await shot("6sent");
  await bank.designer.getByRole("heading", { name: /Approved/ }).waitFor({ timeout: 60_000 });
  await shot("7approved");
} catch (e) { console.log("FAILED", String(e).slice(0, 600)); await shot("failed"); }
await browser.close();
