import { describe, expect, it } from "vitest";
import { findProduct, type TextPolicy, type Zone } from "#card/products.ts";
import { coverPlacement } from "#card/placement.ts";
import type { Design } from "#design/design.ts";
import { type Art, nameWriting, type Text, type VectorElement } from "#design/elements.ts";
import { designOf, makeOpenPhoto } from "#image/testing/open-photo.ts";
import { setText } from "#lettering/set-text.ts";
import { readFonts } from "#lettering/testing/read-fonts.ts";
import { type CardFacts, factsOf } from "../../store/photo-facts.ts";
import { findFix } from "./check-fixes.ts";
import { checksOf, type DesignCheck } from "./design-checks.ts";

const plain = findProduct("photo-landscape")!;
const offering = (texts: boolean | TextPolicy) => ({ ...plain, features: { texts, shapes: true } });
const product = offering(true);

const writing = { text: "Zoë & Ali", face: "plain", align: "centre" } as const;
const { art } = setText(writing, await readFonts(writing.text, writing.face));
const arts: ReadonlyMap<string, Art> = new Map([[nameWriting(writing), art]]);
const heightMm = 8;

function textAt(change: Partial<Text["box"]> = {}, fill = "#ffffff"): Text {
  const box = {
    xMm: 0,
    yMm: -14,
    widthMm: (heightMm * art.width) / art.height,
    heightMm,
    rotationDeg: 0,
    mirrored: false,
  };
  return { kind: "text", id: "t1", ...writing, fill, box: { ...box, ...change } };
}

function rectangle(id: string, fill: string, box: Partial<Text["box"]>): VectorElement {
  const whole = { xMm: 0, yMm: 0, widthMm: 20, heightMm: 10, rotationDeg: 0, mirrored: false };
  return { kind: "shape", id, shape: "rectangle", fill, box: { ...whole, ...box } };
}

/** A photo of grey columns, each of this level, with these elements on it. */
function cardOf(
  levels: readonly number[],
  ...elements: readonly VectorElement[]
): { design: Design; facts: CardFacts } {
  const rgba = Uint8ClampedArray.from(levels.flatMap((level) => [level, level, level, 255]));
  const photo = makeOpenPhoto({ colours: { columns: levels.length, rows: 1, rgba } });
  const plainCard = designOf(photo, coverPlacement(photo, product), product);
  const design = { ...plainCard, elements: [...plainCard.elements, ...elements] };
  return { design, facts: factsOf(design, { assets: new Map([[photo.sha256, photo]]), arts })! };
}

const find = (facts: CardFacts, kind: DesignCheck["kind"], on = product): DesignCheck | undefined =>
  checksOf(facts, on).find((check) => check.kind === kind);
const grey = [118];
const busy = Array.from({ length: 60 }, (_, at) => (at % 2 === 0 ? 60 : 235));

describe("a text", () => {
  it.each([
    ["white on a light photo", [210], textAt(), true],
    ["white on a busy photo", busy, textAt(), true],
    ["white on a dark photo", [60], textAt(), false],
    ["black on a light photo", [210], textAt({}, "#000000"), false],
    [
      "upright, on the light half of a photo that is dark elsewhere",
      [30, 220],
      textAt({ rotationDeg: 90, xMm: 30, yMm: 0 }),
      true,
    ],
    ["upright, on its dark half", [30, 220], textAt({ rotationDeg: 90, xMm: -30, yMm: 0 }), false],
  ])("%s is told to be hard to read, or not", (_, levels, text, isTold) => {
    expect(find(cardOf(levels, text).facts, "element-faint") !== undefined).toBe(isTold);
  });

  it("is judged by what lies below it, and by nothing above", () => {
    const white = rectangle("e1", "#ffffff", { yMm: -14, widthMm: 60, heightMm: 14 });
    expect(find(cardOf(grey, white, textAt()).facts, "element-faint")).toMatchObject({ tone: "warn", refused: false });
    expect(find(cardOf(grey, textAt(), white).facts, "element-faint")).toBeUndefined();
    const dark = rectangle("e1", "#14274e", { yMm: -14, widthMm: 60, heightMm: 14, rotationDeg: 2 });
    expect(find(cardOf([250], dark, textAt()).facts, "element-faint")).toBeUndefined();
  });

  it("gets the better of black and white in one step, or of the colours that there are", () => {
    const { design, facts } = cardOf([210], textAt());
    const fix = findFix(find(facts, "element-faint")!, facts, product);
    expect(fix?.does).toBe("recolours");
    expect(fix!.edit(design, product).elements[1]).toMatchObject({ fill: "#000000", box: textAt().box });
    const bank = offering({ colours: ["#ffffff", "#8a93a0", "#14274e"] });
    expect(findFix(find(facts, "element-faint", bank)!, facts, bank)!.edit(design, bank).elements[1]).toMatchObject({
      fill: "#14274e",
    });
  });

  it("has no button where no colour helps", () => {
    const { facts } = cardOf([210], textAt());
    const pale = offering({ colours: ["#ffffff", "#f6c544"] });
    expect(findFix(find(facts, "element-faint", pale)!, facts, pale)).toBeNull();
  });
});

describe("what lies behind number and name", () => {
  const zone = (kind: Zone["kind"]): Zone => plain.zones.find((each) => each.kind === kind)!;
  const number = zone("card-number");
  const overNumber = (fill: string, more: Partial<Text["box"]> = {}) =>
    rectangle("e1", fill, { xMm: number.xMm + 12, yMm: number.yMm + 1, widthMm: 18, heightMm: 7, ...more });

  it("makes them hard to read where it is white, and easy where it is dark", () => {
    expect(checksOf(cardOf(grey).facts, product).map(({ kind }) => kind)).toEqual(["sharp"]);
    expect(find(cardOf(grey, overNumber("#ffffff")).facts, "lines-covered")).toMatchObject({ tone: "warn" });
    expect(find(cardOf(grey, overNumber("#14274e")).facts, "lines-covered")).toBeUndefined();
    const whole = { xMm: number.xMm + 25, widthMm: 54 };
    expect(find(cardOf([200], overNumber("#14274e", whole)).facts, "hard-name")).toBeDefined();
    expect(find(cardOf([200]).facts, "hard-lines")).toBeDefined();
  });

  it("is moved off by as little as it takes, and not where it would be cut off or hidden", () => {
    const { design, facts } = cardOf(grey, overNumber("#ffffff"));
    const fix = findFix(find(facts, "lines-covered")!, facts, product);
    expect(fix?.does).toBe("clears");
    const [, moved] = fix!.edit(design, product).elements as VectorElement[];
    expect(moved!.box.xMm).toBe(number.xMm + 12);
    expect(moved!.box.yMm).toBeCloseTo(number.yMm - 0.5 - 3.5);
  });

  it("says nothing of the photo: a dark photo under a white sticker is as dark as before", () => {
    const all = rectangle("e1", "#ffffff", { widthMm: 84, heightMm: 52 });
    expect(checksOf(cardOf([10], all).facts, product).map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(["dark", "lines-covered"]),
    );
    expect(find(cardOf([118], all).facts, "white")).toBeUndefined();
  });
});
