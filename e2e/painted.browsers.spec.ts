import { expect, test } from "@playwright/test";
import { paintedDigests } from "#paint/testing/painted-cases.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { paintedIn } from "./support/painted.ts";

test("vectors are painted as in Node, to the byte", async ({ page }) => {
  const digests = await paintedIn(async (url, use) => {
    await page.goto(url);
    await use();
  });
  expect(Object.keys(digests).length).toBeGreaterThan(7);
  expect(digests).toEqual(await paintedDigests(readPaint()));
});
