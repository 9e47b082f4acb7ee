import type { Page } from "@playwright/test";
import { BankPage } from "./support/bank-page.ts";
import { newPhoto } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";
import { storedDrafts, type TestDemo } from "./support/stored-design.ts";

/** From the bank's page to ours. */
async function openHosted(page: Page, demo: TestDemo): Promise<BankPage> {
  const bank = new BankPage(page, demo);
  await bank.open();
  await page.getByRole("link", { name: "The same card designer on a page of its own" }).click();
  await expect(page).toHaveURL(`${demo.designerUrl}/hosted`);
  return bank;
}

test("on a page of the designer's own server: photo, a page that is loaded again, approval and back to the bank", async ({
  page,
  demo,
}) => {
  const bank = await openHosted(page, demo);
  await expect(page).toHaveTitle(/Your card design · Harbour Bank/);
  const others = storedDrafts(demo).map(({ sha256 }) => sha256);
  await bank.place(await newPhoto());
  await expect.poll(() => storedDrafts(demo).filter(({ sha256 }) => !others.includes(sha256))).toHaveLength(1);

  await test.step("loaded again, the page goes on without its code, and the design is there", async () => {
    await page.reload();
    await expect(page).toHaveURL(`${demo.designerUrl}/hosted`);
    await expect(bank.card).toBeVisible();
  });

  await test.step("the way back keeps the design and says so to the bank", async () => {
    await page.getByRole("link", { name: "Back to Harbour Bank" }).click();
    await expect(page.locator("#events li[data-type=returned]")).toContainText("kept");
    await page.getByRole("link", { name: "The same card designer on a page of its own" }).click();
    await expect(bank.card).toBeVisible();
  });

  await bank.preview();
  const sent = await bank.send();
  await bank.expectHeading(/Approved/);
  await page.getByRole("link", { name: "Back to Harbour Bank" }).click();
  await expect(page.locator("#events li[data-type=returned]")).toContainText(/sub_[\w-]+/);
  expect(sent.sha256).toMatch(/^[0-9a-f]{64}$/);
  await bank.expectHeading(/Approved/);
});

test("an address that has been used says so, and another in the same tab works", async ({ page, demo }) => {
  const addresses: string[] = [];
  page.on("response", async (response) => {
    if (response.url().includes("/hosted?")) addresses.push((await response.headerValue("location")) ?? "");
  });
  await openHosted(page, demo);
  await expect(page.locator("iframe")).toBeVisible();
  await expect.poll(() => addresses[0]).toMatch(/\/hosted#hpc_/);
  const [used = ""] = addresses;
  const other = await page.context().newPage();
  await other.goto(used);
  await expect(other.getByRole("alert")).toContainText("This link does not work any more");
  expect(await other.evaluate(() => location.hash)).toBe("");
});
