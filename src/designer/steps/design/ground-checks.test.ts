import { expect, it } from "vitest";
import { type Product, products } from "#card/products.ts";
import { createDesign, type Design } from "#design/design.ts";
import type { Ground } from "#design/ground.ts";
import { makeShape } from "#design/element-edits.ts";
import { factsOf } from "../../store/photo-facts.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { createTranslate } from "../../locales/text.tsx";
import { findFix } from "./check-fixes.ts";
import { moreOf } from "./check-texts.ts";
import { checksOf } from "./design-checks.ts";

const [landscape] = products;
const nothing = { assets: new Map(), arts: new Map() };
const red = "#c0272d";
const dusk = { from: "#14274e", to: "#2e6fdb", angleDeg: 45 } as const;

function factsOn(ground: Ground, elements: Design["elements"] = [], product: Product = landscape) {
  return factsOf({ ...createDesign(product), ground, elements }, nothing)!;
}
const kindsOn = (...on: Parameters<typeof factsOn>): string[] =>
  checksOf(factsOn(...on), on[2] ?? landscape)
    .filter(({ element }) => element === undefined)
    .map(({ kind }) => kind);

function stripe(heightMm: number): Design["elements"] {
  const box = { xMm: 0, yMm: 0, widthMm: 87, heightMm, rotationDeg: 0, mirrored: false };
  return [{ ...makeShape("rectangle", "#14274e"), id: "e1", box }];
}

it("a card of one colour, or of two that nobody tells apart, is said to show marks from printing, until something covers enough", () => {
  expect(kindsOn(red)).toEqual(["flat"]);
  expect(kindsOn({ from: red, to: "#b8262c", angleDeg: 0 })).toEqual(["flat"]);
  expect(kindsOn(dusk)).toEqual([]);
  expect(kindsOn(red, stripe(5))).toEqual(["flat"]);
  expect(kindsOn(red, stripe(30))).toEqual([]);
});

it("white and black are said to be that, and nothing of one of them is refused", () => {
  const checks = [...checksOf(factsOn("#ffffff"), landscape), ...checksOf(factsOn("#000000"), landscape)];
  expect(checks.map(({ kind }) => kind)).toEqual(["hard-lines", "white", "dark", "flat"]);
  expect(checks.some(({ refused }) => refused)).toBe(false);
});

it("number and name are judged against the ground where they lie, and no word is of a photo", () => {
  // Light at the top right and dark where the lettering is, and the other way round.
  const [readable, unreadable] = [
    { from: "#14274e", to: "#f6c544", angleDeg: 270 },
    { from: "#14274e", to: "#f6c544", angleDeg: 90 },
  ] as const;
  expect(kindsOn(unreadable)).toContain("hard-name");
  expect(kindsOn({ ...readable, angleDeg: 270, from: "#14274e", to: "#2e6fdb" })).toEqual([]);
  const t = createTranslate(chooseLocale("en"));
  const number = new Intl.NumberFormat("en");
  for (const ground of [unreadable, "#ffffff", "#000000"]) {
    const facts = factsOn(ground);
    for (const check of checksOf(facts, landscape)) {
      const fix = findFix(check, facts, landscape);
      expect(fix).toBeNull();
      expect(moreOf(check, fix, t, number)).not.toMatch(/photo/i);
      expect(moreOf(check, undefined, t, number)).not.toMatch(/photo/i);
    }
  }
});

it("a veil mends the lettering where the product allows one", () => {
  const product = products.find(({ maxVeilPercent }) => maxVeilPercent > 0)!;
  const facts = factsOn("#f6c544", [], product);
  const check = checksOf(facts, product).find(({ id }) => id === "lines")!;
  const fix = findFix(check, facts, product);
  expect(fix?.does).toBe("veils");
});

it("is the same facts for the same card, so that what was found is not looked for again", () => {
  const design = { ...createDesign(landscape), ground: dusk };
  expect(factsOf({ ...design }, nothing)).toBe(factsOf({ ...design }, nothing));
  expect(factsOf({ ...design, ground: red }, nothing)).not.toBe(factsOf(design, nothing));
});
