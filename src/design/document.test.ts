import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampPlacement, effectiveDpi, maxZoom } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { type DesignDocument, designDocument } from "./document.ts";

const document: DesignDocument = {
  version: 1,
  productId: "photo-landscape",
  photo: { sha256: "0123456789abcdef".repeat(4), widthPx: 4000, heightPx: 3000 },
  placement: { xMm: 1.25, yMm: -3.5, mmPerPx: 0.03, rotationDeg: -12.5, mirrored: true },
  agreement: { rulesVersion: "2026-01", agreedAt: 1_800_000_000_000 },
};

function refusedAt(changed: unknown): string | undefined {
  const result = designDocument.safeParse(changed);
  if (result.success) return undefined;
  return result.error.issues[0]?.path.join(".");
}

describe("a design document", () => {
  test("comes back from JSON exactly as it was", () => {
    expect(designDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
  });

  test("holds every placement that can print, to the last bit", () => {
    const side = fc.integer({ min: 600, max: 100_000 });
    const anyNumber = fc.double({ min: -1e6, max: 1e6, noNaN: true });
    const angle = fc.double({ min: -360, max: 360, noNaN: true });
    const scale = fc.double({ min: 1e-6, max: maxZoom, noNaN: true });
    fc.assert(
      fc.property(side, side, fc.constantFrom(...products), anyNumber, anyNumber, angle, scale, (...values) => {
        const [widthPx, heightPx, product, xMm, yMm, rotationDeg, mmPerPx] = values;
        const wanted = { xMm, yMm, mmPerPx, rotationDeg, mirrored: false };
        const placement = clampPlacement(wanted, { widthPx, heightPx }, product);
        fc.pre(effectiveDpi(placement) >= product.refuseBelowDpi);
        const photo = { ...document.photo, widthPx, heightPx };
        const text = JSON.stringify({ ...document, productId: product.id, photo, placement });
        expect(designDocument.parse(JSON.parse(text)).placement).toEqual({
          ...placement,
          // JSON knows no negative zero.
          xMm: placement.xMm + 0,
          yMm: placement.yMm + 0,
          rotationDeg: placement.rotationDeg + 0,
        });
      }),
    );
  });

  const { photo, placement, agreement } = document;
  test.each([
    ["a version that does not exist yet", "version", { ...document, version: 2 }],
    ["no version", "version", { ...document, version: undefined }],
    ["a name without end", "productId", { ...document, productId: "x".repeat(65) }],
    ["a digest in capitals", "photo.sha256", { ...document, photo: { ...photo, sha256: "A".repeat(64) } }],
    ["a digest with a line break", "photo.sha256", { ...document, photo: { ...photo, sha256: `${photo.sha256}\n` } }],
    ["a photo without height", "photo.heightPx", { ...document, photo: { ...photo, heightPx: 0 } }],
    ["half a pixel", "photo.widthPx", { ...document, photo: { ...photo, widthPx: 10.5 } }],
    ["a place that is no number", "placement.xMm", { ...document, placement: { ...placement, xMm: Number.NaN } }],
    ["a place without end", "placement.yMm", { ...document, placement: { ...placement, yMm: Infinity } }],
    ["a place as text", "placement.xMm", { ...document, placement: { ...placement, xMm: "1" } }],
    ["no scale", "placement.mmPerPx", { ...document, placement: { ...placement, mmPerPx: 0 } }],
    [
      "an angle that has another name",
      "placement.rotationDeg",
      { ...document, placement: { ...placement, rotationDeg: -180 } },
    ],
    ["no agreement", "agreement", { ...document, agreement: undefined }],
    [
      "an agreement to nothing",
      "agreement.rulesVersion",
      { ...document, agreement: { ...agreement, rulesVersion: "" } },
    ],
    ["an agreement at no time", "agreement.agreedAt", { ...document, agreement: { ...agreement, agreedAt: -1 } }],
    ["something more than a design", "", { ...document, cardholder: "A. Person" }],
    ["something more about the photo", "photo", { ...document, photo: { ...photo, fileName: "me.jpg" } }],
    ["something more about the place", "placement", { ...document, placement: { ...placement, zoom: 2 } }],
    ["a list", "", [document]],
    ["nothing", "", null],
  ])("with %s is refused", (_, path, changed) => {
    expect(refusedAt(changed)).toBe(path);
  });
});
