import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish } from "./in-steps.ts";
import { clampPlacement, coverPlacement, effectiveDpi, type PhotoSize, type Placement } from "./placement.ts";
import { products, type Product } from "./products.ts";
import { judgeSharpness } from "./sharpness.ts";
import { averageAttention, edgesOf, findCover, isCover, onCard, type RectPx, type Subject } from "./subject.ts";
import { resettle, suggestPlacements } from "./subject-placement.ts";

const [landscape, portrait] = products;
const grid = 48;

/** A subject that alone stands out in its photo. */
function subjectAt(core: RectPx, photo: PhotoSize, whole = core): Subject {
  const { xPx, yPx, widthPx, heightPx } = core;
  const values = Uint8Array.from({ length: grid * grid }, (_, at) => {
    const [x, y] = [((at % grid) + 0.5) / grid, (Math.floor(at / grid) + 0.5) / grid];
    const isOn =
      x * photo.widthPx > xPx &&
      x * photo.widthPx < xPx + widthPx &&
      y * photo.heightPx > yPx &&
      y * photo.heightPx < yPx + heightPx;
    return isOn ? 4 * averageAttention : averageAttention / 2;
  });
  return { core, whole, confidence: 0.6, attention: { columns: grid, rows: grid, values } };
}

/** A part of the photo, by shares of its sides. */
function part({ widthPx, heightPx }: PhotoSize, x: number, y: number, width: number, height: number): RectPx {
  return { xPx: x * widthPx, yPx: y * heightPx, widthPx: width * widthPx, heightPx: height * heightPx };
}

/** Whether all of it is seen: within the safe area, and not under chip or mark. */
function isClear(rect: RectPx, placement: Parameters<typeof onCard>[1], photo: PhotoSize, product: Product): boolean {
  const { left, top, right, bottom } = onCard(rect, placement, photo);
  const [x, y] = [product.trimWidthMm / 2 - product.safeMarginMm, product.trimHeightMm / 2 - product.safeMarginMm];
  const isUncovered = product.zones.filter(isCover).every((zone) => {
    const cover = edgesOf(zone);
    return left >= cover.right || right <= cover.left || top >= cover.bottom || bottom <= cover.top;
  });
  return isUncovered && left >= -x - 1e-6 && right <= x + 1e-6 && top >= -y - 1e-6 && bottom <= y + 1e-6;
}

const upright: PhotoSize = { widthPx: 3000, heightPx: 4000 };
const wide: PhotoSize = { widthPx: 4000, heightPx: 3000 };

describe("a photo as it is first laid", () => {
  it("shows a head that the middle of an upright photo would leave off", () => {
    const head = part(upright, 0.38, 0.08, 0.26, 0.2);
    const subject = subjectAt(head, upright, part(upright, 0.2, 0.08, 0.6, 0.9));
    expect(isClear(head, coverPlacement(upright, landscape), upright, landscape)).toBe(false);
    const [first] = suggestPlacements(subject, upright, landscape);
    expect(isClear(head, first!.placement, upright, landscape)).toBe(true);
  });

  it("leaves what is clear already where its maker put it", () => {
    const subject = subjectAt(part(wide, 0.42, 0.32, 0.16, 0.2), wide);
    const [first] = suggestPlacements(subject, wide, landscape);
    expect(first).toMatchObject({ id: "wide" });
    const { xMm, yMm } = first!.placement;
    expect(Math.abs(xMm)).toBeLessThan(0.1);
    expect(Math.abs(yMm)).toBeLessThan(6);
  });

  it("goes nearer where the whole photo cannot be moved away from the chip", () => {
    const panorama: PhotoSize = { widthPx: 6000, heightPx: 3800 };
    const face = part(panorama, 0.12, 0.38, 0.1, 0.14);
    const subject = subjectAt(face, panorama);
    expect(findCover(subject, coverPlacement(panorama, landscape), panorama, landscape)).toBe("chip");
    const [first, second] = suggestPlacements(subject, panorama, landscape);
    expect([first!.id, second!.id]).toEqual(["you", "wide"]);
    expect(isClear(face, first!.placement, panorama, landscape)).toBe(true);
  });

  it("covers the card, turned where it prints only so, and never prints softer than it has to", () => {
    const share = fc.double({ min: 0, max: 0.75, noNaN: true });
    const size = fc.double({ min: 0.05, max: 0.25, noNaN: true });
    const side = fc.integer({ min: 520, max: 6000 });
    fc.assert(
      fc.property(
        fc.constantFrom(...products),
        side,
        side,
        share,
        share,
        size,
        size,
        (product, w, h, x, y, width, height) => {
          const photo = { widthPx: w, heightPx: h };
          const subject = subjectAt(part(photo, x, y, width, height), photo);
          const suggestions = suggestPlacements(subject, photo, product);
          const ids = suggestions.map(({ id }) => id);
          expect(ids).toContain("wide");
          expect(new Set(ids).size).toBe(ids.length);
          const best = judgeSharpness(suggestions.find(({ id }) => id === "wide")!.placement, product);
          for (const { placement } of suggestions) {
            expect(clampPlacement(placement, photo, product)).toEqual(placement);
            const { kind } = judgeSharpness(placement, product);
            expect(kind === "sharp" || kind === best.kind).toBe(true);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

it("there are three to choose from wherever the photo has the pixels, each a tenth nearer than the one before or more", () => {
  const share = fc.double({ min: 0, max: 0.7, noNaN: true });
  const size = fc.double({ min: 0.05, max: 1, noNaN: true });
  const side = fc.integer({ min: 900, max: 6000 });
  fc.assert(
    fc.property(
      fc.constantFrom(...products),
      fc.tuple(side, side),
      fc.tuple(share, share, size, size),
      (product, [widthPx, heightPx], [x, y, width, height]) => {
        const photo = { widthPx, heightPx };
        fc.pre(effectiveDpi(coverPlacement(photo, product)) > product.warnBelowDpi * 1.3);
        const core = part(photo, x, y, Math.min(width, 1 - x), Math.min(height, 1 - y));
        const suggestions = suggestPlacements(subjectAt(core, photo), photo, product);
        const scaleOf = (wanted: string) => suggestions.find(({ id }) => id === wanted)!.placement.mmPerPx;
        expect(suggestions).toHaveLength(3);
        expect(scaleOf("you") / scaleOf("wide")).toBeGreaterThan(1.1);
        expect(scaleOf("detail") / scaleOf("you")).toBeGreaterThan(1.1);
      },
    ),
    { numRuns: 60 },
  );
});

function uncover(subject: Subject, from: Placement, photo: PhotoSize, product: Product): Placement | null {
  const isFree = (to: Placement): boolean => findCover(subject, to, photo, product) === null;
  return finish(resettle(subject, from, photo, product, isFree));
}

describe("a photo moved away from what covers it", () => {
  it.each([
    ["upright", 0, false],
    ["slanting", 8, false],
    ["turned and mirrored", 90, true],
  ] as const)("%s, keeps its angle and covers the card", (_, rotationDeg, mirrored) => {
    for (const product of [landscape, portrait]) {
      const photo: PhotoSize = { widthPx: 5000, heightPx: 5000 };
      const subject = subjectAt(part(photo, 0.45, 0.45, 0.1, 0.1), photo);
      const chip = product.zones.find(({ kind }) => kind === "chip")!;
      const cover = coverPlacement(photo, product, rotationDeg);
      const wanted = { ...cover, mmPerPx: cover.mmPerPx * 1.5, mirrored };
      const onChip = { ...wanted, xMm: chip.xMm + chip.widthMm / 2, yMm: chip.yMm + chip.heightMm / 2 };
      const before = clampPlacement(onChip, photo, product);
      expect(findCover(subject, before, photo, product)).toBe("chip");
      const after = uncover(subject, before, photo, product)!;
      expect(findCover(subject, after, photo, product)).toBeNull();
      expect(after).toMatchObject({ rotationDeg, mirrored });
      expect(clampPlacement(after, photo, product)).toEqual(after);
    }
  });

  it("stays where something stands out everywhere: no button that cannot help", () => {
    const subject = subjectAt(part(wide, 0, 0, 1, 1), wide);
    const placement = coverPlacement(wide, landscape);
    expect(findCover(subject, placement, wide, landscape)).not.toBeNull();
    expect(uncover(subject, placement, wide, landscape)).toBeNull();
  });
});
