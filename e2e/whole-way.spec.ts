import { createHash } from "node:crypto";
import sharp from "sharp";
import { canaries, chart, largePhoto, photographPath } from "./support/photos.ts";
import { callsWith, keptPicture } from "./support/platform.ts";
import { psnr, renderReference, wrongPlacements } from "./support/reference.ts";
import { expect, test } from "./support/test.ts";

const leastDb = 33;

const cases = [
  {
    name: "a photograph as it is",
    photo: () => Promise.resolve(photographPath("march-pastoral")),
    productId: "photo-landscape",
    adjust: {},
  },
  {
    name: "12 megapixels, moved, zoomed and turned",
    photo: () => largePhoto("french-alpine-landscape", 4000, 3000),
    productId: "photo-landscape",
    adjust: { Zoom: 140, Turn: 7, Across: 3, Down: -2 },
  },
  {
    name: "an upright card, turned the other way",
    photo: () => largePhoto("allium-oreophilum", 3000, 4000),
    productId: "photo-portrait",
    adjust: { Zoom: 120, Turn: -12 },
  },
  { name: "a chart", photo: () => chart(2400, 1800), productId: "photo-landscape", adjust: { Turn: 3 } },
] as const;

for (const { name, photo, productId, adjust } of cases) {
  test(`the whole way: ${name}`, async ({ bank, demo }) => {
    const path = await photo();
    await bank.open({ productId });
    await bank.place(path);
    if (Object.keys(adjust).length > 0) await bank.adjust(adjust);
    await bank.preview();
    const { document, sha256 } = await bank.send();

    await bank.expectHeading(/Approved/);
    const calls = await callsWith(demo, sha256);
    expect(calls.map((call) => call.resultCode)).toEqual([0]);

    const bytes = Buffer.from(await keptPicture(demo, calls[0]?.cardImageId ?? ""));
    for (const canary of Object.values(canaries)) expect(bytes.includes(canary)).toBe(false);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect(info).toMatchObject({ width: bank.product.widthPx, height: bank.product.heightPx, channels: 3 });
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(sha256);

    const reference = await renderReference(path, document.placement, bank.product);
    expect(psnr(data, reference)).toBeGreaterThanOrEqual(leastDb);
    for (const [wrong, placement] of Object.entries(wrongPlacements(document.placement, bank.product))) {
      expect(psnr(data, await renderReference(path, placement, bank.product)), wrong).toBeLessThan(leastDb);
    }
  });
}
