import { judgeSharpness } from "#card/checks.ts";
import { type PhotoSize, type Placement, zoomOf } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import type { Translate } from "#designer/locales/text.tsx";
import { samePlacement } from "../store/edits.ts";
import { findingWords } from "./findings.ts";

/** Changes of one kind in a row are said together, those of two kinds one after the other: a move is never lost behind a turn. Null when nothing changed. */
export function kindOfChange(before: Placement | null, after: Placement | null): "move" | "turnOrZoom" | null {
  if (before === null || after === null || samePlacement(before, after)) return null;
  return samePlacement({ ...before, xMm: after.xMm, yMm: after.yMm }, after) ? "move" : "turnOrZoom";
}

/** What has happened to the photo, as sentences for those who do not see it. Empty when nothing has. */
export function describeChange(
  before: Placement,
  after: Placement,
  photo: PhotoSize,
  product: Product,
  t: Translate,
  language: string,
): string {
  const said = describeTurnAndZoom(before, after, photo, product, t, language);
  if (said.length === 0) said.push(...describeMove(before, after, t, language));
  if (said.length === 0) return "";
  return [...said, describeState(after, product, t, language)].join(" ");
}

/** That it covers the card, its resolution, and what is to be said of that. */
function describeState(placement: Placement, product: Product, t: Translate, language: string): string {
  const { kind, dpi } = judgeSharpness(placement, product);
  const values = { dpi: new Intl.NumberFormat(language).format(dpi) };
  if (kind === "sharp") return t("design.said.state", values);
  return t("design.said.notSharp", { ...values, check: t(findingWords[kind].title) });
}

function describeTurnAndZoom(
  before: Placement,
  after: Placement,
  photo: PhotoSize,
  product: Product,
  t: Translate,
  language: string,
): string[] {
  const said: string[] = [];
  const mirrored = before.mirrored !== after.mirrored;
  if (mirrored) said.push(t("design.said.flipped"));
  if (!mirrored && Math.abs(before.rotationDeg - after.rotationDeg) >= 0.05) {
    // A number, which the text makes one of or many; plus 0, because there is no "-0 degrees".
    said.push(t("design.said.turned", { degrees: Number(after.rotationDeg.toFixed(1)) + 0 }));
  }
  const zoom = zoomOf(after, photo, product);
  if (Math.abs(zoom - zoomOf(before, photo, product)) >= 0.005) {
    said.push(t("design.said.zoom", { percent: new Intl.NumberFormat(language, { style: "percent" }).format(zoom) }));
  }
  return said;
}

function describeMove(before: Placement, after: Placement, t: Translate, language: string): string[] {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const xMm = after.xMm - before.xMm;
  const yMm = after.yMm - before.yMm;
  const said: string[] = [];
  if (Math.abs(xMm) >= 0.05) {
    said.push(t(xMm > 0 ? "design.said.right" : "design.said.left", { mm: number.format(Math.abs(xMm)) }));
  }
  if (Math.abs(yMm) >= 0.05) {
    said.push(t(yMm > 0 ? "design.said.down" : "design.said.up", { mm: number.format(Math.abs(yMm)) }));
  }
  return said;
}
