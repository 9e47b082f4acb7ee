import type { MessageId } from "../../locales/en.ts";
import type { Translate } from "../../locales/text.tsx";
import { nameElement } from "../../elements/describe-element.ts";
import type { Fix } from "./check-fixes.ts";
import type { CheckKind, DesignCheck } from "./design-checks.ts";

interface Texts {
  readonly title: MessageId;
  /** The second line when there is a fix, and when there is none. */
  readonly fixable: MessageId;
  readonly unfixable: MessageId;
}

function ofElement(title: MessageId): Texts {
  return { title, fixable: "design.check.element.more", unfixable: "design.check.element.small" };
}

const texts: Readonly<Record<CheckKind, Texts>> = {
  sharp: {
    title: "design.check.sharp",
    fixable: "design.check.sharp.more",
    unfixable: "design.check.sharp.more",
  },
  soft: {
    title: "design.check.soft",
    fixable: "design.check.soft.more",
    unfixable: "design.check.soft.small",
  },
  "too-soft": {
    title: "design.check.tooSoft",
    fixable: "design.check.tooSoft.more",
    unfixable: "design.check.tooSoft.small",
  },
  blurred: {
    title: "design.check.soft",
    fixable: "design.check.blurred.more",
    unfixable: "design.check.blurred.small",
  },
  "too-blurred": {
    title: "design.check.tooSoft",
    fixable: "design.check.blurred.more",
    unfixable: "design.check.blurred.small",
  },
  "under-chip": {
    title: "design.check.underChip",
    fixable: "design.check.underChip.more",
    unfixable: "design.check.under.small",
  },
  "under-mark": {
    title: "design.check.underMark",
    fixable: "design.check.underMark.more",
    unfixable: "design.check.under.small",
  },
  "hard-number": {
    title: "design.check.hardNumber",
    fixable: "design.check.hard.more",
    unfixable: "design.check.hard.small",
  },
  "hard-name": {
    title: "design.check.hardName",
    fixable: "design.check.hard.more",
    unfixable: "design.check.hard.small",
  },
  "hard-lines": {
    title: "design.check.hardLines",
    fixable: "design.check.hard.more",
    unfixable: "design.check.hard.small",
  },
  "lines-covered": {
    title: "design.check.linesCovered",
    fixable: "design.check.linesCovered.more",
    unfixable: "design.check.linesCovered.small",
  },
  dark: { title: "design.check.dark", fixable: "design.check.dark.more", unfixable: "design.check.dark.small" },
  white: { title: "design.check.white", fixable: "design.check.white.more", unfixable: "design.check.white.more" },
  black: { title: "design.check.black", fixable: "design.check.black.more", unfixable: "design.check.black.more" },
  flat: { title: "design.check.flat", fixable: "design.check.flat.more", unfixable: "design.check.flat.more" },
  "element-under-chip": ofElement("design.check.elementUnderChip"),
  "element-under-mark": ofElement("design.check.elementUnderMark"),
  "element-cut": ofElement("design.check.elementCut"),
  "element-faint": {
    title: "design.check.elementFaint",
    fixable: "design.check.elementFaint.more",
    unfixable: "design.check.elementFaint.small",
  },
  cut: { title: "design.check.cut", fixable: "design.check.cut.more", unfixable: "design.check.cut.small" },
};

/** What one says to whoever hears the button alone. */
const labels = {
  "zooms-out": "design.check.fixLabel",
  turns: "design.check.turnLabel",
  lightens: "design.check.darkLabel",
  veils: "design.check.veilLabel",
  recolours: "design.check.recolourLabel",
  clears: "design.check.clearLabel",
} as const;

const moveLabels = {
  cover: "design.check.uncoverLabel",
  cut: "design.check.cutLabel",
  lines: "design.check.linesLabel",
} as const satisfies Partial<Record<DesignCheck["id"], MessageId>>;

export function fixLabelOf({ id, element }: DesignCheck, { does }: Fix): MessageId {
  if (does !== "moves") return labels[does];
  if (element !== undefined) return "design.check.elementLabel";
  return id === "cover" || id === "cut" || id === "lines" ? moveLabels[id] : "design.check.uncoverLabel";
}

/** The bold line. */
export function titleOf({ kind, element }: DesignCheck, t: Translate): string {
  return t(texts[kind].title, element && { name: nameElement(element, t) });
}

/** What is said in place of what most fixes of such a check do. */
const moreOfFix: Partial<Record<Fix["does"], MessageId>> = {
  turns: "design.check.tooSoft.turn",
  veils: "design.check.hard.veil",
};

/** The quiet line. While it is not known what can be done, most often something can. */
export function moreOf(
  { kind, dpi, onGround, inPart }: DesignCheck,
  fix: Fix | null | undefined,
  t: Translate,
  number: Intl.NumberFormat,
): string {
  const { fixable, unfixable } = texts[kind];
  const ofFix = fix && moreOfFix[fix.does];
  const ofCard = onGround === true ? "design.check.ground.more" : fix === null ? unfixable : fixable;
  const id = kind === "sharp" && inPart === true ? "design.check.sharp.part" : (ofFix ?? ofCard);
  return t(id, dpi && { dpi: number.format(dpi.dpi), least: number.format(dpi.leastDpi) });
}
