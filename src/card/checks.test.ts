import { describe, expect, test } from "vitest";
import { checkPlacement } from "./checks.ts";
import { clampPlacement, fitPlacement, type Placement } from "./placement.ts";
import { products } from "./products.ts";

const [product] = products;
const photo = { widthPx: 4000, heightPx: 3000 };

function atDpi(dpi: number): Placement {
  return { ...fitPlacement(photo, product), mmPerPx: 25.4 / dpi };
}

describe("what is said of a crop", () => {
  test.each([
    [412.9, "sharp", 412, 250],
    [250, "sharp", 250, 250],
    [249.99, "soft", 249, 250],
    [150, "soft", 150, 250],
    [149.99, "too-soft", 149, 150],
  ] as const)("at %d dpi it is %s", (dpi, kind, wholeDpi, leastDpi) => {
    expect(checkPlacement(atDpi(dpi), photo, product)).toEqual([{ kind, dpi: wholeDpi, leastDpi }]);
  });

  test("what the arithmetic of zooming loses does not count", () => {
    expect(checkPlacement(atDpi(250 - 1e-9), photo, product)).toEqual([{ kind: "sharp", dpi: 250, leastDpi: 250 }]);
  });

  test("a corner without photo is told, and is gone after clamping", () => {
    const astray = { ...atDpi(1000), xMm: 15, rotationDeg: 10 };
    const kinds = (placement: Placement): string[] => checkPlacement(placement, photo, product).map(({ kind }) => kind);
    expect(kinds(astray)).toEqual(["sharp", "uncovered"]);
    expect(kinds(clampPlacement(astray, photo, product))).toEqual(["sharp"]);
  });
});
