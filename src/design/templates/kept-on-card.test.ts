import fc from "fast-check";
import { expect, it } from "vitest";
import type { Design } from "../design.ts";
import { moveBoxBy, scaleBox } from "../element-box.ts";
import { findElement, placeElement } from "../element-edits.ts";
import type { Box } from "../elements.ts";
import { designWith, landscape } from "../testing/arbitrary.ts";
import { findBreach, holdTemplate } from "./template.ts";
import { layTemplate } from "./template-edits.ts";
import { club } from "./testing/club.ts";

const kept = {
  ...club,
  elements: club.elements.map((part) => (part.element.id === "star" ? { ...part, locks: { remove: true } } : part)),
};
const laid = layTemplate(kept, undefined, () => undefined)(designWith(), landscape);
const place = (change: Partial<Box>): Design => ({
  ...laid,
  elements: laid.elements.map((element) =>
    element.id === "star" && element.kind === "shape" ? { ...element, box: { ...element.box, ...change } } : element,
  ),
});
/** All but the texts, whose letters are not there. */
const withoutTexts = { ...kept, elements: kept.elements.filter(({ element }) => element.kind !== "text") };

it.each<Partial<Box>>([{ xMm: 9000 }, { yMm: -40 }, { widthMm: 0.5, heightMm: 0.5 }])(
  "what stays on the card is not laid beside it, or made too small to be seen: %j breaks the lock",
  (change) => {
    expect(findElement(laid, "star")).toBeDefined();
    const at = laid.elements.findIndex(({ id }) => id === "star");
    expect(findBreach(place(change), withoutTexts)).toBe(`elements[${at}].box`);
  },
);

it("what stays on the card may go wherever edits take it", () => {
  const mm = fc.double({ min: -99, max: 99, noNaN: true });
  fc.assert(
    fc.property(mm, mm, fc.double({ min: 0.01, max: 9, noNaN: true }), (xMm, yMm, by) => {
      const moved = placeElement("star", moveBoxBy(xMm, yMm))(laid, landscape);
      const scaled = placeElement("star", scaleBox(by))(moved, landscape);
      expect(findBreach(holdTemplate(laid, scaled, withoutTexts), withoutTexts)).toBeNull();
    }),
  );
});
