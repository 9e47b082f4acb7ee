import { useEffect } from "react";
import { type PhotoSize, type Placement, zoomOf } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { judgeSharpness } from "#card/sharpness.ts";
import { type Design, type Photo, photoOf, samePlacement } from "#design/design.ts";
import { type Adjustments, adjustmentNames, adjustmentsOf, noAdjustments, sameAdjustments } from "#design/look.ts";
import type { MessageId } from "../../locales/en.ts";
import { type Translate, useLocale, useText } from "../../locales/text.tsx";
import { type DesignState, openPhotoOf } from "../../store/design-store.ts";
import { useDesignStoreApi } from "../../store/use-design-store.tsx";
import { nameGround } from "../../tools/photo/grounds.ts";
import { announce } from "../../ui/LiveRegion.tsx";
import { checkTexts } from "./design-checks.ts";

/** Announced once nothing has changed for so long, so that a row of key presses is one announcement. */
const restMs = 450;

/**
 * Announces what each change has done, once input rests or goes on with a change of another kind: changes of one kind in a
 * row are announced together, and a move is not lost behind a turn.
 */
export function useChangeAnnouncements(): void {
  const store = useDesignStoreApi();
  const t = useText();
  const { tag: language } = useLocale();
  useEffect(() => {
    let announced = store.getState();
    /** The last state outside a gesture: a key begins one before it changes anything. */
    let rested = announced;
    let pending: ReturnType<typeof kindOfChange> = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const announceUpTo = (now: DesignState) => {
      if (now.moving) return;
      const [before, photo] = [photoOf(announced.design), photoOf(now.design)];
      if (before !== null && photo !== null) {
        const change = { before: before.placement, after: photo.placement, photo, product: now.product };
        const text = describeChange(change, { t, language });
        if (text !== "") announce(text);
      }
      const { ground } = now.design;
      if (ground !== announced.design.ground) announce(t("design.said.ground", { colour: nameGround(ground, t) }));
      const looks = describeLook(announced.design, now.design, { t, language });
      if (looks !== "") announce(looks);
      announced = now;
      pending = null;
    };
    const unsubscribe = store.subscribe((now, before) => {
      clearTimeout(timer);
      // Another photo is another design, which the flow announces; what is done to it from now on is told here.
      if (openPhotoOf(now) !== openPhotoOf(before)) {
        [announced, rested, pending] = [now, now, null];
        return;
      }
      if (!before.moving) rested = before;
      const kind = kindOfChange(before.design, now.design);
      if (kind !== null && pending !== null && kind !== pending) announceUpTo(rested);
      pending = kind ?? pending;
      timer = setTimeout(() => announceUpTo(store.getState()), restMs);
    });
    return () => {
      clearTimeout(timer);
      unsubscribe();
    };
  }, [store, t, language]);
}

/** Null when nothing changed. */
function kindOfChange(from: Design, to: Design): "move" | "turnOrZoom" | "ground" | "look" | null {
  if (from.ground !== to.ground) return "ground";
  if (!sameAdjustments(lookOf(from), lookOf(to))) return "look";
  const [before, after] = [photoOf(from)?.placement, photoOf(to)?.placement];
  if (before === undefined || after === undefined || samePlacement(before, after)) return null;
  return samePlacement({ ...before, xMm: after.xMm, yMm: after.yMm }, after) ? "move" : "turnOrZoom";
}

function lookOf(design: Design): Adjustments {
  return adjustmentsOf(design) ?? noAdjustments;
}

const adjustmentTexts: Readonly<Record<keyof Adjustments, MessageId>> = {
  brightness: "design.light.brightness",
  contrast: "design.light.contrast",
  warmth: "design.light.warmth",
  saturation: "design.light.saturation",
  lift: "design.light.lift",
};

/** Which adjustments have changed, and to what; empty when none has. */
export function describeLook(from: Design, to: Design, { t, language }: Wording): string {
  const [before, after] = [lookOf(from), lookOf(to)];
  if (sameAdjustments(before, after)) return "";
  if (sameAdjustments(after, noAdjustments)) return t("design.said.unadjusted");
  const number = new Intl.NumberFormat(language, { style: "percent" });
  const changed = adjustmentNames.filter((name) => before[name] !== after[name]);
  return changed
    .map((name) =>
      t("design.said.adjusted", { name: t(adjustmentTexts[name]), value: number.format(after[name] / 100) }),
    )
    .join(" ");
}

interface PlacementChange {
  readonly before: Placement;
  readonly after: Placement;
  readonly photo: PhotoSize;
  readonly product: Product;
}

export interface Wording {
  readonly t: Translate;
  /** BCP 47, for numbers. */
  readonly language: string;
}

/** What has happened to the photo, as sentences for those who do not see it. Empty when nothing has. */
export function describeChange(change: PlacementChange, wording: Wording): string {
  const turnAndZoom = describeTurnAndZoom(change, wording);
  const sentences = turnAndZoom.length > 0 ? turnAndZoom : describeMove(change, wording);
  if (sentences.length === 0) return "";
  return [...sentences, describeState({ placement: change.after }, change.product, wording)].join(" ");
}

/** That it covers the card, its resolution, and the check of that if it fails. */
export function describeState({ placement }: Pick<Photo, "placement">, product: Product, wording: Wording): string {
  const { t, language } = wording;
  const { kind, dpi } = judgeSharpness(placement, product);
  const values = { dpi: new Intl.NumberFormat(language).format(dpi) };
  if (kind === "sharp") return t("design.said.state", values);
  return t("design.said.notSharp", { ...values, check: t(checkTexts[kind].title) });
}

function describeTurnAndZoom({ before, after, photo, product }: PlacementChange, { t, language }: Wording): string[] {
  const sentences: string[] = [];
  const mirrored = before.mirrored !== after.mirrored;
  if (mirrored) sentences.push(t("design.said.flipped"));
  if (!mirrored && Math.abs(before.rotationDeg - after.rotationDeg) >= 0.05) {
    // A number, for the text's plural; adding 0 makes 0 of -0.
    sentences.push(t("design.said.turned", { degrees: Number(after.rotationDeg.toFixed(1)) + 0 }));
  }
  const zoom = zoomOf(after, photo, product);
  if (Math.abs(zoom - zoomOf(before, photo, product)) >= 0.005) {
    sentences.push(
      t("design.said.zoom", { percent: new Intl.NumberFormat(language, { style: "percent" }).format(zoom) }),
    );
  }
  return sentences;
}

function describeMove({ before, after }: PlacementChange, { t, language }: Wording): string[] {
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const xMm = after.xMm - before.xMm;
  const yMm = after.yMm - before.yMm;
  const sentences: string[] = [];
  if (Math.abs(xMm) >= 0.05) {
    sentences.push(t(xMm > 0 ? "design.said.right" : "design.said.left", { mm: number.format(Math.abs(xMm)) }));
  }
  if (Math.abs(yMm) >= 0.05) {
    sentences.push(t(yMm > 0 ? "design.said.down" : "design.said.up", { mm: number.format(Math.abs(yMm)) }));
  }
  return sentences;
}
