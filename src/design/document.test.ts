import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampPlacement, effectiveDpi, maxZoom } from "#card/placement.ts";
import { products } from "#card/products.ts";
import { type Design, photoOf } from "./design.ts";
import { designDocument, designOf } from "./document.ts";

const placement = { xMm: 1.25, yMm: -3.5, mmPerPx: 0.03, rotationDeg: -12.5, mirrored: true };
const file = { sha256: "0123456789abcdef".repeat(4), widthPx: 4000, heightPx: 3000 };
const photo = { kind: "photo", id: "photo", ...file, placement } as const;
const design: Design = { version: 2, productId: "photo-landscape", ground: "#ffffff", elements: [photo] };
const box = { xMm: 0, yMm: 0, widthMm: 10, heightMm: 9, rotationDeg: 0, mirrored: false };
const letters = { kind: "text", id: "e1", box, text: "Ada", face: "plain", align: "start", fill: "#000000" } as const;
const agreement = { rulesVersion: "2026-01", agreedAt: 1_800_000_000_000 };
const first = { version: 1, productId: "photo-landscape", photo: file, placement, agreement } as const;

function refusedAt(changed: unknown): string | undefined {
  const result = designDocument.safeParse(changed);
  if (result.success) return undefined;
  return result.error.issues[0]?.path.join(".");
}

describe("a design document", () => {
  test("comes back from JSON exactly as it was", () => {
    for (const document of [design, first]) {
      expect(designDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    }
  });

  test("holds every ground, as it was written", () => {
    const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);
    fc.assert(
      fc.property(colour, (ground) => {
        expect(designOf(designDocument.parse(JSON.parse(JSON.stringify({ ...design, ground })))).ground).toBe(ground);
      }),
    );
  });

  test("holds every gradient of a card without a photo, and what lies on it, as it was written", () => {
    const colour = fc.integer({ min: 0, max: 0xff_ff_ff }).map((rgb) => `#${rgb.toString(16).padStart(6, "0")}`);
    const gradient = fc.record({ from: colour, to: colour, angleDeg: fc.integer({ min: 0, max: 359 }) });
    const box = { xMm: 0, yMm: 0, widthMm: 10, heightMm: 9, rotationDeg: 0, mirrored: false };
    const heart = { kind: "shape", id: "e1", box, shape: "heart", fill: "#c0272d" } as const;
    fc.assert(
      fc.property(fc.oneof(colour, gradient), fc.constantFrom([], [heart]), (ground, elements) => {
        const bare = { ...design, ground, elements };
        expect(designOf(designDocument.parse(JSON.parse(JSON.stringify(bare))))).toEqual(bare);
      }),
    );
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
        const clamped = clampPlacement(wanted, { widthPx, heightPx }, product);
        fc.pre(effectiveDpi(clamped) >= product.refuseBelowDpi);
        const element = { ...photo, widthPx, heightPx, placement: clamped };
        const read = designDocument.parse(
          JSON.parse(JSON.stringify({ ...design, productId: product.id, elements: [element] })),
        );
        expect(photoOf(designOf(read))?.placement).toEqual({
          ...clamped,
          // JSON knows no negative zero.
          xMm: clamped.xMm + 0,
          yMm: clamped.yMm + 0,
          rotationDeg: clamped.rotationDeg + 0,
        });
      }),
    );
  });

  const adjust = { brightness: -100, contrast: 100, warmth: 7, saturation: 0, lift: 100 };
  const filter = { id: "mono-warm", percent: 100 };
  const withFilter = (change: object) => ({ ...design, look: { filter: { ...filter, ...change } } });
  const withAdjust = (change: object) => ({ ...design, look: { adjust: { ...adjust, ...change } } });
  test("holds how the photo looks, and need not", () => {
    for (const look of [{ adjust }, {}, { filter }, { adjust, filter }, { filter: { id: "bank-s-own", percent: 1 } }]) {
      expect(designDocument.parse(JSON.parse(JSON.stringify({ ...design, look })))).toEqual({ ...design, look });
    }
  });

  const veil = { colour: "#2c1a08", percent: 40 };
  test("holds a veil behind the lettering, and need not", () => {
    expect(designDocument.parse(JSON.parse(JSON.stringify({ ...design, veil })))).toEqual({ ...design, veil });
  });

  const gradient = { from: "#14274e", to: "#2e6fdb", angleDeg: 45 };
  const bare = { ...design, elements: [] };
  const shape = {
    kind: "shape",
    id: "e1",
    box: { xMm: 0, yMm: 0, widthMm: 10, heightMm: 9, rotationDeg: 0, mirrored: false },
    shape: "heart",
    fill: "#c0272d",
  };
  const withPhoto = (change: object) => ({ ...design, elements: [{ ...photo, ...change }] });
  const withPlacement = (change: object) => withPhoto({ placement: { ...placement, ...change } });
  const withPath = (path: string) => {
    const art = { width: 100, height: 100, ops: [{ path, fill: "#000000", rule: "nonzero" }] };
    return { ...design, elements: [{ kind: "drawing", id: "e1", box: shape.box, art }] };
  };
  test("holds outlines of numbers that painters take", () => {
    expect(refusedAt(withPath("M-999999 .5L1.1234567890 -0.5Q9 9 100000.1234567 999999.9Z"))).toBeUndefined();
  });

  test("holds a text as wide as its letters are, from one to a line of the widest", () => {
    for (const widthMm of [0.25, 390, 1300]) {
      const text = { kind: "text", text: "l", face: "brush", align: "start", fill: "#000000" };
      const element = { ...text, id: "e1", box: { ...shape.box, widthMm } };
      expect(refusedAt({ ...design, elements: [photo, element] })).toBeUndefined();
    }
    expect(refusedAt({ ...design, elements: [photo, { ...shape, box: { ...shape.box, widthMm: 401 } }] })).toBe(
      "elements.1.box.widthMm",
    );
  });

  test.each([
    ["an outline that leads to the moon", "elements.0.art.ops.0.path", withPath("M0 0L384400000 0L9 9Z")],
    ["one that ends nowhere", "elements.0.art.ops.0.path", withPath(`M0 0L9 -${"9".repeat(400)}L9 9Z`)],
    ["a version that does not exist yet", "version", { ...design, version: 3 }],
    ["no version", "version", { ...design, version: undefined }],
    ["a name without end", "productId", { ...design, productId: "x".repeat(65) }],
    ["a ground by name", "ground", { ...design, ground: "white" }],
    ["a ground in capitals", "ground", { ...design, ground: "#FFFFFF" }],
    ["a ground that can be seen through", "ground", { ...design, ground: "#ffffff80" }],
    ["a ground in short", "ground", { ...design, ground: "#fff" }],
    ["a ground with a line break", "ground", { ...design, ground: "#000000\n" }],
    ["a ground that is no text", "ground", { ...design, ground: 0 }],
    ["no ground", "ground", { ...design, ground: undefined }],
    ["brightness beyond what there is", "look.adjust.brightness", withAdjust({ brightness: 101 })],
    ["lowered shadows", "look.adjust.lift", withAdjust({ lift: -1 })],
    ["a part of a step", "look.adjust.warmth", withAdjust({ warmth: 0.5 })],
    ["an adjustment left out", "look.adjust.saturation", withAdjust({ saturation: undefined })],
    ["an adjustment that nobody knows", "look.adjust", withAdjust({ hue: 1 })],
    ["a look that nobody knows", "look", { ...design, look: { adjust, grain: 3 } }],
    ["a filter with no strength at all", "look.filter.percent", withFilter({ percent: 0 })],
    ["a filter beyond what there is", "look.filter.percent", withFilter({ percent: 101 })],
    ["half a percent of a filter", "look.filter.percent", withFilter({ percent: 0.5 })],
    ["a filter that is a path", "look.filter.id", withFilter({ id: "../warm" })],
    ["a filter of a later version", "look.filter", withFilter({ colours: ["#102a43"] })],
    ["a veil of no colour", "veil.colour", { ...design, veil: { percent: 40 } }],
    ["a veil that cannot be seen", "veil.percent", { ...design, veil: { ...veil, percent: 0 } }],
    ["more of a veil than there is", "veil.percent", { ...design, veil: { ...veil, percent: 101 } }],
    ["something more about the veil", "veil", { ...design, veil: { ...veil, line: "name" } }],
    ["a look of the first version", "", { ...first, look: { adjust } }],
    ["a photo above something else", "elements", { ...design, elements: [shape, photo] }],
    ["a gradient below a photo", "ground", { ...design, ground: gradient }],
    ["a gradient of one colour", "ground", { ...bare, ground: { from: "#000000", angleDeg: 0 } }],
    ["a gradient of names", "ground.to", { ...bare, ground: { ...gradient, to: "blue" } }],
    ["a gradient of three colours", "ground", { ...bare, ground: { ...gradient, middle: "#000000" } }],
    ["a gradient that has turned once", "ground.angleDeg", { ...bare, ground: { ...gradient, angleDeg: 360 } }],
    ["half a degree", "ground", { ...bare, ground: { ...gradient, angleDeg: 0.5 } }],
    ["two photos, of which one is printed", "elements", { ...design, elements: [photo, { ...photo, id: "b" }] }],
    ["an element of no known kind", "elements.0.kind", withPhoto({ kind: "hologram" })],
    ["an element without a name", "elements.0.id", withPhoto({ id: "" })],
    ["an element of a long name", "elements.0.id", withPhoto({ id: "x".repeat(33) })],
    ["a digest in capitals", "elements.0.sha256", withPhoto({ sha256: "A".repeat(64) })],
    ["a digest with a line break", "elements.0.sha256", withPhoto({ sha256: `${photo.sha256}\n` })],
    ["a photo without height", "elements.0.heightPx", withPhoto({ heightPx: 0 })],
    ["half a pixel", "elements.0.widthPx", withPhoto({ widthPx: 10.5 })],
    ["a place that is no number", "elements.0.placement.xMm", withPlacement({ xMm: Number.NaN })],
    ["a place without end", "elements.0.placement.yMm", withPlacement({ yMm: Infinity })],
    ["a place as text", "elements.0.placement.xMm", withPlacement({ xMm: "1" })],
    ["no scale", "elements.0.placement.mmPerPx", withPlacement({ mmPerPx: 0 })],
    ["an angle that has another name", "elements.0.placement.rotationDeg", withPlacement({ rotationDeg: -180 })],
    ["an agreement, which goes with the submission", "", { ...design, agreement }],
    ["something more than a design", "", { ...design, cardholder: "A. Person" }],
    ["something more about the photo", "elements.0", withPhoto({ fileName: "me.jpg" })],
    ["something more about the place", "elements.0.placement", withPlacement({ zoom: 2 })],
    ["a list", "", [design]],
    ["nothing", "", null],
  ])("with %s is refused", (_, path, changed) => {
    expect(refusedAt(changed)).toBe(path);
  });

  test.each<[string, object, string]>([
    ["a ground by name", { ...design, ground: "white" }, 'expected a colour as "#rrggbb", in lower case'],
    ["a second photo", { ...design, elements: [photo, photo] }, "expected one photo at most, below everything else"],
    [
      "a gradient below a photo",
      { ...design, ground: gradient },
      'expected a colour below a photo, as "#rrggbb", in lower case',
    ],
    ...[" ", "\u200d\u200c", "\ufe0f", "\u2800", "\u3164"].map((text): [string, object, string] => [
      `a text of ${JSON.stringify(text)} alone`,
      { ...design, elements: [photo, { ...letters, text }] },
      "expected at least one letter, digit or sign that is seen",
    ]),
  ])("with %s is refused in words that say why", (_, changed, words) => {
    expect(designDocument.safeParse(changed).error?.issues).toMatchObject([{ message: words }]);
  });
});

describe("a document of version 1", () => {
  test("describes the design that its photo and placement make", () => {
    expect(designOf(designDocument.parse(first))).toEqual(design);
    expect(designDocument.safeParse(designOf(first)).success, "and that can be stored in turn").toBe(true);
  });

  test.each([
    ["no agreement", "agreement", { ...first, agreement: undefined }],
    ["an agreement to nothing", "agreement.rulesVersion", { ...first, agreement: { ...agreement, rulesVersion: "" } }],
    ["an agreement at no time", "agreement.agreedAt", { ...first, agreement: { ...agreement, agreedAt: -1 } }],
    ["a digest in capitals", "photo.sha256", { ...first, photo: { ...file, sha256: "A".repeat(64) } }],
    ["no scale", "placement.mmPerPx", { ...first, placement: { ...placement, mmPerPx: 0 } }],
    ["something more than a design", "", { ...first, elements: [photo] }],
    ["something more about the photo", "photo", { ...first, photo: { ...file, fileName: "me.jpg" } }],
    ["something more about the place", "placement", { ...first, placement: { ...placement, zoom: 2 } }],
  ])("with %s is refused", (_, path, changed) => {
    expect(refusedAt(changed)).toBe(path);
  });
});
