import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Design, vectorElementsOf } from "../design.ts";
import { designDocument } from "../document.ts";
import { type Edit, layGround } from "../edits.ts";
import { mirrorBox, moveBoxBy, scaleBox, turnBoxBy } from "../element-box.ts";
import {
  addElement,
  duplicateElement,
  findElement,
  placeElement,
  removeElement,
  rewriteText,
  setFill,
  stackElement,
} from "../element-edits.ts";
import type { Art, VectorElement } from "../elements.ts";
import { isGradient, sameGround } from "../ground.ts";
import { findUnoffered, keepOffered } from "../offered.ts";
import { designWith, landscape } from "../testing/arbitrary.ts";
import { heart, sticker } from "../testing/elements.ts";
import { listBuiltIn } from "./built-in.ts";
import { colourPart, detachTemplate, fillSlot, fitsSlot, layTemplate } from "./template-edits.ts";
import { findBreach, findPart, guidesOf, holdTemplate, isFixed } from "./template.ts";
import { club } from "./testing/club.ts";

/** Half an em for each letter, one em for each line. */
const artOf = (text: string): Art => {
  const lines = text.split("\n");
  return { width: 500 * Math.max(...lines.map(({ length }) => length)), height: 1000 * lines.length, ops: [] };
};
const findArt = (name: string): Art => artOf((JSON.parse(name) as string[])[2]!);

/** As the designer does an edit. */
const edit = (design: Design, ...edits: readonly Edit[]): Design =>
  edits.reduce((before, change) => holdTemplate(before, change(before, landscape), club), design);
const lay = (design: Design = designWith()): Design => layTemplate(club, undefined, findArt)(design, landscape);
const fill = (text: string): Edit => fillSlot(club, "name", text, artOf(text), findArt);
const laid = lay();
const filled = edit(laid, fill("Ada"), addElement(heart));
const ids = (design: Design): string[] => design.elements.map(({ id }) => id);
const withElement = (design: Design, id: string, change: (element: VectorElement) => object): Design => ({
  ...design,
  elements: design.elements.map((element) =>
    element.id === id && element.kind !== "photo" ? { ...element, ...change(element) } : element,
  ),
});

describe("a template that is laid", () => {
  it("has what is printed, without hints and unfilled texts, holds its own locks and is a document", () => {
    expect(ids(laid)).toEqual(["photo", "stripe", "since", "star", "logo"]);
    expect(laid.template).toEqual({ id: "club", version: 2 });
    expect(findBreach(laid, club)).toBeNull();
    expect(designDocument.safeParse(JSON.parse(JSON.stringify(laid))).error).toBeUndefined();
    expect(guidesOf(club, laid).map(({ id }) => id)).toEqual(["name", "face-here"]);
    expect(guidesOf(club, filled).map(({ id }) => id)).toEqual(["face-here"]);
  });

  it("sets its texts as large as fits their place, in the middle", () => {
    expect(findElement(laid, "since")?.box).toMatchObject({ xMm: 0, yMm: 4, widthMm: 25, heightMm: 5 });
    expect(findElement(filled, "name")?.box).toMatchObject({ xMm: 9, yMm: -8, heightMm: 9 });
    expect(findElement(filled, "name")?.box.widthMm).toBeCloseTo(13.5);
    expect(findElement(edit(laid, fill("A".repeat(24))), "name")?.box.widthMm).toBeCloseTo(40);
    expect(fitsSlot(findPart(club, "name")!, "A\nB", artOf("A\nB"))).toBe(true);
    expect(fitsSlot(findPart(club, "since")!, "A\nB", artOf("A\nB"))).toBe(false);
  });

  it("keeps below what lies on top all that comes later", () => {
    expect(ids(filled)).toEqual(["photo", "stripe", "since", "star", "name", "e1", "logo"]);
    expect(ids(edit(filled, stackElement("e1", "to-front"))).at(-1)).toBe("logo");
    expect(ids(edit(filled, stackElement("e1", "to-back")))[1]).toBe("e1");
  });

  it("leaves what is the cardholder's own when another takes its place, or none", () => {
    const line = listBuiltIn(landscape).find(({ id }) => id === "line")!;
    const withTexts = { ...landscape, features: { ...landscape.features, texts: true } };
    const next = layTemplate(line, club, findArt)(filled, withTexts);
    expect(ids(next)).toEqual(["photo", "e2", "e1", "frame"]);
    expect(findElement(next, "e2")).toMatchObject({ kind: "text", text: "Ada" });
    expect(findBreach(next, line)).toBeNull();
    expect(ids(layTemplate(line, club, findArt)(filled, landscape))).toEqual(["photo", "e1", "frame"]);
    const none = layTemplate(null, club, findArt)(filled, landscape);
    expect(none).toEqual(expect.not.objectContaining({ template: expect.anything() }));
    expect(ids(none)).toEqual(["photo", "e1"]);
  });

  it("takes over what was typed for a place of the same name", () => {
    const next = { ...club, id: "other", elements: club.elements.filter(({ element }) => element.kind === "text") };
    const moved = layTemplate(next, club, findArt)(filled, landscape);
    expect(ids(moved)).toEqual(["photo", "since", "name", "e1"]);
    expect(findElement(moved, "name")).toMatchObject({ text: "Ada" });
  });

  it("that is not there any more leaves texts where they are offered, and nothing else of its own", () => {
    const withTexts = { ...landscape, features: { ...landscape.features, texts: true } };
    const texts = (design: Design) =>
      vectorElementsOf(design).map((element) => (element.kind === "text" ? element.text : element.id));
    const detached = detachTemplate(filled, withTexts);
    expect(texts(detached)).toEqual(["Since 1921", "Ada", "e1"]);
    expect(ids(detached).every((id) => /^(photo|e\d+)$/.test(id))).toBe(true);
    expect(detached.template).toBeUndefined();
    expect(texts(detachTemplate(filled, landscape))).toEqual(["e1"]);
  });

  it("is laid only where there is room for it, for its drawings and for a photo that comes later", () => {
    const drawn = (id: string, length: number): VectorElement => {
      const op = { path: `M0 0${"L1 1".repeat(length / 4)}`, fill: "#123456", rule: "nonzero" } as const;
      return { ...heart, kind: "drawing", id, art: { width: 10, height: 10, ops: [op, op] } };
    };
    const heavy = { ...club, elements: [{ element: drawn("frame", 59_000), locks: {}, prints: true }] };
    const layHeavy = (design: Design): Design => layTemplate(heavy, undefined, findArt)(design, landscape);
    const withOwn = (length: number): Design => ({ ...designWith(), elements: [drawn("e1", length)] });
    expect(ids(layHeavy(withOwn(40_000)))).toEqual(["frame", "e1"]);
    const full = withOwn(42_000);
    expect(layHeavy(full)).toBe(full);
    const many = (count: number): Design => ({
      ...designWith(),
      elements: Array.from({ length: count }, (_, at) => ({ ...heart, id: `e${at + 1}` })),
    });
    expect(lay(many(95)).elements).toHaveLength(99);
    const crowded = many(96);
    expect(lay(crowded)).toBe(crowded);
  });

  it("is not filled with what was typed for another", () => {
    for (const template of [{ id: "club", version: 1 }, undefined])
      expect(fill("Ada")({ ...laid, template }, landscape)).toMatchObject({ elements: laid.elements });
  });

  it("is taken without what was written in letters that the product does not print any more", () => {
    const greek = { ...landscape, features: { ...landscape.features, texts: { scripts: ["greek"] } } } as const;
    expect(ids(keepOffered(filled, greek, club))).toEqual(["photo", "stripe", "since", "star", "e1", "logo"]);
    expect(findUnoffered(filled, greek, club)).toBe(`elements[${ids(filled).indexOf("name")}]`);
    const inGreek = edit(laid, fill("Άδα"));
    expect(keepOffered(inGreek, greek, club)).toBe(inGreek);
  });

  it("is offered whatever it has, and what is the cardholder's own only as far as the product says", () => {
    const bare = { ...landscape, features: {} };
    expect(ids(keepOffered(filled, bare, club))).toEqual(["photo", "stripe", "since", "star", "name", "logo"]);
    const elements = filled.elements.map((one) => (one.id === "star" ? { ...one, shape: "heart" as const } : one));
    const other = { ...filled, elements: elements as Design["elements"] };
    expect(findElement(keepOffered(other, bare, club), "star")).toMatchObject({ shape: "star" });
    const withShapes = { ...landscape, features: { shapes: true } };
    expect(findElement(keepOffered(other, withShapes, club), "star")).toMatchObject({ shape: "heart" });
  });
});

describe("locks", () => {
  it("hold whatever sequence of edits is applied, and what is free can be changed", () => {
    const id = fc.constantFrom("stripe", "since", "star", "name", "logo", "e1", "e2", "photo", "face-here");
    const mm = fc.double({ min: -100, max: 100, noNaN: true });
    const text = fc.constantFrom("Ada", "A", "Grace\nHopper", "W".repeat(24));
    const anyEdit: fc.Arbitrary<Edit> = fc.oneof(
      fc.constantFrom(heart, sticker).map((element) => addElement(element)),
      id.map((of) => removeElement(of)),
      id.map((of) => duplicateElement(of)),
      fc
        .tuple(id, fc.constantFrom("raise", "lower", "to-front", "to-back"))
        .map(([of, way]) => stackElement(of, way as "raise")),
      fc.tuple(id, mm, mm).map(([of, x, y]) => placeElement(of, moveBoxBy(x, y))),
      fc.tuple(id, fc.double({ min: 0.01, max: 100, noNaN: true })).map(([of, by]) => placeElement(of, scaleBox(by))),
      fc.tuple(id, mm).map(([of, degrees]) => placeElement(of, turnBoxBy(degrees))),
      id.map((of) => placeElement(of, mirrorBox())),
      id.map((of) => setFill(of, "#654321")),
      id.map((of) => colourPart(of, "#654321")),
      fc
        .tuple(id, text, fc.constantFrom("plain", "hand"))
        .map(([of, written, face]) =>
          rewriteText(of, { text: written, face, align: "centre" }, findArt, artOf(written)),
        ),
      text.map((written) => fill(written)),
    );
    fc.assert(
      fc.property(fc.array(anyEdit, { maxLength: 25 }), (edits) => {
        let design = lay();
        for (const change of edits) {
          design = edit(design, change);
          expect(findBreach(design, club)).toBeNull();
          expect(designDocument.safeParse(JSON.parse(JSON.stringify(design))).error).toBeUndefined();
        }
      }),
    );
    expect(findElement(edit(filled, setFill("stripe", "#654321")), "stripe")).toMatchObject({ fill: "#654321" });
    expect(findElement(edit(filled, placeElement("star", moveBoxBy(1, 2))), "star")?.box).toMatchObject({ xMm: 21 });
    expect(ids(edit(filled, removeElement("star"), removeElement("name")))).not.toContain("name");
  });

  it("are found broken by the very property, whatever the document says of its template", () => {
    const at = (id: string): number => ids(filled).indexOf(id);
    const broken: readonly [string, Design][] = [
      ["template", { ...filled, elements: filled.elements.filter(({ id }) => id !== "logo") }],
      [
        `elements[${at("logo")}].art`,
        withElement(filled, "logo", () => ({
          art: {
            width: 20,
            height: 10,
            ops: ["#123456", "#ffffff"].map((colour) => ({ path: "M0 0L1 0L1 1Z", fill: colour, rule: "nonzero" })),
          },
        })),
      ],
      [`elements[${at("since")}].text`, withElement(filled, "since", () => ({ text: "Since 1922" }))],
      [`elements[${at("since")}].face`, withElement(filled, "since", () => ({ face: "hand" }))],
      [`elements[${at("since")}].align`, withElement(filled, "since", () => ({ align: "end" }))],
      [`elements[${at("since")}].fill`, withElement(filled, "since", () => ({ fill: "#000000" }))],
      [`elements[${at("stripe")}].shape`, withElement(filled, "stripe", () => ({ shape: "star" }))],
      [
        `elements[${at("stripe")}].kind`,
        withElement(filled, "stripe", ({ box }) => ({ kind: "sticker", art: "plane", box })),
      ],
      [`elements[${at("e1")}].id`, withElement(filled, "e1", () => ({ id: "face-here" }))],
      [
        `elements[${at("e1")}]`,
        { ...filled, elements: [...filled.elements.filter(({ id }) => id !== "e1"), findElement(filled, "e1")!] },
      ],
    ];
    for (const [path, design] of broken) {
      const found = findBreach(design, club);
      if (path === `elements[${at("e1")}]`) expect(found, path).toMatch(/^elements\[\d\]$/);
      else expect(found, path).toBe(path);
    }
    const recoloured = withElement(filled, "logo", (logo) => {
      const { art } = logo as Extract<VectorElement, { kind: "drawing" }>;
      return { art: { ...art, ops: art.ops.map((op) => ({ ...op, fill: "#ff0000" })) } };
    });
    expect(findBreach(recoloured, club)).toBe(`elements[${at("logo")}].fill`);
    const swapped = [...filled.elements];
    [swapped[1], swapped[2]] = [swapped[2]!, swapped[1]!];
    expect(findBreach({ ...filled, elements: swapped }, club)).toBe("elements[1]");
  });

  it("are found broken by any other box of what is not to be moved", () => {
    const side = fc.constantFrom("xMm", "yMm", "widthMm", "heightMm", "rotationDeg");
    const by = fc.double({ min: 0.001, max: 5, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom("stripe", "since", "name", "logo"), side, by, (id, name, mm) => {
        const moved = withElement(filled, id, ({ box }) => ({ box: { ...box, [name]: box[name] + mm } }));
        const found = findBreach(moved, club);
        // A text is wider or narrower by its letters, and as large as fits.
        const isOfLetters = (id === "since" || id === "name") && name === "widthMm";
        if (!isOfLetters) expect(found).toBe(`elements[${ids(filled).indexOf(id)}].box`);
      }),
    );
    expect(
      findBreach(
        withElement(filled, "name", ({ box }) => ({ box: { ...box, widthMm: 41 } })),
        club,
      ),
    ).not.toBeNull();
    expect(
      findBreach(
        withElement(filled, "logo", ({ box }) => ({ box: { ...box, mirrored: true } })),
        club,
      ),
    ).not.toBeNull();
  });

  const sky = { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 };
  const colour = fc.constantFrom("#ffffff", "#14274e", "#f6c544");
  const anyGround = fc.oneof(
    colour,
    fc.record({ from: colour, to: colour, angleDeg: fc.integer({ min: 0, max: 359 }) }),
    fc.constant(sky),
  );
  const bare: Design = { ...designWith(), elements: [], ground: "#f6c544" };

  it("hold the ground that is fixed whatever is laid there, and any other is found", () => {
    const before = fc.constantFrom(bare, designWith());
    fc.assert(
      fc.property(anyGround, before, fc.array(anyGround, { maxLength: 5 }), (fill, empty, wanted) => {
        const template = { ...club, ground: { fill, locks: { style: true } } };
        const start = layTemplate(template, undefined, findArt)(empty, landscape);
        const hasPhoto = start.elements[0]?.kind === "photo";
        const fixed = hasPhoto && isGradient(fill) ? "#ffffff" : fill;
        expect(start.ground).toEqual(fixed);
        let design = start;
        for (const ground of wanted) {
          const both = [layGround(ground), addElement(heart)].map((change) => change(design, landscape));
          for (const after of [...both, { ...design, ground }]) {
            design = holdTemplate(design, after, template);
            expect(findBreach(design, template)).toBeNull();
            expect(designDocument.safeParse(JSON.parse(JSON.stringify(design))).error).toBeUndefined();
          }
          expect(findBreach({ ...design, ground }, template)).toBe(sameGround(ground, fixed) ? null : "ground");
        }
      }),
    );
  });

  it("leave a ground that is not fixed to the cardholder, and it goes with its template", () => {
    const template = { ...club, ground: { fill: sky, locks: {} } };
    const start = layTemplate(template, undefined, findArt)(bare, landscape);
    expect(start.ground).toEqual(sky);
    const changed = holdTemplate(start, layGround("#14274e")(start, landscape), template);
    expect(changed.ground).toBe("#14274e");
    expect(findBreach(changed, template)).toBeNull();
    const groundAfter = (design: Design, next: typeof club | null): unknown =>
      layTemplate(next, template, findArt)(design, landscape).ground;
    expect([groundAfter(start, null), groundAfter(start, club)]).toEqual(["#ffffff", "#ffffff"]);
    expect([groundAfter(changed, null), groundAfter(changed, club)]).toEqual(["#14274e", "#14274e"]);
  });

  it("leave nothing to do with what is fixed, and something with what is to be filled", () => {
    const fixed = club.elements.map(({ element }) => element.id).filter((id) => isFixed(club, id));
    expect(fixed).toEqual(["since", "logo", "face-here"]);
    expect(isFixed(club, "e1")).toBe(false);
  });
});
