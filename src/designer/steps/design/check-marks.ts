import type { Product, RectMm, Zone } from "#card/products.ts";
import type { MessageId } from "../../locales/en.ts";
import type { CheckKind, DesignCheck } from "./design-checks.ts";

/** Where on the card a check applies: at these parts of it, along its edge, or all over it. */
export interface CheckMark {
  readonly shape: "zones" | "edge" | "card";
  readonly zones: readonly Zone["kind"][];
  /** What that place is called. */
  readonly nameId: MessageId;
}

const wholeCard: CheckMark = { shape: "card", zones: [], nameId: "design.place.card" };

function at(nameId: MessageId, ...zones: readonly Zone["kind"][]): CheckMark {
  return { shape: "zones", zones, nameId };
}

const marks: Readonly<Partial<Record<CheckKind, CheckMark>>> = {
  "under-chip": at("design.place.chip", "chip"),
  "under-mark": at("design.place.mark", "network-mark"),
  "hard-number": at("design.place.number", "card-number"),
  "hard-name": at("design.place.name", "cardholder-name"),
  "hard-lines": at("design.place.lines", "card-number", "cardholder-name"),
  "lines-covered": at("design.place.lines", "card-number", "cardholder-name"),
  "element-under-chip": at("design.place.chip", "chip"),
  "element-under-mark": at("design.place.mark", "network-mark"),
  "element-cut": { shape: "edge", zones: [], nameId: "design.place.edge" },
  cut: { shape: "edge", zones: [], nameId: "design.place.edge" },
};

/** Null where there is nothing to look at, or it is seen without: a text that is hard to read. */
export function markOf({ kind, tone }: DesignCheck): CheckMark | null {
  return tone === "ok" || kind === "element-faint" ? null : (marks[kind] ?? wholeCard);
}

/** What is pressed here is meant for the mark and not for the photo beneath it. */
export function isOnMark(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("[data-check-mark]") !== null;
}

/** About what it marks stays so much free. */
const aroundMm = 1.2;

/** The boxes that are drawn for a mark. */
export function boxesOf({ shape, zones }: CheckMark, product: Product): readonly RectMm[] {
  if (shape === "zones") {
    return product.zones
      .filter(({ kind }) => zones.includes(kind))
      .map(({ xMm, yMm, widthMm, heightMm }) => ({
        xMm: xMm - aroundMm,
        yMm: yMm - aroundMm,
        widthMm: widthMm + 2 * aroundMm,
        heightMm: heightMm + 2 * aroundMm,
      }));
  }
  // Along the safe area, beyond which cutting may go astray, or just within the card.
  const inset = shape === "edge" ? product.safeMarginMm : aroundMm;
  const [widthMm, heightMm] = [product.trimWidthMm - 2 * inset, product.trimHeightMm - 2 * inset];
  return [{ xMm: -widthMm / 2, yMm: -heightMm / 2, widthMm, heightMm }];
}
