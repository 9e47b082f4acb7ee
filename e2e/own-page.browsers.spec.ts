import { BankPage } from "./support/bank-page.ts";
import { serveHostPage } from "./support/host-page.ts";
import { expect, test } from "./support/test.ts";

test.skip(({ browserName }) => browserName !== "firefox", "Firefox is what other tests do not see this in");

test("Tab goes from a page into the frame and out again, both ways", async ({ page, demo }) => {
  const host = await serveHostPage(demo, { card: "photo-landscape" });
  try {
    const { designer } = new BankPage(page, demo, host.url);
    const stops = [
      page.getByRole("link", { name: "Before" }),
      designer.getByRole("button").first(),
      designer.getByRole("button", { name: "Choose a photo", exact: true }),
      designer.getByRole("button", { name: "Start without a photo" }),
      designer.getByRole("button", { name: "Open a saved design" }),
      page.getByRole("link", { name: "Behind" }),
    ];
    await page.goto(host.url);
    await expect(stops[1]!).toBeVisible();
    for (const [key, way] of [
      ["Tab", stops],
      ["Shift+Tab", stops.toReversed().slice(1)],
    ] as const) {
      for (const stop of way) {
        await page.keyboard.press(key);
        await expect(stop).toBeFocused();
      }
    }
  } finally {
    await host.stop();
  }
});
