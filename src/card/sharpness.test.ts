import { describe, expect, test } from "vitest";
import { coverPlacement, type Placement } from "./placement.ts";
import { products } from "./products.ts";
import { judgeSharpness } from "./sharpness.ts";

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
