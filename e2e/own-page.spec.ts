import type { Page } from "@playwright/test";
import { BankPage } from "./support/bank-page.ts";
import { type HostWindow, serveHostPage } from "./support/host-page.ts";
import { newPhoto } from "./support/photos.ts";
import { storedDrafts } from "./support/stored-design.ts";
import { expect, test } from "./support/test.ts";

// Pages of an issuer's own, where the demo bank's would not do.

const inHost = <T>(page: Page, look: (host: HostWindow) => T | Promise<T>): Promise<T> =>
  page.evaluate<T>(`(${look.toString()})(window)`);

test("two designers of different cards on one page: photo, focus, Escape, height, words and sending are each one's own", async ({
  page,
  demo,
}) => {
  const host = await serveHostPage(demo, { lying: "photo-landscape", standing: "photo-portrait" });
  try {
    const lying = new BankPage(page, demo, host.url, "#lying");
    const standing = new BankPage(page, demo, host.url, "#standing");
    const said = (bank: BankPage) => bank.designer.locator("[role=status][aria-live=polite]").first().textContent();
    const height = (id: string) => page.locator(`#${id} iframe`).evaluate((frame) => frame.clientHeight);
    const types = () => inHost(page, ({ events }) => Object.values(events).map((all) => all.map(({ type }) => type)));
    await page.goto(host.url);
    for (const bank of [lying, standing]) await bank.expectHeading("Start with a photo");
    await expect.poll(types).toEqual([["ready"], ["ready"]]);

    await standing.atRest();
    const before = [await height("standing"), await said(standing)];
    await lying.place(await newPhoto());
    await expect.poll(() => said(lying)).not.toBe("");
    await expect(lying.designer.getByRole("heading", { name: "Make it yours" })).toBeFocused();
    await lying.atRest();
    expect([await height("standing"), await said(standing)]).toEqual(before);
    expect((await types())[1]).toEqual(["ready"]);
    await standing.designer.getByRole("heading").first().click();
    await page.keyboard.press("Escape");
    await expect.poll(async () => (await types())[1]).toEqual(["ready", "escape"]);
    expect((await types())[0]).not.toContain("escape");

    await standing.place(await newPhoto());
    await lying.adjust({ Turn: 4 });
    await standing.adjust({ Turn: -3 });
    await lying.preview();
    await standing.preview();
    await lying.press("Back to the design");
    await expect(lying.card, "the step that is left is the one that was pressed in").toBeVisible();
    await standing.expectHeading("Check your card");
    await lying.preview();
    const slow = Promise.withResolvers<void>();
    await page.route("**/submissions", async (route) => {
      await slow.promise;
      await route.continue();
    });
    const leaving = page.waitForRequest("**/submissions");
    const sending = lying.send();
    await leaving;
    const rules = standing.designer.getByRole("checkbox", { name: /My picture follows these rules/ });
    await rules.click();
    slow.resolve();
    const sent = await sending;
    expect([sent.design.productId, sent.photo.placement.rotationDeg]).toEqual(["photo-landscape", 4]);
    await lying.expectHeading(/Approved/);
    await standing.expectHeading("Check your card");
    await expect(rules, "where the cardholder is").toBeFocused();

    expect(await inHost(page, ({ handles }) => handles["lying"]?.close())).toBe("closed");
    await expect(page.locator("#lying iframe")).toHaveCount(0);
    const other = await standing.send();
    expect([other.design.productId, other.photo.placement.rotationDeg]).toEqual(["photo-portrait", -3]);
    await standing.expectHeading(/Approved/);
    const [first, second] = await types();
    expect([first?.filter((type) => type === "submitted"), second?.filter((type) => type === "submitted")]).toEqual([
      ["submitted"],
      ["submitted"],
    ]);
    expect([first?.at(-1), second?.includes("closed")]).toEqual(["closed", false]);
    expect(host.asked.filter((why) => why === "start")).toHaveLength(2);
  } finally {
    await host.stop();
  }
});

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
