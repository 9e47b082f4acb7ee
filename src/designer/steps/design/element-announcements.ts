import type { Product } from "#card/products.ts";
import { type Design, vectorElementsOf } from "#design/design.ts";
import { findElement } from "#design/element-edits.ts";
import type { VectorElement } from "#design/elements.ts";
import { describeElement, nameElement, type Wording } from "../../elements/describe-element.ts";
import { nameGround } from "../../tools/grounds.ts";

/** Less is not said, nor seen. */
const leastMm = 0.05;

function describeMoved(from: VectorElement, to: VectorElement, { t, language }: Wording): readonly string[] {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const [xMm, yMm] = [to.box.xMm - from.box.xMm, to.box.yMm - from.box.yMm];
  const name = nameElement(to, t);
  const values = (mm: number) => ({ name, mm: number.format(Math.abs(mm)) });
  return [
    ...(Math.abs(xMm) < leastMm
      ? []
      : [t(xMm > 0 ? "design.said.elementRight" : "design.said.elementLeft", values(xMm))]),
    ...(Math.abs(yMm) < leastMm ? [] : [t(yMm > 0 ? "design.said.elementDown" : "design.said.elementUp", values(yMm))]),
  ];
}

function fillOf(element: VectorElement): string | undefined {
  return element.kind === "shape" || element.kind === "text" ? element.fill : undefined;
}

/** What has become of one that was there before. */
function describeChanged(from: VectorElement, to: VectorElement, wording: Wording): readonly string[] {
  const { t, language } = wording;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const name = nameElement(to, t);
  const is = (change: string): string => t("design.said.elementIs", { name, change });
  // Its box is another with each stroke.
  if (from.kind === "drawing" && to.kind === "drawing" && from.art !== to.art) {
    return [is(t("design.element.strokes", { count: to.art.ops.length }))];
  }
  const said: string[] = [];
  const isSized =
    Math.abs(from.box.widthMm - to.box.widthMm) >= leastMm || Math.abs(from.box.heightMm - to.box.heightMm) >= leastMm;
  const isRewritten = from.kind === "text" && to.kind === "text" && from.text !== to.text;
  // The name says the new words.
  if (isSized || isRewritten) said.push(is(t("design.element.wide", { mm: number.format(to.box.widthMm) })));
  const isMirrored = from.box.mirrored !== to.box.mirrored;
  if (isMirrored) said.push(t("design.said.elementFlipped", { name }));
  if (!isMirrored && Math.abs(from.box.rotationDeg - to.box.rotationDeg) >= leastMm) {
    said.push(t("design.said.turned", { degrees: Number(to.box.rotationDeg.toFixed(1)) + 0 }));
  }
  const [was, fill] = [fillOf(from), fillOf(to)];
  if (fill !== undefined && fill !== was) said.push(is(nameGround(fill, t)));
  return said.length > 0 ? said : describeMoved(from, to, wording);
}

/** What has happened to what lies on the photo, as sentences for those who do not see it. */
export function describeElements(
  from: Design,
  to: Design,
  product: Product,
  wording: Wording,
  selection: string | null = null,
): readonly string[] {
  const { t } = wording;
  const [before, after] = [vectorElementsOf(from), vectorElementsOf(to)];
  const named = (id: "design.said.added" | "design.said.removed", design: Design) => (element: VectorElement) =>
    t(id, { name: describeElement(element, design, product, wording) });
  const added = after.filter(({ id }) => findElement(from, id) === undefined);
  const removed = before.filter(({ id }) => findElement(to, id) === undefined);
  if (added.length + removed.length > 0) {
    return [...added.map(named("design.said.added", to)), ...removed.map(named("design.said.removed", from))];
  }
  const changed = after.flatMap((element) => {
    const same = findElement(from, element.id);
    return same === undefined || same === element ? [] : describeChanged(same, element, wording);
  });
  const stacked = stackedElement(before, after, selection);
  if (changed.length > 0 || stacked === undefined) return changed;
  const change = t("design.element.rank", { rank: after.indexOf(stacked) + 1, count: after.length });
  return [t("design.said.elementIs", { name: nameElement(stacked, t), change })];
}

/** Of those that went furthest among the others the selected one; undefined where the order is as it was. */
function stackedElement(
  before: readonly VectorElement[],
  after: readonly VectorElement[],
  selection: string | null,
): VectorElement | undefined {
  const ways = after.map(({ id }, at) => Math.abs(before.findIndex((other) => other.id === id) - at));
  const most = Math.max(0, ...ways);
  if (most === 0) return undefined;
  return after.find(({ id }, at) => id === selection && ways[at] === most) ?? after[ways.indexOf(most)];
}

/** What is acted on from now on. */
export function describeSelection(id: string | null, design: Design, product: Product, wording: Wording): string {
  const element = findElement(design, id);
  const { t } = wording;
  const name = element === undefined ? t("design.tab.photo") : describeElement(element, design, product, wording);
  return t("design.said.selected", { name });
}
