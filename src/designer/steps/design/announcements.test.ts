import { describe, expect, it } from "vitest";
import { coverPlacement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, type Change, mirror, moveBy, turnTo, zoomTo } from "#design/edits.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate } from "../../locales/text.tsx";
import { describeChange } from "./announcements.ts";

const product = findProduct("photo-landscape")!;
const photo = { widthPx: 4000, heightPx: 3000 };

function announcement(change: Change, language = "en", size = photo): string {
  const before = applyChange(zoomTo(2), coverPlacement(size, product), size, product);
  const after = applyChange(change, before, size, product);
  const wording = { t: createTranslate(chooseLocale(language)), language };
  return describeChange({ before, after, photo: size, product }, wording);
}

describe("what is announced after a change", () => {
  it("names the way the photo went, that it covers the card, and its resolution", () => {
    expect(announcement(moveBy(3, 0))).toBe("Photo 3 mm right. Covers the card. 579 dpi.");
    expect(announcement(moveBy(-1.5, -2))).toBe("Photo 1.5 mm left. Photo 2 mm up. Covers the card. 579 dpi.");
  });

  it("names zoom, turn and mirroring", () => {
    expect(announcement(zoomTo(1.38))).toContain("Zoom 138%.");
    expect(announcement(turnTo(-15))).toContain("Turned to -15 degrees.");
    expect(announcement(mirror())).toContain("Photo mirrored.");
  });

  it("counts degrees as the language does", () => {
    expect(announcement(turnTo(1))).toMatch(/^Turned to 1 degree\. /);
    expect(announcement(turnTo(-1))).toMatch(/^Turned to -1 degree\. /);
    expect(announcement(turnTo(1.5))).toMatch(/^Turned to 1\.5 degrees\. /);
    expect(announcement(turnTo(5), "ar")).toMatch(/^أُديرت إلى 5 درجات\. /);
    expect(announcement(turnTo(15), "ar")).toMatch(/^أُديرت إلى 15 درجة\. /);
  });

  it("says what the checks say when it does not print sharp", () => {
    const small = { widthPx: 1500, heightPx: 1125 };
    expect(announcement(moveBy(3, 0), "en", small)).toBe(
      "Photo 3 mm right. Covers the card. 217 dpi. Will print slightly soft.",
    );
    expect(announcement(zoomTo(4), "en", small)).toBe("Zoom 400%. Covers the card. 108 dpi. Too blurry to print.");
    expect(announcement(zoomTo(1), "en", small)).toMatch(/ 434 dpi\.$/);
  });

  it("says nothing when nothing changed", () => {
    expect(announcement((placement) => placement)).toBe("");
  });

  it("speaks Arabic", () => {
    expect(announcement(moveBy(3, 0), "ar")).toContain("إلى اليمين");
  });
});
