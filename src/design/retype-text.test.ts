import { describe, expect, it } from "vitest";
import { findProduct, type Product, products } from "#card/products.ts";
import { createDesign, type Design } from "./design.ts";
import { moveBoxBy, scaleBox } from "./element-box.ts";
import { addElement, findElement, makeShape, newText, placeElement } from "./element-edits.ts";
import type { Box } from "./elements.ts";
import { retypeText } from "./retype-text.ts";
import { designWith } from "./testing/arbitrary.ts";

const landscape = findProduct("photo-landscape")!;

const isBeside = (place: Place, zone: Place): boolean =>
  Math.abs(place.xMm - zone.xMm) * 2 >= place.widthMm + zone.widthMm ||
  Math.abs(place.yMm - zone.yMm) * 2 >= place.heightMm + zone.heightMm;

type Place = Pick<Box, "xMm" | "yMm" | "widthMm" | "heightMm">;

describe("a text that is typed on", () => {
  // As wide as "Greetings from Norway" is in our plain hand.
  const artOf = (text: string) => ({ width: 525 * text.length, height: 1362, ops: [] });
  const style = { face: "plain", align: "centre" } as const;
  const findArt = (name: string) => artOf((JSON.parse(name) as string[])[2]!);
  const type = (text: string) => retypeText("e1", { ...style, text }, artOf(text), 5.6, findArt);
  const begin = (text: string, product: Product): Design => {
    const design = designWith(undefined, product);
    const written = newText({ ...style, text, fill: "#ffffff" }, artOf(text), 5.6, design, product);
    return addElement(written)(design, product);
  };
  const boxOf = (design: Design): Box => findElement(design, "e1")!.box;
  const words = "Greetings from Norway!!!";

  it.each([...products])(
    "keeps clear of all that is printed on $id, with air about it, until it is moved",
    (product) => {
      let design = begin(words.slice(0, 1), product);
      for (let length = 2; length <= words.length; length += 1) {
        design = type(words.slice(0, length))(design, product);
        const { xMm, yMm, widthMm, heightMm } = boxOf(design);
        const airy = { xMm, yMm, widthMm: widthMm + 2, heightMm: heightMm + 2 };
        for (const zone of product.zones) {
          const middle = { ...zone, xMm: zone.xMm + zone.widthMm / 2, yMm: zone.yMm + zone.heightMm / 2 };
          expect(isBeside(airy, middle), `${words.slice(0, length)} ${zone.kind}`).toBe(true);
        }
      }
      expect(design).toEqual(begin(words, product));
    },
  );

  it.each([
    ["moved", moveBoxBy(0, 1)],
    ["scaled", scaleBox(0.9)],
  ])("stays where it was %s to", (_how, change) => {
    const moved = placeElement("e1", change)(begin("Greetings", landscape), landscape);
    const { xMm, yMm, heightMm } = boxOf(moved);
    expect(boxOf(type(words)(moved, landscape))).toMatchObject({ xMm, yMm, heightMm });
  });

  it("is off the print in smaller letters even where it lies over something else", () => {
    const filled = { ...makeShape("rectangle", "#14274e"), id: "filled" };
    const places = [-26, 0, 26].flatMap((xMm) => [-18, -2, 12].map((yMm) => ({ xMm, yMm })));
    const elements = places.map((place, at) => ({
      ...filled,
      id: `filled-${at}`,
      box: { ...filled.box, ...place, widthMm: 27, heightMm: 14 },
    }));
    const written = newText(
      { ...style, text: words, fill: "#ffffff" },
      artOf(words),
      7,
      { ...createDesign(landscape), elements },
      landscape,
    );
    for (const zone of landscape.zones) {
      const middle = { ...zone, xMm: zone.xMm + zone.widthMm / 2, yMm: zone.yMm + zone.heightMm / 2 };
      expect(isBeside(written.box, middle), zone.kind).toBe(true);
    }
  });
});
