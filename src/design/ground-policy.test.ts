import fc from "fast-check";
import { expect, it } from "vitest";
import type { GroundPolicy, Product } from "#card/products.ts";
import type { Design } from "./design.ts";
import { layGround, putPhoto } from "./edits.ts";
import type { Ground } from "./ground.ts";
import { groundPolicyOf, isGroundOffered, mendGround } from "./ground-policy.ts";
import { keepOffered, offersGrounds } from "./offered.ts";
import { layTemplate } from "./templates/template-edits.ts";
import { club } from "./templates/testing/club.ts";
import { designWith, landscape } from "./testing/arbitrary.ts";

const palette: GroundPolicy = {
  colours: ["#f2ede2", "#1b6b47", "#123456"],
  gradients: [{ from: "#1b6b47", to: "#f6c544" }],
};
const offering = (grounds: boolean | GroundPolicy): Product => ({ ...landscape, features: { grounds } });
const bank = offering(palette);
const bare: Design = { ...designWith(), elements: [], ground: "#123456" };
const colour = fc.oneof(
  fc.constantFrom(...palette.colours, "#f6c544", "#ffffff"),
  fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, "0")}`),
);
const anyGround: fc.Arbitrary<Ground> = fc.oneof(
  colour,
  fc.record({ from: colour, to: colour, angleDeg: fc.integer({ min: 0, max: 359 }) }),
);

it("whatever is laid, the card is of what the palette has, and all of that can be laid", () => {
  fc.assert(
    fc.property(fc.array(anyGround, { maxLength: 8 }), fc.boolean(), (wanted, withPhoto) => {
      let design = withPhoto ? { ...designWith(), ground: "#ffffff" } : bare;
      for (const ground of wanted) {
        design = layGround(ground)(design, bank);
        expect(isGroundOffered(design.ground, design, bank)).toBe(true);
        const kept = keepOffered({ ...bare, ground }, bank);
        expect(isGroundOffered(kept.ground, kept, bank)).toBe(true);
        expect(keepOffered(kept, bank)).toBe(kept);
        expect(layGround(ground)(bare, offering(true)).ground).toEqual(ground);
      }
    }),
  );
  const both = [palette.gradients![0]!, { from: "#f6c544", to: "#1b6b47" }].map((pair) => ({ ...pair, angleDeg: 77 }));
  for (const ground of [...palette.colours, ...both]) expect(layGround(ground)(bare, bank).ground).toEqual(ground);
  expect(layGround("#ffffff")(bare, bank)).toBe(bare);
});

it("what is not in it becomes the colour most like it, and white stays below a photo alone", () => {
  expect(mendGround("#14274e", bare, bank)).toBe("#123456");
  expect(mendGround("#ffffff", bare, bank)).toBe("#f2ede2");
  const forest = { from: "#1e7d5a", to: "#14274e", angleDeg: 7 };
  const three = { ...palette, gradients: [{ from: "#000000", to: "#ffffff" }, ...palette.gradients!] };
  expect(mendGround(forest, bare, offering(three))).toEqual({ from: "#1b6b47", to: "#f6c544", angleDeg: 7 });
  expect(mendGround(forest, bare, offering({ colours: palette.colours }))).toBe("#1b6b47");
  expect(mendGround("#ffffff", designWith(), bank)).toBe("#ffffff");
  const file = { sha256: "a".repeat(64), widthPx: 4000, heightPx: 3000 };
  const onGradient: Design = { ...bare, ground: { ...palette.gradients![0]!, angleDeg: 45 } };
  const laid = putPhoto(file, { xMm: 0, yMm: 0, mmPerPx: 1, rotationDeg: 0, mirrored: false })(onGradient, bank);
  expect(isGroundOffered(laid.ground, laid, bank)).toBe(true);
});

it("the ground of the card's template is taken whatever the palette", () => {
  const sky = { from: "#2f4a7d", to: "#e9a178", angleDeg: 90 };
  const template = { ...club, ground: { fill: sky, locks: {} } };
  const design = layTemplate(template, undefined, () => undefined)(bare, bank);
  expect([design.ground, isGroundOffered(sky, design, bank), isGroundOffered(sky, design, bank, template)]).toEqual([
    sky,
    false,
    true,
  ]);
  expect(keepOffered(design, bank, template).ground).toEqual(sky);
});

it("a palette offers cards without a photo", () => {
  expect([palette, true, false].map((grounds) => offersGrounds(offering(grounds)))).toEqual([true, true, false]);
  expect(groundPolicyOf(offering(true))).toBeUndefined();
});
