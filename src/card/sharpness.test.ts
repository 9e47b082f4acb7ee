import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Detail } from "./detail.ts";
import { clampPlacement, coverPlacement, effectiveDpi, type PhotoSize, type Placement } from "./placement.ts";
import { leastPhotoSize, type Product, products } from "./products.ts";
import { judgeCrop, judgeSharpness, openingPlacement } from "./sharpness.ts";

const [product] = products;
const photo = { widthPx: 4000, heightPx: 3000 };

function atDpi(dpi: number): Placement {
  return { ...coverPlacement(photo, product), mmPerPx: 25.4 / dpi };
}

describe("what is said of a crop", () => {
  test.each([
    [412.9, "sharp", 412, 250],
    [250, "sharp", 250, 250],
    [249.99, "soft", 249, 250],
    [150, "soft", 150, 250],
    [149.99, "too-soft", 149, 150],
  ] as const)("at %d dpi it is %s", (dpi, kind, wholeDpi, leastDpi) => {
    expect(judgeSharpness(atDpi(dpi), product)).toEqual({ kind, dpi: wholeDpi, leastDpi });
  });

  test("what the arithmetic of zooming loses does not count", () => {
    expect(judgeSharpness(atDpi(250 - 1e-9), product)).toEqual({ kind: "sharp", dpi: 250, leastDpi: 250 });
  });
});

describe("what is said of a crop by its pixels", () => {
  /** Edges as wide as this everywhere, but for the left third, where they are ten times as wide. */
  function detailOf(widthPx: number, leastWidthPx = 0): Detail {
    const spots = Array.from({ length: 60 * 45 }, (_, at) => {
      const [column, row] = [at % 60, Math.floor(at / 60)];
      const [xPx, yPx] = [((column + 0.5) * photo.widthPx) / 60, ((row + 0.5) * photo.heightPx) / 45];
      return { xPx, yPx, widthPx: column < 20 ? 10 * widthPx : widthPx };
    });
    return { spots, leastWidthPx };
  }
  const judge = (dpi: number, detail: Detail | null, card: Product = product, xMm = 0) => {
    const { kind, isBlurred } = judgeCrop({ ...atDpi(dpi), xMm }, photo, card, detail);
    return isBlurred ? `${kind}, blurred` : kind;
  };

  test.each([
    ["a sharp photo", 1000, detailOf(0.5), "sharp"],
    ["one that is shaken, of many pixels", 1000, detailOf(4), "soft, blurred"],
    ["a sharp one of few pixels", 200, detailOf(0.5), "soft"],
    ["a crisp one of a few too few", 245, detailOf(0.4), "sharp"],
    ["a soft one of a few too few", 245, detailOf(0.8), "soft"],
    ["a crisp one of far too few", 140, detailOf(0.3), "too-soft"],
    ["one without any edges", 1000, { spots: [], leastWidthPx: 0 }, "sharp"],
    ["one of which nothing could be measured", 1000, null, "sharp"],
    ["one that was measured too small to tell", 500, detailOf(1.5, 2), "sharp"],
    ["one that is shaken even so", 500, detailOf(4, 2), "soft, blurred"],
  ] as const)("%s", (_, dpi, detail, said) => {
    expect(judge(dpi, detail)).toBe(said);
  });

  test("what is out of focus beside what is sharp does not count, and does where nothing else is on the card", () => {
    const nearer = 25.4 * (4000 / 4);
    expect(judge(nearer / product.trimWidthMm, detailOf(0.6))).toBe("sharp");
    const left = photo.widthPx / 6 - photo.widthPx / 2;
    const dpi = nearer / product.trimWidthMm;
    expect(judge(dpi, detailOf(0.6), product, (-left * 25.4) / dpi)).toBe("soft, blurred");
  });

  test("a product may refuse it", () => {
    expect(judge(1000, detailOf(4), { ...product, refuseBelowDetailDpi: 180 })).toBe("too-soft, blurred");
    expect(judge(1000, detailOf(3), { ...product, refuseBelowDetailDpi: 180 })).toBe("soft, blurred");
  });
});

const everyProduct = products.map((each): [string, Product] => [each.id, each]);
const quarterTurns = [0, 90, 180, -90];

/** By whole numbers alone: the photo, lying so, has at least `dpi` pixels for every inch of the raster. */
function reaches(photo: PhotoSize, { widthPx, heightPx, dpi: rasterDpi }: Product, dpi: number): boolean {
  return photo.widthPx * rasterDpi >= dpi * widthPx && photo.heightPx * rasterDpi >= dpi * heightPx;
}

function turn({ widthPx, heightPx }: PhotoSize): PhotoSize {
  return { widthPx: heightPx, heightPx: widthPx };
}

describe.each(everyProduct)("a photo for %s", (_, product) => {
  const least = leastPhotoSize(product, product.refuseBelowDpi);
  const side = fc.oneof(
    fc.integer({ min: 1, max: 3000 }),
    fc.integer({ min: -2, max: 2 }).map((more) => least.widthPx + more),
    fc.integer({ min: -2, max: 2 }).map((more) => least.heightPx + more),
  );
  const anyPhoto = fc.record({ widthPx: side, heightPx: side });

  test("lies so that it can be printed whenever some quarter turn of it can", () => {
    fc.assert(
      fc.property(anyPhoto, (photo) => {
        const canPrint = reaches(photo, product, product.refuseBelowDpi);
        const canPrintTurned = reaches(turn(photo), product, product.refuseBelowDpi);
        const opened = openingPlacement(photo, product);
        const { kind } = judgeSharpness(opened, product);
        expect(kind !== "too-soft").toBe(canPrint || canPrintTurned);
        expect(opened.rotationDeg).toBe(!canPrint && canPrintTurned ? 90 : 0);
        const best = quarterTurns.map((degrees) => effectiveDpi(coverPlacement(photo, product, degrees)));
        expect(Math.max(...best) >= product.refuseBelowDpi - 1e-6).toBe(canPrint || canPrintTurned);
      }),
    );
  });

  test("covers the whole card as it first lies there", () => {
    fc.assert(
      fc.property(anyPhoto, (photo) => {
        const opened = openingPlacement(photo, product);
        const clamped = clampPlacement(opened, photo, product);
        expect(clamped.mmPerPx).toBeCloseTo(opened.mmPerPx, 12);
        expect([clamped.xMm, clamped.yMm, clamped.rotationDeg]).toEqual([0, 0, opened.rotationDeg]);
      }),
    );
  });

  test("needs exactly the least size, either way round", () => {
    const kindOf = (widthPx: number, heightPx: number) =>
      judgeSharpness(openingPlacement({ widthPx, heightPx }, product), product).kind;
    const { widthPx, heightPx } = least;
    expect([kindOf(widthPx, heightPx), kindOf(heightPx, widthPx)]).toEqual(["soft", "soft"]);
    for (const [width, height] of [
      [widthPx - 1, heightPx],
      [widthPx, heightPx - 1],
    ] as const) {
      expect([kindOf(width, height), kindOf(height, width)]).toEqual(["too-soft", "too-soft"]);
    }
    const sharp = leastPhotoSize(product, product.warnBelowDpi);
    expect(kindOf(sharp.widthPx, sharp.heightPx)).toBe("sharp");
    expect(kindOf(sharp.widthPx - 1, sharp.heightPx)).toBe("soft");
  });
});

test("518 x 332 pixels are the least for the landscape card, and 332 x 518 for the portrait one", () => {
  const sizes = products.slice(0, 2).map((each) => leastPhotoSize(each, each.refuseBelowDpi));
  expect(sizes).toEqual([
    { widthPx: 518, heightPx: 332 },
    { widthPx: 332, heightPx: 518 },
  ]);
});

test("a photo of 500 x 900 pixels lies turned on the landscape card, at 225 dpi", () => {
  const opened = openingPlacement({ widthPx: 500, heightPx: 900 }, product);
  expect([opened.rotationDeg, judgeSharpness(opened, product).dpi]).toEqual([90, 225]);
});

test("the guide for issuers names the sizes that hold", () => {
  const guide = readFileSync(new URL("../../docs/embed.md", import.meta.url), "utf8");
  const rows = products.map((each) => {
    const size = (dpi: number) => {
      const { widthPx, heightPx } = leastPhotoSize(each, dpi);
      return `${widthPx} × ${heightPx} (${dpi} dpi)`;
    };
    return `| \`${each.id}\` | ${size(each.refuseBelowDpi)} | ${size(each.warnBelowDpi)} |`;
  });
  expect(rows.filter((row) => !guide.includes(row))).toEqual([]);
});
