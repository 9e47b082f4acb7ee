import { test } from "@playwright/test";
import { expectSamePictures } from "./support/same-pictures.ts";
import { withWebKit } from "./support/webkit.ts";

test("photos and vectors become the same picture in WebKit as in Node, to the byte; what a viewer shows whole opens, and a cut photo does not", async () => {
  await expectSamePictures("webkit", (url, use) =>
    withWebKit(async (browser) => {
      await browser.get(url);
      await use();
    }),
  );
});
