import { digestOfOwnJpeg } from "#image/testing/own-jpegs.ts";
import { ownJpeg } from "./support/rare-photos.ts";
import { expect, test } from "./support/test.ts";

for (const [kind, what] of [
  ["inks", "of four inks"],
  ["large", "of 25 megapixels in Display P3"],
] as const) {
  test(`a JPEG ${what} goes the whole way, and its picture is the same as in Node, to the byte`, async ({ bank }) => {
    const { path, bytes } = await ownJpeg("browsers", kind);
    await bank.open();
    await bank.drop(path);
    await expect(bank.card).toBeVisible({ timeout: 90_000 });
    await bank.adjust({ Turn: 5 });
    await bank.preview();
    const { photo, sha256 } = await bank.send();
    expect(sha256).toBe(await digestOfOwnJpeg(bytes, () => photo.placement, bank.product));
  });
}
