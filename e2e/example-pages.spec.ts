import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { BankPage } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";
import { storedDrafts, type TestDemo } from "./support/stored-design.ts";

/** From the bank's first page, where all ways stand, to one of them. */
async function follow(page: Page, demo: TestDemo, way: RegExp): Promise<BankPage> {
  const bank = new BankPage(page, demo);
  await bank.open();
  await page.getByRole("navigation", { name: "Five ways" }).getByRole("link", { name: way }).click();
  return bank;
}

async function expectFit(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  // npm nests a second playwright-core; the two differ in nothing that matters here.
  const { violations } = await new AxeBuilder({ page: page as never }).exclude("iframe").analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
}

const fee = (page: Page) => page.getByRole("dialog", { name: "A card with your picture costs €5.00" });

test("in React: props change in place, what is not paid for is not sent, and then it is", async ({ page, demo }) => {
  const bank = await follow(page, demo, /^React/);
  await expect(page.getByText("Sessions asked for: 1")).toBeVisible();
  await bank.place(await newPhoto());
  await page.getByRole("radio", { name: "Plum" }).check();
  await page.getByRole("combobox", { name: "Language" }).selectOption("de");
  await bank.expectHeading("Ganz Ihre Karte");
  await expect(page.getByText("Angefragte Sitzungen: 1")).toBeVisible();
  await page.getByRole("combobox", { name: "Sprache" }).selectOption("en");
  await expect(bank.card).toBeVisible();
  await expectFit(page);

  await bank.preview();
  await bank.agree();
  await bank.press("Send my design");
  await expectFit(page);
  await fee(page).getByRole("button", { name: "Do not send" }).click();
  await bank.expectSentence("You have not agreed to the fee, so nothing was sent. Your design is still here.");
  const post = page.waitForRequest((request) => request.url().endsWith("/submissions"));
  await bank.press("Send my design");
  await fee(page).getByRole("button", { name: "Agree and send" }).click();
  expect((await (await post).response())?.status()).toBe(202);
  await bank.expectHeading(/Approved/);
});

test("in React: a designer that the page closes comes back with its design, or without where that is to be deleted", async ({
  page,
  demo,
}) => {
  const others = storedDrafts(demo).map(({ sha256 }) => sha256);
  const own = () => storedDrafts(demo).filter(({ sha256 }) => !others.includes(sha256));
  const bank = await follow(page, demo, /^React/);
  await bank.place(await newPhoto());
  await expect.poll(own).toHaveLength(1);
  await page.getByRole("button", { name: "Close, keep the design" }).click();
  await expect(page.getByText("The designer is closed. Your design is kept.")).toBeVisible();
  await expect(page.locator("iframe")).toHaveCount(0);

  await page.getByRole("button", { name: "Open it again" }).click();
  await expect(bank.card).toBeVisible();
  await page.getByRole("button", { name: "Close, delete the design" }).click();
  await expect(page.getByText("The designer is closed. No unsent design is kept.")).toBeVisible();
  await expect.poll(own).toEqual([]);
  await page.getByRole("button", { name: "Open it again" }).click();
  await bank.expectHeading("Start with a photo");
});

test("in React: a script that does not come is said in the designer's place, and can be tried again", async ({
  page,
  demo,
}) => {
  const script = `${demo.designerUrl}/embed/card-designer.js`;
  await page.route(script, (route) => route.abort());
  await page.goto(`${demo.bankUrl}/react`);
  await expect(page.getByRole("alert")).toContainText("The card designer could not be opened");
  await expectFit(page);
  await page.unroute(script);
  await page.getByRole("button", { name: "Try again" }).click();
  await new BankPage(page, demo).expectHeading("Start with a photo");
});

test("in the bank's app: out to the hosted page, and back to the app's own screen with the design kept", async ({
  page,
  demo,
}) => {
  const bank = await follow(page, demo, /^In the bank’s app/);
  await expect(page.getByRole("complementary", { name: "What you see here" })).toContainText("opens the hosted page");
  await expectFit(page);
  await page.getByRole("link", { name: "Design your card" }).click();
  await expect(page).toHaveURL(`${demo.designerUrl}/hosted`);
  await bank.place(await newPhoto());
  await page.getByRole("link", { name: "Back to Harbour Bank" }).click();
  await expect(page).toHaveURL(/\/in-app\?product=photo-landscape&locale=en$/);
  await expect(page.getByRole("status")).toHaveText("Your design is kept. Go on whenever you like.");
  await page.getByRole("link", { name: "Design your card" }).click();
  await expect(bank.card).toBeVisible();
});

test("every way that the first page names leads to a designer", async ({ page, demo }) => {
  const bank = new BankPage(page, demo);
  const links = page.getByRole("navigation", { name: "Five ways" }).getByRole("link");
  await bank.open();
  await expect(links).toHaveCount(5);
  const firstPage = page.url();
  const addresses = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
  expect(new Set(addresses).size).toBe(5);
  for (const [index, address] of addresses.entries()) {
    if (index > 0) await page.goto(firstPage);
    await links.nth(index).click();
    const { pathname, searchParams } = new URL(address);
    await expect.poll(() => new URL(page.url()).pathname).toBe(pathname);
    if (searchParams.get("locale") === "ar") await expect(page.locator("html")).toHaveAttribute("dir", "rtl");
    if (pathname === "/in-app") await page.getByRole("link", { name: "Design your card" }).click();
    await expect(bank.designer.locator("input[type=file]").first()).toBeAttached();
  }
});
