import { describe, expect, it } from "vitest";
import { coverPlacement, effectiveDpi, type PhotoSize } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, turnTo, zoomTo } from "../../store/edits.ts";
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

  it("a photo that is too small is refused, without a button that cannot help", () => {
    expect(checkAt(1, { widthPx: 500, heightPx: 400 })).toEqual({ kind: "too-soft", refused: true, fixed: null });
  });

  it("a middling photo zoomed in too far is refused, and one tap makes it printable", () => {
    const { refused, fixed } = checkAt(3, { widthPx: 800, heightPx: 600 });
    expect(refused).toBe(true);
    expect(effectiveDpi(fixed!)).toBeCloseTo(150, 6);
  });
});
