import { chromium, expect } from "@playwright/test";
import { findChromium, chromiumArguments } from "./scripts/browsers.mjs";
import { BankPage } from "./e2e/support/bank-page.ts";
import { en } from "#designer/locales/en.ts"; import { de } from "#designer/locales/de.ts"; import { ar } from "#designer/locales/ar.ts";
const [w, h, scheme, locale, photo, product, tag, scale, port, steps = ""] = process.argv.slice(2);
const t = { en, de, ar }[locale as "en"];
const touch = +w! < 900;
const browser = await chromium.launch({ ...findChromium(), args: [...chromiumArguments(), `--force-device-scale-factor=${scale ?? 2}`] });
const context = await browser.newContext({ viewport: { width: +w!, height: +h! }, colorScheme: scheme as "light", hasTouch: touch, isMobile: touch, deviceScaleFactor: +(scale ?? 2) });
const page = await context.newPage();
page.on("console", (m) => m.type() === "error" && console.log("console", m.text()));
page.on("pageerror", (e) => console.log("pageerror", e.message));
const url = `http://localhost:${port || 4400}`;
const bank = new BankPage(page, {} as never, url);
const shot = async (name: string) => { await page.waitForTimeout(900); await page.screenshot({ path: `/tmp/s-${tag}-${name}.png` }); };
page.setDefaultTimeout(60_000);
try {
  await page.goto(`${url}/?product=${product}&locale=${locale}`);
  await bank.designer.getByRole("heading", { level: 1, name: t["pick.title"] }).waitFor();
  await bank.designer.locator("input[type=file]").first().waitFor({ state: "attached" });
  await page.waitForTimeout(1000);
  if (steps === "" || steps.includes("1")) await shot("1first");
  await bank.pick(photo!);
  await bank.card.waitFor();
  await page.waitForTimeout(1500);
  await shot("2design");
  await bank.designer.getByRole("button", { name: t["design.next"] }).click();
  await bank.designer.locator("input[type=checkbox]").first().waitFor();
  await shot("5preview");
  if (steps.includes("v")) for (const [i, v] of (await bank.designer.locator("input[type=radio]:visible").all()).entries()) { await v.check({ force: true }); await shot(`5view${i}`); }
  await bank.designer.locator("input[type=checkbox]").first().check({ force: true });
  await bank.designer.getByRole("button", { name: t["preview.send"] }).click();
  await bank.designer.getByRole("heading", { name: t["follow.title.approved"] }).waitFor();
  await shot("7approved");
} catch (e) { console.log("FAILED", String(e).slice(0, 600)); await shot("failed"); }
await browser.close();
