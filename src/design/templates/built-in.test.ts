import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { products } from "#card/products.ts";
import { designDocument } from "../document.ts";
import { findElementFlaw } from "../element-places.ts";
import { designWith } from "../testing/arbitrary.ts";
import { builtInIds, listBuiltIn } from "./built-in.ts";
import { fillSlot, layTemplate } from "./template-edits.ts";
import { findFault, templateFile } from "./template-schema.ts";
import { findBreach, holdTemplate } from "./template.ts";
import released from "./testing/released.json" with { type: "json" };

const art = { width: 2000, height: 1000, ops: [] };

it("each is a template for every product, and makes a design that is taken and holds its locks", () => {
  for (const product of products) {
    expect(listBuiltIn(product).map(({ id }) => id)).toEqual(builtInIds);
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
