import { describe, expect, it } from "vitest";
import { coverPlacement, type PhotoSize, type Placement } from "#card/placement.ts";
import { findProduct } from "#card/products.ts";
import { applyChange, type Change, mirror, moveBy, turnTo, zoomTo } from "#design/edits.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate } from "../../locales/text.tsx";
import type { CardFacts } from "../../store/photo-facts.ts";
import { describeChange } from "./announcements.ts";

const product = findProduct("photo-landscape")!;
const photo = { widthPx: 4000, heightPx: 3000 };

function factsAt(placement: Placement, size: PhotoSize, more: Partial<CardFacts> = {}): CardFacts {
  const known = {
    look: undefined,
    elements: [],
    subject: null,
    light: null,
    colours: null,
    detail: null,
    after: function* () {
      yield;
      return null;
    },
    ...more,
  };
  return { ...known, photo: { kind: "photo", id: "photo", sha256: "", ...size, placement } };
}

function said(before: CardFacts, after: CardFacts, language = "en"): string {
  return describeChange({ before, after, product }, { t: createTranslate(chooseLocale(language)), language });
}

function announcement(change: Change, language = "en", size = photo): string {
  const before = applyChange(zoomTo(2), coverPlacement(size, product), size, product);
  const after = applyChange(change, before, size, product);
  return said(factsAt(before, size), factsAt(after, size), language);
}

describe("what is announced after a change", () => {
  it("names the way the photo went, that it covers the card, and its resolution", () => {
    expect(announcement(moveBy(3, 0))).toBe("Photo 3 mm right. Covers the card. 579 dpi.");
    expect(announcement(moveBy(-1.5, -2))).toBe("Photo 1.5 mm left. Photo 2 mm up. Covers the card. 579 dpi.");
  });

  it("says of a photo that covers a part of the card that it covers that part", () => {
    const inPart = { ...photo, region: { xMm: 20, yMm: 0, widthMm: 40, heightMm: 60 } };
    expect(announcement(moveBy(3, 0), "en", inPart)).toMatch(
      /^Photo 3 mm right\. Covers its part of the card\. \d+ dpi\.$/,
    );
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
    expect(announcement(zoomTo(1), "en", small)).toMatch(/ 434 dpi\. No longer so: Will print slightly soft\.$/);
  });

  it("says a check that appears, and one that is no longer so, once each", () => {
    const columns = 40;
    // Black to the left, white to the right.
    const values = Float32Array.from({ length: columns }, (_, at) => (at < columns / 2 ? 0.2 : 1));
    const more = { light: { columns, rows: 1, values } };
    const [left, middle, right] = [26, 18, -20].map((xMm) =>
      factsAt({ ...coverPlacement(photo, product), mmPerPx: 0.035, xMm }, photo, more),
    );
    expect(said(left!, middle!)).toMatch(/ dpi\. Large parts are plain white\.$/);
    expect(said(middle!, right!)).toMatch(/ dpi\. The lettering is hard to read\.$/);
    expect(said(right!, left!)).toMatch(
      / dpi\. No longer so: The lettering is hard to read\. No longer so: Large parts are plain white\.$/,
    );
  });

  it("says nothing when nothing changed", () => {
    expect(announcement((placement) => placement)).toBe("");
  });

  it("speaks Arabic", () => {
    expect(announcement(moveBy(3, 0), "ar")).toContain("إلى اليمين");
  });
});
