import { expect, test } from "@playwright/test";
import { paintedDigests } from "#paint/testing/painted-cases.ts";
import { readPaint } from "#paint/testing/read-paint.ts";
import { paintedIn } from "./support/painted.ts";
import { withWebKit } from "./support/webkit.ts";

test("vectors are painted in WebKit as in Node, to the byte", async () => {
  const digests = await paintedIn((url, use) =>
    withWebKit(async (browser) => {
      await browser.get(url);
      await use();
    }),
  );
  expect(Object.keys(digests).length).toBeGreaterThan(7);
  expect(digests).toEqual(await paintedDigests(readPaint()));
});
