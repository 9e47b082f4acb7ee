import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bleedSizeMm, type Product, products } from "#card/products.ts";
import { createDesign, type Design, vectorElementsOf } from "./design.ts";
import { designDocument } from "./document.ts";
import type { Edit } from "./edits.ts";
import { mirrorBox, moveBoxBy, moveBoxTo, scaleBox, sideRangesMm, turnBoxBy } from "./element-box.ts";
import {
  addElement,
  duplicateElement,
  findElement,
  maxElements,
  newText,
  placeElement,
  removeElement,
  rewriteText,
  setFill,
  stackElement,
} from "./element-edits.ts";
import { designWith, landscape } from "./testing/arbitrary.ts";
import { heart, sticker } from "./testing/elements.ts";

const apply = (design: Design, ...edits: readonly Edit[]): Design =>
  edits.reduce((before, edit) => edit(before, landscape), design);
const ids = (design: Design): readonly string[] => design.elements.map(({ id }) => id);
const boxOf = (design: Design, id: string) => findElement(design, id)!.box;
const three = apply(designWith(), addElement(heart), addElement(sticker), addElement(heart));

describe("an edit of what lies on the photo", () => {
  it("whatever it is, leaves a document that is taken, the photo lowest, every centre on the card and every side in its range", () => {
    const id = fc.constantFrom("e1", "e2", "e3", "photo", "gone");
    const mm = fc.double({ min: -500, max: 500, noNaN: true });
    const edit: fc.Arbitrary<Edit> = fc.oneof(
      fc.constantFrom(heart, sticker).map((element) => addElement(element)),
      id.map((of) => removeElement(of)),
      id.map((of) => duplicateElement(of)),
      fc
        .tuple(id, fc.constantFrom("raise", "lower", "to-front", "to-back"))
        .map(([of, way]) => stackElement(of, way as "raise")),
      fc.tuple(id, mm, mm).map(([of, x, y]) => placeElement(of, moveBoxBy(x, y))),
      fc.tuple(id, fc.double({ min: 0.001, max: 1000, noNaN: true })).map(([of, by]) => placeElement(of, scaleBox(by))),
      fc.tuple(id, mm).map(([of, degrees]) => placeElement(of, turnBoxBy(degrees))),
      fc
        .tuple(id, fc.double({ min: 0.001, max: 1000, noNaN: true }), fc.double({ min: 0.001, max: 1000, noNaN: true }))
        .map(([of, widthMm, heightMm]) => placeElement(of, (box) => ({ ...box, widthMm, heightMm }))),
      id.map((of) => placeElement(of, mirrorBox())),
      id.map((of) => setFill(of, "#123456")),
    );
    const check = (product: (typeof products)[number], edits: readonly Edit[]): void => {
      let design = designWith(undefined, product);
      const { widthMm, heightMm } = bleedSizeMm(product);
      const { min, max } = sideRangesMm(heart, product).widthMm;
      for (const change of edits) {
        const before = JSON.stringify(design);
        const next = change(design, product);
        expect(JSON.stringify(design)).toBe(before);
        design = next;
      }
      expect(design.elements[0]?.kind).toBe("photo");
      expect(designDocument.safeParse(design).error).toBeUndefined();
      for (const { box, kind } of vectorElementsOf(design)) {
        expect(Math.abs(box.xMm)).toBeLessThanOrEqual(widthMm / 2);
        expect(Math.abs(box.yMm)).toBeLessThanOrEqual(heightMm / 2);
        expect(Math.max(box.widthMm, box.heightMm)).toBeLessThanOrEqual(max * (1 + 1e-12));
        if (kind === "shape") expect(Math.min(box.widthMm, box.heightMm)).toBeGreaterThanOrEqual(min * (1 - 1e-12));
        if (kind === "sticker") expect(box.widthMm / box.heightMm).toBeCloseTo(2, 6);
      }
    };
    fc.assert(fc.property(fc.constantFrom(...products), fc.array(stickersKeepShape(edit), { maxLength: 40 }), check));
  });

  it("adds on top, with a short id that no other has", () => {
    expect(ids(three)).toEqual(["photo", "e1", "e2", "e3"]);
    expect(ids(apply(three, removeElement("e2"), addElement(heart)))).toEqual(["photo", "e1", "e3", "e2"]);
    expect(ids(apply(createDesign(landscape), addElement(heart)))).toEqual(["e1"]);
  });

  it("copies right above, 3 mm aside, and to the other side at the end of the card", () => {
    const copied = apply(three, duplicateElement("e1"));
    expect(ids(copied)).toEqual(["photo", "e1", "e4", "e2", "e3"]);
    expect(boxOf(copied, "e4")).toEqual({ ...heart.box, xMm: heart.box.xMm + 3, yMm: heart.box.yMm + 3 });
    const atEnd = apply(three, placeElement("e1", moveBoxTo({ xMm: 43, yMm: 27 })), duplicateElement("e1"));
    expect(boxOf(atEnd, "e4")).toMatchObject({ xMm: 40, yMm: 24 });
  });

  it("stacks over and under others, and never under the photo", () => {
    expect(ids(apply(three, stackElement("e1", "raise")))).toEqual(["photo", "e2", "e1", "e3"]);
    expect(ids(apply(three, stackElement("e3", "lower")))).toEqual(["photo", "e1", "e3", "e2"]);
    expect(ids(apply(three, stackElement("e1", "to-front")))).toEqual(["photo", "e2", "e3", "e1"]);
    expect(ids(apply(three, stackElement("e3", "to-back")))).toEqual(["photo", "e3", "e1", "e2"]);
    expect(apply(three, stackElement("e1", "lower"))).toBe(three);
    expect(apply(three, stackElement("e3", "raise"))).toBe(three);
  });

  it("touches neither the photo nor what is not there", () => {
    for (const id of ["photo", "gone"])
      for (const edit of [removeElement(id), duplicateElement(id), stackElement(id, "raise"), setFill(id, "#000000")])
        expect(apply(three, edit)).toBe(three);
  });

  it("keeps a picture's proportions when both sides are named, and stretches a shape", () => {
    const wide = (id: string) =>
      boxOf(
        apply(
          three,
          placeElement(id, (box) => ({ ...box, widthMm: 1 })),
        ),
        id,
      );
    expect(wide("e1")).toMatchObject({ widthMm: 2, heightMm: heart.box.heightMm });
    const scaled = boxOf(apply(three, placeElement("e2", scaleBox(0.01))), "e2");
    expect(scaled).toMatchObject({ widthMm: 4, heightMm: 2 });
  });

  it("lays no more than fit, and leaves room for a photo", () => {
    const bare = apply(createDesign(landscape), ...Array.from({ length: maxElements + 5 }, () => addElement(heart)));
    expect(bare.elements).toHaveLength(maxElements - 1);
    const full = apply(designWith(), ...Array.from({ length: maxElements + 5 }, () => addElement(heart)));
    expect(full.elements).toHaveLength(maxElements);
    expect(apply(full, duplicateElement("e1"))).toBe(full);
  });

  it("mirrors in place: twice is as before", () => {
    const turned = apply(three, placeElement("e1", turnBoxBy(30)));
    const mirrored = apply(turned, placeElement("e1", mirrorBox()));
    expect(boxOf(mirrored, "e1")).toMatchObject({ mirrored: true, rotationDeg: -30, xMm: heart.box.xMm });
    expect(apply(mirrored, placeElement("e1", mirrorBox()))).toEqual(turned);
  });
});

describe("an edit of a text", () => {
  // As the shaper measures: a line is 1360 thousandths of the size high, and as wide as its letters.
  const artOf = (text: string) => {
    const lines = text.split("\n");
    const width = Math.max(
      ...lines.map((line) => Array.from(line).reduce((sum, at) => sum + (at === "l" ? 240 : 900), 0)),
    );
    return { width, height: 1360 * lines.length, ops: [] };
  };
  const style = { face: "plain", align: "start" } as const;
  const find = (name: string) => artOf((JSON.parse(name) as string[])[2]!);
  const rewrite = (text: string): Edit => rewriteText("e1", { ...style, text }, find, artOf(text));
  const begin = (text: string, sizeMm: number, product: Product): Design => {
    const design = designWith(undefined, product);
    return addElement(newText({ ...style, text, fill: "#000000" }, artOf(text), sizeMm, design, product))(
      design,
      product,
    );
  };
  const sizeOf = (design: Design): number => {
    const text = findElement(design, "e1")!;
    return text.kind === "text" ? (text.box.heightMm / artOf(text.text).height) * 1000 : Number.NaN;
  };

  it("lays a narrow text in the size that was asked for", () => {
    expect(sizeOf(begin("l", 5.6, landscape))).toBeCloseTo(5.6, 9);
  });

  it("lays a wide text in somewhat smaller letters beside chip and print rather than in those asked for over them", () => {
    const design = begin("Greetings from us", 5.6, landscape);
    expect(sizeOf(design)).toBeLessThan(5.6);
    expect(sizeOf(design)).toBeGreaterThanOrEqual(3.9);
    const { xMm, yMm, widthMm, heightMm } = boxOf(design, "e1");
    for (const zone of landscape.zones) {
      const isAcross = xMm - widthMm / 2 < zone.xMm + zone.widthMm && xMm + widthMm / 2 > zone.xMm;
      const isDown = yMm - heightMm / 2 < zone.yMm + zone.heightMm && yMm + heightMm / 2 > zone.yMm;
      expect(isAcross && isDown, zone.kind).toBe(false);
    }
  });

  it("makes no line higher than half the card, and no letter smaller than 6 points", () => {
    const scaled = (by: number) => apply(begin("l", 5.6, landscape), placeElement("e1", scaleBox(by)));
    expect(boxOf(scaled(1000), "e1").heightMm).toBeCloseTo(landscape.trimHeightMm / 2, 9);
    expect(boxOf(scaled(0.001), "e1").heightMm).toBeCloseTo(2.9, 9);
    expect(boxOf(apply(scaled(0.001), rewrite("l\nl")), "e1").heightMm).toBeCloseTo(5.8, 9);
  });

  it("keeps letters of at least 6 points, in a document that is taken, and their size when only the words change", () => {
    const text = fc.constantFrom("l", "ll\nl", "Zoë", "A line of 24 letters....", "two\nA line of 24 letters....");
    const by = fc.double({ min: 0.001, max: 1000, noNaN: true });
    const edit = fc.oneof(
      text.map((to) => ({ to, edit: rewrite(to) })),
      by.map((factor) => ({ to: null, edit: placeElement("e1", scaleBox(factor)) })),
      fc.tuple(by, by).map(([widthMm, heightMm]) => ({
        to: null,
        // Of the same proportions: what is offered for a text.
        edit: placeElement("e1", (box) => ({
          ...box,
          widthMm,
          heightMm: (widthMm / box.widthMm) * box.heightMm || heightMm,
        })),
      })),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...products),
        text,
        by,
        fc.array(edit, { maxLength: 20 }),
        (product, first, size, edits) => {
          let design = begin(first, size, product);
          const { widthMm: across } = sideRangesMm({ kind: "text", text: "l" }, product);
          for (const { to, edit: change } of edits) {
            const before = sizeOf(design);
            design = change(design, product);
            // Longer words in large letters are made to fit the card.
            const fits = to === null || (artOf(to).width * before) / 1000 <= across.max;
            if (to !== null && fits) expect(sizeOf(design)).toBeCloseTo(before, 6);
            expect(sizeOf(design)).toBeGreaterThanOrEqual(2.117);
            expect(designDocument.safeParse(design).error).toBeUndefined();
          }
        },
      ),
    );
  });
});

it("refuses a document whose letters are under 6 points", () => {
  const box = { ...heart.box, widthMm: 0.6, heightMm: 5.5 };
  const text = { kind: "text", text: "l\nl", face: "plain", align: "start", fill: "#000000", id: "e1", box } as const;
  const design = { ...designWith(), elements: [...designWith().elements, text] };
  const { error } = designDocument.safeParse(design);
  expect(error?.issues[0]?.message).toBe("expected letters of at least 6 points");
  expect(designDocument.safeParse({ ...design, elements: [design.elements[0], { ...text, text: "l" }] }).success).toBe(
    true,
  );
});

/** A field of one side alone is offered for shapes only. */
function stickersKeepShape(edit: fc.Arbitrary<Edit>): fc.Arbitrary<Edit> {
  return edit.map((change) => (design, product) => {
    const next = change(design, product);
    const isStretched = vectorElementsOf(next).some(
      ({ kind, box }) => kind === "sticker" && Math.abs(box.widthMm / box.heightMm - 2) > 1e-6,
    );
    return isStretched ? design : next;
  });
}
