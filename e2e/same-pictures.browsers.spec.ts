import { expectSamePictures } from "./support/same-pictures.ts";
import { test } from "./support/test.ts";

test("photos and vectors become the same picture as in Node, to the byte; what a viewer shows whole opens, and a cut photo does not", async ({
  page,
  browserName,
}) => {
  await expectSamePictures(browserName, async (url, use) => {
    await page.goto(url);
    await use();
  });
});
