import { describe, expect, it } from "vitest";
import { coverPlacement, effectiveDpi, type PhotoSize } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { openingPlacement } from "#card/sharpness.ts";
import { applyChange, mirror, turnTo, zoomTo } from "#design/edits.ts";
import { checkDesign } from "./design-checks.ts";

const product = findProduct("photo-landscape")!;

function checkAt(zoom: number, photo: PhotoSize, degrees = 0) {
  const turned = applyChange(turnTo(degrees), coverPlacement(photo, product), photo, product);
  const placement = applyChange(zoomTo(zoom), turned, photo, product);
  const [check] = checkDesign(placement, photo, product);
  if (check === undefined) throw new Error("there is no check");
  const fixed = check.fix === null ? null : applyChange(check.fix, placement, photo, product);
  return { kind: check.result.kind, refused: check.refused, fixed };
}

describe("the checks of a design", () => {
  const large = { widthPx: 4000, heightPx: 3000 };

  it("a large photo is sharp and needs nothing", () => {
    expect(checkAt(1, large)).toEqual({ kind: "sharp", refused: false, fixed: null });
  });

  it("zoomed in too far it is soft, and one tap makes it sharp with no more zooming out than that takes", () => {
    const { kind, refused, fixed } = checkAt(4.9, { widthPx: 3000, heightPx: 2250 }, 7);
    expect([kind, refused]).toEqual(["soft", false]);
    expect(effectiveDpi(fixed!)).toBeCloseTo(250, 6);
  });

  it("the fixed crop is called sharp", () => {
    const photo = { widthPx: 3000, heightPx: 2250 };
    const { fixed } = checkAt(4.9, photo, 7);
    expect(checkDesign(fixed!, photo, product)[0]?.result.kind).toBe("sharp");
  });

  const high = { widthPx: 500, heightPx: 900 };

  it("a photo with enough pixels only when turned is refused upright, and one tap turns it", () => {
    const { refused, fixed } = checkAt(1, high);
    expect([refused, fixed?.rotationDeg]).toEqual([true, 90]);
    expect(checkDesign(fixed!, high, product)[0]).toMatchObject({ refused: false, fixTurns: false });
  });

  it.each([
    [-20, -90],
    [-130, -90],
    [170, 90],
    [45, 90],
  ])("turned to %d degrees it is turned to the nearest angle that prints: %d", (degrees, fixedDeg) => {
    expect(checkAt(2.5, high, degrees)).toMatchObject({ refused: true, fixed: { rotationDeg: fixedDeg } });
  });

  it("a photo that lost its resolution by being turned is turned back, and stays mirrored", () => {
    const wide = { widthPx: 600, heightPx: 400 };
    const slanted = applyChange(
      mirror(),
      applyChange(turnTo(-20), coverPlacement(wide, product), wide, product),
      wide,
      product,
    );
    const [check] = checkDesign(slanted, wide, product);
    expect([check?.refused, check?.fixTurns]).toEqual([true, true]);
    expect(applyChange(check!.fix!, slanted, wide, product)).toMatchObject({ rotationDeg: 0, mirrored: true });
  });

  it("zooming out comes before turning", () => {
    const { fixed } = checkAt(3, { widthPx: 800, heightPx: 600 }, 90);
    expect(fixed?.rotationDeg).toBe(90);
  });

  it.each([
    [518, 332],
    [332, 518],
  ])("a photo of %d x %d pixels, zoomed in, prints again after one tap", (widthPx, heightPx) => {
    const photo = { widthPx, heightPx };
    const { refused, fixed } = checkAt(1.5, photo, openingPlacement(photo, product).rotationDeg);
    expect(refused).toBe(true);
    expect(checkDesign(fixed!, photo, product)[0]).toMatchObject({
      result: { kind: "soft", dpi: 150 },
      refused: false,
    });
  });

  it("a photo that is too small is refused, without a button that cannot help", () => {
    expect(checkAt(1, { widthPx: 500, heightPx: 400 })).toEqual({ kind: "too-soft", refused: true, fixed: null });
  });

  it("a middling photo zoomed in too far is refused, and one tap makes it printable", () => {
    const { refused, fixed } = checkAt(3, { widthPx: 800, heightPx: 600 });
    expect(refused).toBe(true);
    expect(effectiveDpi(fixed!)).toBeCloseTo(150, 6);
  });
});
