import { writeFile } from "node:fs/promises";
import { makeOddFiles } from "#image/testing/odd-files.ts";
import { photographPath } from "./support/photos.ts";
import { expect, test } from "./support/test.ts";

/** Each is one that at least one engine does not decode as it stands, or decodes to less than a viewer shows. */
const names = [
  "a JPEG without its end",
  "a progressive JPEG with a stray marker before its end",
  "a PNG with a wrong sum in its pixels",
  "a PNG without an Adler sum",
  "a lossy WebP that says it is longer",
  "an AVIF with zeros behind its boxes",
];

test("what a viewer shows whole opens as the good file does, and a cut photo does not", async ({ bank }, testInfo) => {
  const { odd, hidden } = await makeOddFiles();
  const { designer, card } = bank;
  const dropBytes = async (bytes: Buffer): Promise<void> => {
    const path = testInfo.outputPath("photo");
    await writeFile(path, bytes);
    await bank.drop(path);
  };
  const drawn = (): Promise<string> =>
    card
      .locator("canvas")
      .first()
      .evaluate(async (canvas) => {
        await new Promise(requestAnimationFrame);
        const surface = new OffscreenCanvas(24, 16).getContext("2d");
        surface?.drawImage(canvas as HTMLCanvasElement, 0, 0, 24, 16);
        return surface?.getImageData(0, 0, 24, 16).data.toString() ?? "";
      });
  await bank.open();
  await bank.drop(photographPath("march-pastoral"));
  await expect(card).toBeVisible();
  const nothing = Array.from({ length: 24 * 16 * 4 }, () => 0).toString();
  await expect.poll(drawn).not.toBe(nothing);
  const before = await drawn();
  for (const name of names) {
    await test.step(name, async () => {
      const file = [...odd, ...hidden].find((each) => each.name === name);
      if (file === undefined) throw new Error(`there is no file called ${name}`);
      await dropBytes(file.good);
      await expect.poll(drawn).not.toBe(before);
      const expected = await drawn();
      await bank.drop(photographPath("march-pastoral"));
      await expect.poll(drawn).toBe(before);
      await dropBytes(file.odd);
      await expect.poll(drawn).toBe(expected);
      await expect(designer.locator("[data-tone=problem]")).toHaveCount(0);
      await bank.drop(photographPath("march-pastoral"));
      await expect.poll(drawn).toBe(before);
    });
  }
  const [first] = odd;
  await dropBytes(first!.good.subarray(0, first!.good.length >> 1));
  await expect(designer.locator("[data-tone=problem]")).toContainText("This photo cannot be read to its end");
});
