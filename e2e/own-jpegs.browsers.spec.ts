import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { digestOfOwnJpeg, makeOwnJpeg } from "#image/testing/own-jpegs.ts";
import { expect, test } from "./support/test.ts";

const folder = join(import.meta.dirname, "../.cache/photos");

for (const [kind, what] of [
  ["inks", "of four inks"],
  ["large", "of 25 megapixels in Display P3"],
] as const) {
  test(`a JPEG ${what} goes the whole way, and its picture is the same as in Node, to the byte`, async ({ bank }) => {
    test.setTimeout(240_000);
    const bytes = await makeOwnJpeg(kind);
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `browsers-${kind}.jpg`);
    writeFileSync(path, bytes);
    await bank.open();
    await bank.drop(path);
    await expect(bank.card).toBeVisible({ timeout: 90_000 });
    await bank.adjust({ Turn: 5 });
    await bank.preview();
    const { photo, sha256 } = await bank.send();
    expect(sha256).toBe(await digestOfOwnJpeg(bytes, () => photo.placement, bank.product));
  });
}
