import { expect, it } from "vitest";
import { findProduct } from "#card/products.ts";
import { addElement } from "#design/element-edits.ts";
import { nameWriting } from "#design/elements.ts";
import { addTemplate } from "#design/templates/templates.ts";
import { heart } from "#design/testing/elements.ts";
import { makeOpenPhoto } from "#image/testing/open-photo.ts";
import { createDesignStore } from "../../store/design-store.ts";
import { factsOf } from "../../store/photo-facts.ts";
import { findFix } from "./check-fixes.ts";
import { checksOf } from "./design-checks.ts";

const noArts = new Map();
const product = findProduct("photo-fine")!;

it("the search for fixes ends: a card's facts are the same object after it as before", () => {
  const [columns, rows] = [8, 30];
  // Too dark to be lightened, with a light strip behind the card number: everything is tried.
  const rgba = Uint8ClampedArray.from({ length: columns * rows * 4 }, (_, at) => {
    const row = Math.floor(at / 4 / columns);
    return at % 4 === 3 || (row >= 16 && row < 18) ? 255 : 4;
  });
  const store = createDesignStore(product);
  store.getState().setPhoto(makeOpenPhoto({ colours: { columns, rows, rgba } }));
  const { design, assets } = store.getState();
  const facts = factsOf(design, { assets, arts: noArts })!;
  const checks = checksOf(facts, product);
  expect(checks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["hard-number", "dark"]));
  for (const check of checks) findFix(check, facts, product);
  expect(factsOf(design, { assets, arts: noArts })).toBe(facts);
});

it("says what will not be seen of an element, and moves it into sight as one step", () => {
  const card = findProduct("photo-landscape")!;
  const store = createDesignStore(card);
  store.getState().setPhoto(makeOpenPhoto());
  const chip = card.zones.find(({ kind }) => kind === "chip")!;
  const under = { ...heart.box, xMm: chip.xMm + 6, yMm: chip.yMm + 6, widthMm: 8, heightMm: 8 };
  for (const [box, kind] of [
    [under, "element-under-chip"],
    [{ ...heart.box, xMm: 42 }, "element-cut"],
  ] as const) {
    store.getState().edit(addElement({ ...heart, box }));
    const { design, assets } = store.getState();
    const facts = factsOf(design, { assets, arts: noArts })!;
    const check = checksOf(facts, card).find((each) => each.element !== undefined)!;
    expect(check).toMatchObject({ kind, tone: "warn", refused: false });
    store.getState().edit(findFix(check, facts, card)!.edit);
    const after = factsOf(store.getState().design, { assets, arts: noArts })!;
    expect(checksOf(after, card).filter(({ element }) => element !== undefined)).toEqual([]);
  }
});

it("what a template locks is neither moved nor coloured to mend a card; what it leaves free is", () => {
  const line = product.zones.find(({ kind }) => kind === "card-number")!;
  const over = { ...heart.box, xMm: line.xMm + line.widthMm / 2, yMm: line.yMm + line.heightMm / 2 };
  const band = { ...heart, shape: "rectangle", id: "band", fill: "#ffffff", box: { ...over, widthMm: 30 } } as const;
  const written = { kind: "text", id: "name", text: "Ada", face: "plain", align: "centre", fill: "#050505" } as const;
  const name = { ...written, box: { ...heart.box, yMm: -8, widthMm: 20, heightMm: 8 } };
  const square = { path: "M0 0L20 0L20 8L0 8Z", fill: "#000000", rule: "nonzero" } as const;
  const arts = new Map([[nameWriting(name), { width: 20, height: 8, ops: [square] }]]);
  const own = {
    ...product,
    ownTemplates: [1, 2].map((version) => ({ id: "lines", version, names: { en: "Lines" }, address: "/lines.json" })),
  };
  for (const [version, lock, does] of [
    [1, "none", ["clears", "recolours"]],
    [2, "all", []],
  ] as const) {
    const elements = [band, name].map((element) => {
      const isLocked = lock === "all";
      // A text that lies where it is put and is coloured as it is, is not checked at all.
      return { element, prints: true, locks: { move: isLocked && element === band, style: isLocked } };
    });
    addTemplate({ id: "lines", version, names: { en: "Lines" }, products: [product.id], elements });
    const store = createDesignStore(own);
    const colours = { columns: 1, rows: 1, rgba: Uint8ClampedArray.of(0, 0, 0, 255) };
    store.getState().setPhoto(makeOpenPhoto({ colours }));
    const { design, assets } = store.getState();
    const made = { ...design, elements: [...design.elements, band, name], template: { id: "lines", version } };
    const facts = factsOf(made, { assets, arts })!;
    const checks = checksOf(facts, own);
    expect(checks.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["lines-covered", "element-faint"]));
    const fixes = checks.map((check) => findFix(check, facts, own)?.does);
    expect(fixes.filter((fix) => fix === "clears" || fix === "recolours").toSorted()).toEqual(does);
  }
});
