import type { Product } from "#card/products.ts";
import { type Design, vectorElementsOf } from "#design/design.ts";
import { type Place, placeOf } from "#design/element-places.ts";
import type { VectorElement } from "#design/elements.ts";
import type { MessageId } from "../locales/en.ts";
import { nameSticker } from "../locales/sticker-words.ts";
import type { Translate } from "../locales/text.tsx";
import { nameGround } from "../tools/grounds.ts";

/** What an element is called. */
export function nameElement(element: VectorElement, t: Translate): string {
  switch (element.kind) {
    case "shape":
      return t(`design.shape.${element.shape}`);
    case "sticker":
      return nameSticker(element.art);
    case "drawing":
      return t("design.element.drawing");
    case "text":
      return t("design.element.text", { text: element.text.replace("\n", " ") });
  }
}

const placeTexts: Readonly<Record<Place["to"], MessageId>> = {
  chip: "design.element.fromChip",
  "network-mark": "design.element.fromMark",
  edge: "design.element.fromEdge",
};

export interface Wording {
  readonly t: Translate;
  /** BCP 47, for numbers and lists. */
  readonly language: string;
}

/** "Heart, red, 12 mm wide, 3 of 4, 2 mm from the chip": for lists, and for whoever does not see the card. */
export function describeElement(element: VectorElement, design: Design, product: Product, wording: Wording): string {
  const { t, language } = wording;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const elements = vectorElementsOf(design);
  const place = placeOf(element.box, product);
  const parts = [
    nameElement(element, t),
    ...(element.kind === "shape" || element.kind === "text" ? [nameGround(element.fill, t)] : []),
    ...(element.kind === "drawing" ? [t("design.element.strokes", { count: element.art.ops.length })] : []),
    t("design.element.wide", { mm: number.format(element.box.widthMm) }),
    t("design.element.rank", { rank: elements.indexOf(element) + 1, count: elements.length }),
    t(placeTexts[place.to], { mm: number.format(place.gapMm) }),
  ];
  return new Intl.ListFormat(language, { type: "unit", style: "short" }).format(parts);
}
