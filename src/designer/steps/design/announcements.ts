import { useEffect } from "react";
import { zoomOf } from "#card/placement.ts";
import type { Product } from "#card/products.ts";
import { wholeDpi } from "#card/sharpness.ts";
import { sameVeil } from "#card/veil.ts";
import { type Design, photoOf, sameDesign, samePlacement, vectorElementsOf } from "#design/design.ts";
import {
  type Adjustments,
  adjustmentNames,
  adjustmentsOf,
  noAdjustments,
  sameAdjustments,
  sameFilter,
} from "#design/look.ts";
import { sameGround } from "#design/ground.ts";
import type { MessageId } from "../../locales/en.ts";
import { type Translate, useLocale, useText } from "../../locales/text.tsx";
import { sameTemplate } from "#design/templates/template.ts";
import { type DesignState, openPhotoOf, templateOf } from "../../store/design-store.ts";
import { type CardFacts, factsOf } from "../../store/photo-facts.ts";
import { useDesignStoreApi } from "../../store/use-design-store.tsx";
import type { Wording } from "../../elements/describe-element.ts";
import { nameFilter } from "../../tools/filters/filter-names.ts";
import { nameGround } from "../../tools/grounds.ts";
import { nameIn } from "../../tools/templates/name-in.ts";
import { announce } from "../../ui/LiveRegion.tsx";
import { titleOf } from "./check-texts.ts";
import { checksOf, type DesignCheck } from "./design-checks.ts";
import { describeElements, describeSelection } from "./element-announcements.ts";

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
      const [before, after] = [announced, now].map((state) => factsOf(state.design, state));
      if (before && after) {
        const text = describeChange({ before, after, product: now.product }, { t, language });
        if (text !== "") announce(text);
        const isByAnother = !sameTemplate(announced.design.template, now.design.template);
        const elements = isByAnother
          ? describeTemplate(now, { t, language })
          : describeElements(announced.design, now.design, now.product, { t, language }, now.selection).join(" ");
        const others = [describeGround, describeLook, describeFilter, describeVeil].map((describe) =>
          describe(announced.design, now.design, { t, language, product: now.product }),
        );
        for (const changed of [elements, ...others]) {
          if (changed !== "") announce([changed, ...describeNews(before, after, now.product, t)].join(" "));
        }
      }
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
      if (now.selection !== before.selection && now.design === before.design) {
        announce(describeSelection(now.selection, now.design, now.product, { t, language }));
      }
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
type ChangeKind = "move" | "turnOrZoom" | "ground" | "look" | "filter" | "veil" | "template" | "element";

function kindOfChange(from: Design, to: Design): ChangeKind | null {
  if (!sameGround(from.ground, to.ground)) return "ground";
  if (!sameVeil(from.veil, to.veil)) return "veil";
  if (!sameTemplate(from.template, to.template)) return "template";
  if (!sameAdjustments(lookOf(from), lookOf(to))) return "look";
  if (!sameFilter(from.look?.filter, to.look?.filter)) return "filter";
  if (!sameDesign({ ...from, elements: vectorElementsOf(from) }, { ...from, elements: vectorElementsOf(to) }))
    return "element";
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

/** By which template the card is made: what that lays, and has taken away, is not told by itself. */
function describeTemplate(now: DesignState, { t, language }: Wording): string {
  const template = templateOf(now);
  if (template === undefined) return t("design.said.templateNone");
  return t("design.said.template", { name: nameIn(template.names, language) });
}

function describeGround(from: Design, { ground }: Design, { t }: Wording): string {
  return sameGround(from.ground, ground) ? "" : t("design.said.ground", { colour: nameGround(ground, t) });
}

function describeVeil(from: Design, { veil }: Design, { t }: Wording): string {
  if (sameVeil(from.veil, veil)) return "";
  return t(veil === undefined ? "design.said.unveiled" : "design.said.veiled");
}

/** Which adjustments have changed, and to what; empty when none has. */
function describeLook(from: Design, to: Design, { t, language }: Wording): string {
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

function describeFilter(from: Design, to: Design, { t, language, product }: Wording & { product: Product }): string {
  const filter = to.look?.filter;
  if (sameFilter(from.look?.filter, filter)) return "";
  if (filter === undefined) return t("design.said.unfiltered");
  const value = new Intl.NumberFormat(language, { style: "percent" }).format(filter.percent / 100);
  return t("design.said.adjusted", { name: nameFilter(filter.id, product, t, language), value });
}

interface PlacementChange {
  readonly before: CardFacts;
  readonly after: CardFacts;
  readonly product: Product;
}

/** What has happened to the photo, as sentences for those who do not see it. Empty when nothing has. */
export function describeChange(change: PlacementChange, wording: Wording): string {
  if (change.before.photo.kind === "ground" || change.after.photo.kind === "ground") return "";
  const turnAndZoom = describeTurnAndZoom(change, wording);
  const sentences = turnAndZoom.length > 0 ? turnAndZoom : describeMove(change, wording);
  if (sentences.length === 0) return "";
  const { before, after, product } = change;
  return [
    ...sentences,
    describePlace(after, wording),
    ...describeNews(before, after, product, wording.t, "sharpness"),
  ].join(" ");
}

/** That it covers the card, or its part of it, its resolution, and what the checks find wrong. */
export function describeState(facts: CardFacts, product: Product, wording: Wording): string {
  const { t } = wording;
  const wrong = wrongOf(facts, product).map((check) => t("design.said.check", { check: titleOf(check, t) }));
  return [describePlace(facts, wording), ...wrong].join(" ");
}

function describePlace({ photo }: CardFacts, { t, language }: Wording): string {
  if (photo.kind === "ground") return t("design.said.ground", { colour: nameGround(photo.ground, t) });
  const { placement, region } = photo;
  return t(region === undefined ? "design.said.state" : "design.said.statePart", {
    dpi: new Intl.NumberFormat(language).format(wholeDpi(placement)),
  });
}

function wrongOf(facts: CardFacts, product: Product): readonly DesignCheck[] {
  return checksOf(facts, product).filter(({ tone }) => tone !== "ok");
}

/** What the checks find wrong now and did not before, and what is no longer so; of `repeated` what is wrong each time. */
function describeNews(
  before: CardFacts,
  after: CardFacts,
  product: Product,
  t: Translate,
  repeated?: DesignCheck["id"],
): readonly string[] {
  const [wrongBefore, wrong] = [wrongOf(before, product), wrongOf(after, product)];
  const isNew = ({ id, kind, refused }: DesignCheck): boolean =>
    id === repeated || !wrongBefore.some((other) => other.kind === kind && other.refused === refused);
  const isGone = ({ id }: DesignCheck): boolean => !wrong.some((other) => other.id === id);
  return [
    ...wrong.filter(isNew).map((check) => t("design.said.check", { check: titleOf(check, t) })),
    ...wrongBefore.filter(isGone).map((check) => t("design.said.gone", { check: titleOf(check, t) })),
  ];
}

function describeTurnAndZoom(change: PlacementChange, { t, language }: Wording): string[] {
  const { photo } = change.after;
  const [before, after] = [change.before.photo.placement, photo.placement];
  const sentences: string[] = [];
  const mirrored = before.mirrored !== after.mirrored;
  if (mirrored) sentences.push(t("design.said.flipped"));
  if (!mirrored && Math.abs(before.rotationDeg - after.rotationDeg) >= 0.05) {
    // A number, for the text's plural; adding 0 makes 0 of -0.
    sentences.push(t("design.said.turned", { degrees: Number(after.rotationDeg.toFixed(1)) + 0 }));
  }
  const zoom = zoomOf(after, photo, change.product);
  if (Math.abs(zoom - zoomOf(before, photo, change.product)) >= 0.005) {
    sentences.push(
      t("design.said.zoom", { percent: new Intl.NumberFormat(language, { style: "percent" }).format(zoom) }),
    );
  }
  return sentences;
}

function describeMove(change: PlacementChange, { t, language }: Wording): string[] {
  const [before, after] = [change.before.photo.placement, change.after.photo.placement];
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
