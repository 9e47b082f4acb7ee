import type { Page } from "@playwright/test";
import { BankPage } from "./support/bank-page.ts";
import { type HostWindow, serveHostPage } from "./support/host-page.ts";
import { newPhoto } from "./support/photos.ts";
import { storedDrafts } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

// Pages of an issuer's own, where the demo bank's would not do.

const inHost = <T>(page: Page, look: (host: HostWindow) => T | Promise<T>): Promise<T> =>
  page.evaluate<T>(`(${look.toString()})(window)`);

test("two designers on a phone: the one with a photo lies over the page, and Escape gives it back to the other", async ({
  page,
  demo,
}) => {
  const host = await serveHostPage(demo, { lying: "photo-landscape", standing: "photo-portrait" });
  try {
    await page.setViewportSize({ width: 390, height: 844 });
    const lying = new BankPage(page, demo, host.url, "#lying");
    const standing = new BankPage(page, demo, host.url, "#standing");
    const inert = () =>
      page.evaluate(() => ["lying", "standing"].map((id) => document.getElementById(id)?.inert ?? false));
    await page.goto(host.url);
    for (const bank of [lying, standing]) await bank.expectHeading("Start with a photo");
    await lying.place(await newPhoto());
    await expect.poll(inert).toEqual([false, true]);
    await expect(lying.designer.getByRole("button", { name: "Back to your bank’s page" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect.poll(inert).toEqual([false, false]);
    await standing.place(await newPhoto());
    await expect.poll(inert).toEqual([true, false]);
    await expect(standing.designer.getByRole("button", { name: "Back to your bank’s page" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect.poll(inert).toEqual([false, false]);
    await lying.press("Back to my design");
    await expect.poll(inert).toEqual([false, true]);
    await expect(lying.card).toBeVisible();
  } finally {
    await host.stop();
  }
});

test("a page that Back loads anew, has the card as it was left", async ({ page, demo }) => {
  const host = await serveHostPage(demo, { card: "photo-landscape" });
  try {
    const others = storedDrafts(demo).map(({ sha256 }) => sha256);
    const bank = new BankPage(page, demo, host.url);
    await page.goto(host.url);
    await bank.place(await newPhoto());
    await expect.poll(() => storedDrafts(demo).filter(({ sha256 }) => !others.includes(sha256))).toHaveLength(1);
    await bank.adjust({ Turn: 4 });
    await page.goto(demo.secondBankUrl);
    await page.goBack();
    await bank.check(bank.designer.getByRole("radio", { name: "Adjust" }));
    await expect(bank.numberField("Turn")).toHaveValue("4.0");
    expect(await inHost(page, ({ kept }) => kept)).toEqual([false]);
    expect(host.asked).toEqual(["start", "start"]);
  } finally {
    await host.stop();
  }
});
