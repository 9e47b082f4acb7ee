import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { cover, filledBy, toLines } from "../coverage.ts";
import { designDocument } from "../document.ts";
import { findElementFlaw } from "../element-places.ts";
import { designWith } from "../testing/arbitrary.ts";
import { builtInIds, listBuiltIn } from "./built-in.ts";
import { fillSlot, layTemplate } from "./template-edits.ts";
import { findFault, templateFile } from "./template-schema.ts";
import { findBreach, holdTemplate } from "./template.ts";
import { listTemplates } from "./templates.ts";
import released from "./testing/released.json" with { type: "json" };

const art = { width: 2000, height: 1000, ops: [] };

it("each is a template for every product, and makes a design that is taken and holds its locks", () => {
  for (const product of products) {
    expect(listBuiltIn(product).map(({ id }) => id)).toEqual([...builtInIds, "double-line", "corners", "mount"]);
    const offered = listTemplates({ ...product, features: { templates: true } });
    expect(offered.map(({ id, version }) => `${id} ${version}`)).toEqual([
      "line 1",
      "double-line 2",
      "corners 2",
      "mount 2",
      "film 1",
      "airmail 1",
      "name 1",
      "hills 1",
    ]);
    for (const template of listBuiltIn(product)) {
      const label = `${product.id} ${template.id}`;
      expect(templateFile.safeParse(JSON.parse(JSON.stringify(template))).error, label).toBeUndefined();
      expect(findFault(template), label).toBeNull();
      const laid = layTemplate(template, undefined, () => art)(designWith(undefined, product), product);
      const filled = holdTemplate(laid, fillSlot(template, "caption", "Ada", art, () => art)(laid, product), template);
      for (const design of [laid, filled]) {
        expect(designDocument.safeParse(JSON.parse(JSON.stringify(design))).error, label).toBeUndefined();
        expect(findBreach(design, template), label).toBeNull();
      }
    }
  }
});

/** Points a twentieth of a millimetre apart, along all lines. */
function walk(outline: readonly number[]): readonly (readonly [x: number, y: number])[] {
  return Array.from({ length: outline.length / 2 }, (_, at) => at * 2).flatMap((at) => {
    const [x, y] = [outline[at]!, outline[at + 1]!];
    const [toX, toY] = [outline[(at + 2) % outline.length]!, outline[(at + 3) % outline.length]!];
    const steps = Math.ceil(Math.hypot(toX - x, toY - y) / 0.05) + 1;
    return Array.from(
      { length: steps },
      (__, step) => [x + ((toX - x) * step) / steps, y + ((toY - y) * step) / steps] as const,
    );
  });
}

it.each(["double-line", "corners", "mount"])("no line of %s comes within a millimetre of the network mark", (id) => {
  for (const product of products) {
    const { xMm, yMm, widthMm, heightMm } = product.zones.find(({ kind }) => kind === "network-mark")!;
    const [middleX, middleY] = [xMm + widthMm / 2, yMm + heightMm / 2];
    const { elements } = listBuiltIn(product).find((template) => template.id === id)!;
    const filled = elements.flatMap(({ element }) => filledBy(element));
    for (const { outlines } of filled) {
      const near = outlines.flatMap(walk).map(([x, y]) => {
        const across = Math.max(Math.abs(x - middleX) - widthMm / 2, 0);
        return Math.hypot(across, Math.max(Math.abs(y - middleY) - heightMm / 2, 0));
      });
      // Rounded to a hundredth.
      expect(Math.min(...near), product.id).toBeGreaterThanOrEqual(0.99);
    }
    const cells = new Uint8Array(1);
    const mark = { x: toLines([xMm, xMm + widthMm]), y: toLines([yMm, yMm + heightMm]) };
    for (const each of filled) cover(each, mark, cells);
    expect(cells[0], `${product.id}: nothing lies under it`).toBe(0);
  }
});

it("each text has its place beside chip, print and edge", () => {
  for (const product of products) {
    for (const { id, elements } of listBuiltIn(product)) {
      for (const { element } of elements.filter((part) => part.element.kind === "text")) {
        const { xMm, yMm, widthMm, heightMm } = element.box;
        const covers = product.zones.filter(
          (zone) =>
            xMm + widthMm / 2 > zone.xMm &&
            xMm - widthMm / 2 < zone.xMm + zone.widthMm &&
            yMm + heightMm / 2 > zone.yMm &&
            yMm - heightMm / 2 < zone.yMm + zone.heightMm,
        );
        expect(covers, `${product.id} ${id}`).toEqual([]);
        expect(findElementFlaw(element, product), `${product.id} ${id}`).toBeNull();
      }
    }
  }
});

it("one that was released is never drawn otherwise, since designs are checked against it", () => {
  const now = Object.fromEntries(
    products.flatMap((product) =>
      listBuiltIn(product).map(({ id, version, ground, elements }) => [
        `${product.id} ${id} ${version}`,
        createHash("sha256")
          .update(JSON.stringify(ground === undefined ? elements : { ground, elements }))
          .digest("hex")
          .slice(0, 16),
      ]),
    ),
  );
  expect(now).toEqual(expect.objectContaining(released));
  expect(Object.keys(released)).toEqual(Object.keys(now));
});
