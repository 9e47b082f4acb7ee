import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Product } from "#card/products.ts";
import type { Design } from "../design.ts";
import { designDocument } from "../document.ts";
import type { Edit } from "../edits.ts";
import { findElement, rewriteText } from "../element-edits.ts";
import type { Art } from "../elements.ts";
import { findUnoffered, keepOffered } from "../offered.ts";
import { countLines } from "../text-rules.ts";
import { designWith, landscape } from "../testing/arbitrary.ts";
import { fillSlot, layTemplate } from "./template-edits.ts";
import { findBreach, holdTemplate, mostLinesOf, type Template } from "./template.ts";
import { templateFile } from "./template-schema.ts";
import { club } from "./testing/club.ts";

const artOf = (text: string): Art => {
  const lines = text.split("\n");
  return { width: 500 * Math.max(...lines.map(({ length }) => length)), height: 1000 * lines.length, ops: [] };
};
const findArt = (name: string): Art => artOf((JSON.parse(name) as string[])[2]!);

/** The club's, with so many lines in the slot for a name. */
const withLines = (lines?: number): Template => ({
  ...club,
  elements: club.elements.map((part) =>
    part.element.id === "name" ? { ...part, slot: { names: { en: "Your name" }, ...(lines && { lines }) } } : part,
  ),
});
const lay = (template: Template, design: Design = designWith(), before?: Template): Design =>
  layTemplate(template, before, findArt)(design, landscape);
const fill = (template: Template, text: string): Edit => fillSlot(template, "name", text, artOf(text), findArt);
const laid = layTemplate(withLines(2), undefined, findArt)(designWith(), landscape);
const two = holdTemplate(laid, fill(withLines(2), "Grace\nHopper")(laid, landscape), withLines(2));
const textOf = (design: Design): string | undefined => {
  const found = findElement(design, "name");
  return found?.kind === "text" ? found.text : undefined;
};

describe("the lines of a slot", () => {
  it("are held whatever is written there, by any edit, and nothing shorter is refused", () => {
    const line = fc.constantFrom("A", "Ada", "Grace Hopper");
    const text = fc.array(line, { minLength: 1, maxLength: 2 }).map((lines) => lines.join("\n"));
    const anyEdit = fc.oneof(
      text.map((written) => ({ written, rewrites: false })),
      text.map((written) => ({ written, rewrites: true })),
    );
    fc.assert(
      fc.property(fc.constantFrom(undefined, 1, 2), fc.array(anyEdit, { maxLength: 8 }), (lines, edits) => {
        const template = withLines(lines);
        const most = lines ?? 1;
        let design = lay(template);
        for (const { written, rewrites } of edits) {
          const writing = { text: written, face: "hand", align: "centre" } as const;
          const change = rewrites ? rewriteText("name", writing, findArt, artOf(written)) : fill(template, written);
          const before = textOf(design);
          design = holdTemplate(design, change(design, landscape), template);
          const isTaken = countLines(written) <= most && (!rewrites || before !== undefined);
          expect(textOf(design)).toBe(isTaken ? written : before);
          expect(findBreach(design, template)).toBeNull();
          expect(designDocument.safeParse(JSON.parse(JSON.stringify(design))).error).toBeUndefined();
        }
      }),
    );
  });

  it("are found broken by the text", () => {
    expect(findBreach(two, withLines(2))).toBeNull();
    const at = two.elements.findIndex(({ id }) => id === "name");
    expect(findBreach(two, withLines())).toBe(`elements[${at}].text`);
    expect(mostLinesOf({})).toBe(2);
  });

  it("let what was written for another template go there only as far as it has as many", () => {
    const next = { ...withLines(), id: "other" };
    expect(textOf(lay(next, two, withLines(2)))).toBeUndefined();
    expect(textOf(lay({ ...withLines(2), id: "other" }, two, withLines(2)))).toBe("Grace\nHopper");
  });

  it("are no more than the product takes", () => {
    const strict: Product = { ...landscape, features: { ...landscape.features, texts: { lines: 1 } } };
    const at = two.elements.findIndex(({ id }) => id === "name");
    expect(findUnoffered(two, strict, withLines(2))).toBe(`elements[${at}]`);
    expect(textOf(keepOffered(two, strict, withLines(2)))).toBeUndefined();
    expect(keepOffered(two, landscape, withLines(2))).toBe(two);
  });

  it("of a file are one or two, and as many as its own text has", () => {
    const withText = (text: string, lines?: number): Template => ({
      ...club,
      elements: withLines(lines).elements.map((part) =>
        part.element.id === "name" ? { ...part, element: { ...part.element, text } as typeof part.element } : part,
      ),
    });
    for (const [text, lines, isTaken] of [
      ["Ada", 1, true],
      ["Ada", 2, true],
      ["Ada", 3, false],
      ["Grace\nHopper", 2, true],
      ["Grace\nHopper", undefined, false],
    ] as const)
      expect(templateFile.safeParse(withText(text, lines)).success, `${text} ${lines}`).toBe(isTaken);
  });
});
