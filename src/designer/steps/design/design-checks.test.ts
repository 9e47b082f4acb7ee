import { describe, expect, it } from "vitest";
import { findFlaws } from "#card/flaws.ts";
import { coverPlacement, effectiveDpi, type PhotoSize, type Placement } from "#card/placement.ts";
import { findProduct, type Product } from "#card/products.ts";
import { openingPlacement } from "#card/sharpness.ts";
import { createDesign, type Photo, photoOf } from "#design/design.ts";
import { applyChange, mirror, turnTo, zoomTo } from "#design/edits.ts";
import { noAdjustments } from "#design/look.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate } from "../../locales/text.tsx";
import { type CardFacts, factsOf } from "../../store/photo-facts.ts";
import { findFix } from "./check-fixes.ts";
import { moreOf } from "./check-texts.ts";
import { checksOf as checksOfCard, listChecks } from "./design-checks.ts";

const noArts = new Map();
const product: Product = findProduct("photo-landscape")!;

function factsAt(placement: Placement, photo: PhotoSize, more: Partial<CardFacts> = {}): CardFacts {
  const known = { subject: null, light: null, colours: null, detail: null, look: undefined, elements: [], ...more };
  const element = { kind: "photo", id: "photo", sha256: "", ...photo, placement } as const;
  const after: CardFacts["after"] = function* (edit, card) {
    yield;
    const edited = edit({ ...createDesign(card), elements: [element] }, card);
    return factsAt(photoOf(edited)!.placement, photo, more);
  };
  return { ...known, photo: element, after };
}

function checksOf(facts: CardFacts, card = product) {
  return listChecks(findFlaws(facts.photo.placement, facts, card), card);
}

/** What the check of the sharpness says, and where the photo lies after its fix. */
function checkSharpness(placement: Placement, photo: PhotoSize, more: Partial<CardFacts> = {}) {
  const facts = factsAt(placement, photo, more);
  const check = checksOf(facts).find(({ id }) => id === "sharpness")!;
  const fix = findFix(check, facts, product);
  const design = { ...createDesign(product), elements: [facts.photo as Photo] };
  const fixed = fix === null ? null : photoOf(fix.edit(design, product))!.placement;
  return { kind: check.kind, dpi: check.dpi!.dpi, refused: check.refused, turns: fix?.does === "turns", fixed };
}

function checkAt(zoom: number, photo: PhotoSize, degrees = 0) {
  const turned = applyChange(turnTo(degrees), coverPlacement(photo, product), photo, product);
  const { kind, refused, fixed } = checkSharpness(applyChange(zoomTo(zoom), turned, photo, product), photo);
  return { kind, refused, fixed };
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
    expect(checkSharpness(fixed!, photo).kind).toBe("sharp");
  });

  const high = { widthPx: 500, heightPx: 900 };

  it("a photo with enough pixels only when turned is refused upright, and one tap turns it", () => {
    const { refused, fixed } = checkAt(1, high);
    expect([refused, fixed?.rotationDeg]).toEqual([true, 90]);
    expect(checkSharpness(fixed!, high)).toMatchObject({ refused: false, turns: false });
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
    const { refused, turns, fixed } = checkSharpness(slanted, wide);
    expect([refused, turns]).toEqual([true, true]);
    expect(fixed).toMatchObject({ rotationDeg: 0, mirrored: true });
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
    expect(checkSharpness(fixed!, photo)).toMatchObject({ kind: "soft", dpi: 150, refused: false });
  });

  it("a photo that is too small is refused, without a button that cannot help", () => {
    expect(checkAt(1, { widthPx: 500, heightPx: 400 })).toEqual({ kind: "too-soft", refused: true, fixed: null });
  });

  it("a middling photo zoomed in too far is refused, and one tap makes it printable", () => {
    const { refused, fixed } = checkAt(3, { widthPx: 800, heightPx: 600 });
    expect(refused).toBe(true);
    expect(effectiveDpi(fixed!)).toBeCloseTo(150, 6);
  });

  /** Edges as wide as this all over the photo. */
  function blurredBy(widthPx: number): Pick<CardFacts, "detail"> {
    const spots = Array.from({ length: 108 }, (_, at) => ({
      xPx: ((at % 12) + 0.5) * (4000 / 12),
      yPx: (Math.floor(at / 12) + 0.5) * (3000 / 9),
      widthPx,
    }));
    return { detail: { spots, leastWidthPx: 0 } };
  }

  it("a photo that is shaken is not said to print sharp; one tap zooms out to where that does not show", () => {
    const zoomed = { ...coverPlacement(large, product), mmPerPx: 25.4 / 600 };
    const { kind, refused, fixed } = checkSharpness(zoomed, large, blurredBy(2));
    expect([kind, refused]).toEqual(["blurred", false]);
    expect(effectiveDpi(fixed!)).toBeGreaterThanOrEqual(800);
    expect(checkSharpness(fixed!, large, blurredBy(2)).kind).toBe("sharp");
  });

  it("one that is shaken however it lies has no button that cannot help", () => {
    expect(checkSharpness(coverPlacement(large, product), large, blurredBy(5))).toMatchObject({
      kind: "blurred",
      fixed: null,
    });
  });

  it("zooming out is not offered where the photo is not sharp enough for it to help", () => {
    const photo = { widthPx: 1500, heightPx: 1000 };
    const facts = (widthPx: number) => {
      const spots = Array.from({ length: 108 }, (_, at) => ({
        xPx: ((at % 12) + 0.5) * 125,
        yPx: (Math.floor(at / 12) + 0.5) * 111,
        widthPx,
      }));
      return { detail: { spots, leastWidthPx: 0 } };
    };
    const placement = { ...coverPlacement(photo, product), mmPerPx: 25.4 / 200 };
    expect(checkSharpness(placement, photo, facts(1)).fixed).not.toBeNull();
    expect(checkSharpness(placement, photo, facts(2.2))).toMatchObject({ kind: "soft", fixed: null });
  });

  it("what mends one thing is not offered where something else would be refused for it", () => {
    const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(100, 100, 100, 255) };
    const photo = makeOpenPhoto({ colours });
    const design = designOf(photo, coverPlacement(photo, product), product);
    const facts = factsOf(design, { assets: new Map([[photo.sha256, photo]]), arts: noArts })!;
    const fixOf = (card: Product) => {
      const dark = checksOf(facts, card).find(({ kind }) => kind === "dark")!;
      return findFix(dark, facts, card);
    };
    const bright = { ...product, warnBelowBrightness: 0.42, refuseBelowContrast: 1 };
    expect(fixOf(bright)).not.toBeNull();
    expect(fixOf({ ...bright, warnBelowContrast: 5, refuseBelowContrast: 5 })).toBeNull();
  });

  const plain = (value: number) => ({ light: { columns: 4, rows: 3, values: new Float32Array(12).fill(value) } });

  it("white under white lettering is warned of twice, the lettering first, and sharp is said last", () => {
    const facts = factsAt(coverPlacement(large, product), large, plain(1));
    expect(checksOf(facts).map(({ kind }) => kind)).toEqual(["hard-lines", "white", "sharp"]);
    for (const check of checksOf(facts)) expect(findFix(check, facts, product)).toBeNull();
  });

  it("a dark photo is said to be, until one tap has lightened it; a black one cannot be", () => {
    const kindsOf = (facts: CardFacts) => checksOf(facts).map(({ kind }) => kind);
    for (const [grey, lookBefore, mends] of [
      [70, undefined, true],
      [24, undefined, true],
      [30, { adjust: { ...noAdjustments, brightness: -60, lift: 30 } }, true],
      [0, undefined, false],
    ] as const) {
      const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(grey, grey, grey, 255) };
      const photo = makeOpenPhoto({ colours });
      const assets = new Map([[photo.sha256, photo]]);
      const look = lookBefore && { look: lookBefore };
      const design = { ...designOf(photo, coverPlacement(photo, product), product), ...look };
      const facts = factsOf(design, { assets, arts: noArts })!;
      expect(kindsOf(facts)).toEqual(["dark", "sharp"]);
      const fix = findFix(checksOf(facts)[0]!, facts, product);
      expect(fix !== null, `${grey}`).toBe(mends);
      if (fix !== null)
        expect(kindsOf(factsOf(fix.edit(design, product), { assets, arts: noArts })!)).toEqual(["sharp"]);
    }
  });

  it("a product may refuse what others warn of", () => {
    const strict = { ...product, refuseBelowContrast: 1.5, refuseBelowBrightness: 0.3, refuseAbovePlainShare: 0.5 };
    const placement = coverPlacement(large, product);
    const refused = (value: number) =>
      checksOf(factsAt(placement, large, plain(value)), strict)
        .filter((check) => check.refused)
        .map(({ kind, tone }) => [kind, tone]);
    expect(refused(1)).toEqual([
      ["hard-lines", "problem"],
      ["white", "problem"],
    ]);
    expect(refused(0.01)).toEqual([["dark", "problem"]]);
    expect(refused(0.1)).toEqual([]);
  });
});

it.each([
  ["en", "covers the whole card", "covers its part of the card"],
  ["de", "füllt die ganze Karte", "füllt seinen Teil der Karte"],
  ["fr", "couvre toute la carte", "couvre sa partie de la carte"],
  ["es", "cubre toda la tarjeta", "cubre su parte de la tarjeta"],
  ["ar", "تغطي البطاقة كاملة", "تغطي الجزء المخصص لها من البطاقة"],
])("a sharp photo is said to cover what it does cover, the card or its part of it: %s", (language, card, part) => {
  const [t, number] = [createTranslate(chooseLocale(language)), new Intl.NumberFormat(language)];
  const size = { widthPx: 4000, heightPx: 3000 };
  const said = [size, { ...size, region: { xMm: 20, yMm: 0, widthMm: 40, heightMm: 60 } }].map((photo) => {
    const facts = factsAt(coverPlacement(photo, product), photo);
    const sharp = checksOfCard(facts, product).find(({ kind }) => kind === "sharp")!;
    return moreOf(sharp, null, t, number);
  });
  expect(said).toEqual([expect.stringMatching(new RegExp(`${card}$`)), expect.stringMatching(new RegExp(`${part}$`))]);
});
