import { describe, expect, it } from "vitest";
import { effectiveDpi, fitPlacement, type PhotoSize } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, turnTo, zoomTo } from "../store/edits.ts";
import { adviseOn } from "./findings.ts";

const product = findProduct("photo-landscape")!;

function adviceAt(zoom: number, photo: PhotoSize, degrees = 0) {
  const turned = applyChange(turnTo(degrees), fitPlacement(photo, product), photo, product);
  const placement = applyChange(zoomTo(zoom), turned, photo, product);
  const [advice] = adviseOn(placement, photo, product);
  if (advice === undefined) throw new Error("nothing said");
  const mended = advice.fix === null ? null : applyChange(advice.fix, placement, photo, product);
  return { kind: advice.finding.kind, refused: advice.refused, mended };
}

describe("what the checks say", () => {
  const large = { widthPx: 4000, heightPx: 3000 };

  it("a large photo is sharp and needs nothing", () => {
    expect(adviceAt(1, large)).toEqual({ kind: "sharp", refused: false, mended: null });
  });

  it("zoomed in too far it is soft, and one tap makes it sharp with no more zooming out than that takes", () => {
    const { kind, refused, mended } = adviceAt(4.9, { widthPx: 3000, heightPx: 2250 }, 7);
    expect([kind, refused]).toEqual(["soft", false]);
    expect(effectiveDpi(mended!)).toBeCloseTo(250, 6);
  });

  it("the mended crop is called sharp", () => {
    const photo = { widthPx: 3000, heightPx: 2250 };
    const { mended } = adviceAt(4.9, photo, 7);
    expect(adviseOn(mended!, photo, product)[0]?.finding.kind).toBe("sharp");
  });

  it("a photo that is too small is refused, without a button that cannot help", () => {
    expect(adviceAt(1, { widthPx: 500, heightPx: 400 })).toEqual({ kind: "too-soft", refused: true, mended: null });
  });

  it("a middling photo zoomed in too far is refused, and one tap makes it printable", () => {
    const { refused, mended } = adviceAt(3, { widthPx: 800, heightPx: 600 });
    expect(refused).toBe(true);
    expect(effectiveDpi(mended!)).toBeCloseTo(150, 6);
  });
});
