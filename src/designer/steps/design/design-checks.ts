import { type Flaws, findFlaws } from "#card/flaws.ts";
import { type ElementFlaw, findElementFlaw } from "#design/element-places.ts";
import type { VectorElement } from "#design/elements.ts";
import { isLocked } from "#design/templates/template.ts";
import { findTemplate } from "#design/templates/templates.ts";
import type { Product } from "#card/products.ts";
import type { Sharpness } from "#card/sharpness.ts";
import type { CardFacts } from "../../store/photo-facts.ts";

/** How the design will print, in one respect. */
export interface DesignCheck {
  readonly id: "sharpness" | "cover" | "lines" | "light" | "cut" | `element-${string}`;
  readonly kind: CheckKind;
  readonly tone: "ok" | "warn" | "problem";
  /** The card cannot be printed like this. */
  readonly refused: boolean;
  /** Of what lies on the photo, not of the photo. */
  readonly element?: VectorElement;
  /** Of the sharpness. */
  readonly dpi?: Sharpness;
}

/** What a check says. */
export type CheckKind =
  | "sharp"
  | "soft"
  | "too-soft"
  | "blurred"
  | "too-blurred"
  | "under-chip"
  | "under-mark"
  | "hard-number"
  | "hard-name"
  | "hard-lines"
  | "dark"
  | "white"
  | "black"
  | "cut"
  | `element-${ElementFlaw}`;

/** Whether the photo is to blame and not its size. */
export function isBlurred({ kind }: DesignCheck): boolean {
  return kind === "blurred" || kind === "too-blurred";
}

/** A product takes it with a warning, or not at all. */
function flaw(id: DesignCheck["id"], kind: CheckKind, refused: boolean): DesignCheck {
  return { id, kind, refused, tone: refused ? "problem" : "warn" };
}

function checkSharpness({ sharpness }: Flaws): DesignCheck {
  const { kind, isBlurred } = sharpness;
  const blurred = { sharp: "sharp", soft: "blurred", "too-soft": "too-blurred" } as const;
  return {
    id: "sharpness",
    kind: isBlurred ? blurred[kind] : kind,
    refused: kind === "too-soft",
    tone: ({ sharp: "ok", soft: "warn", "too-soft": "problem" } as const)[kind],
    dpi: sharpness,
  };
}

function checkLines({ hardLines }: Flaws): DesignCheck | null {
  const [worst, other] = hardLines;
  if (worst === undefined) return null;
  const kind = other !== undefined ? "hard-lines" : worst.line === "card-number" ? "hard-number" : "hard-name";
  return flaw(
    "lines",
    kind,
    hardLines.some((line) => line.isRefused),
  );
}

const tones = ["problem", "warn", "ok"] as const satisfies readonly DesignCheck["tone"][];

/** What is to be said of a crop, the worst first; that it prints sharp at the end. */
export function listChecks(flaws: Flaws, product: Product): readonly DesignCheck[] {
  const { cover, light, isCut } = flaws;
  const checks = [
    checkSharpness(flaws),
    cover && flaw("cover", cover === "chip" ? "under-chip" : "under-mark", product.refusesCovered),
    checkLines(flaws),
    light && flaw("light", light.flaw, light.isRefused),
    isCut ? flaw("cut", "cut", product.refusesCut) : null,
  ].filter((check) => check !== null);
  return tones.flatMap((tone) => checks.filter((check) => check.tone === tone));
}

/** What will not be seen of an element: the cardholder may mean it so. */
function checkElement(element: VectorElement, product: Product): DesignCheck | null {
  const found = findElementFlaw(element, product);
  return found && { ...flaw(`element-${element.id}`, `element-${found}`, false), element };
}

function checkElements({ elements, template: ref }: CardFacts, product: Product): readonly DesignCheck[] {
  const template = findTemplate(ref, product);
  // Where the rest lies the issuer has decided.
  const own = elements.filter(({ id }) => !isLocked(template, id, "move"));
  return own.map((element) => checkElement(element, product)).filter((check) => check !== null);
}

/** Before what is well, and after what is wrong with the photo. */
function withElements(checks: readonly DesignCheck[], more: readonly DesignCheck[]): readonly DesignCheck[] {
  return [...checks.filter(({ tone }) => tone !== "ok"), ...more, ...checks.filter(({ tone }) => tone === "ok")];
}

const known = new WeakMap<CardFacts, { readonly product: Product; readonly checks: readonly DesignCheck[] }>();

/** The checks of a card, the worst first: the same objects for the same facts, which are asked for in several places at once. */
export function checksOf(facts: CardFacts, product: Product): readonly DesignCheck[] {
  const before = known.get(facts);
  if (before?.product === product) return before.checks;
  const ofPhoto = listChecks(findFlaws(facts.photo.placement, facts, product), product);
  const checks = withElements(ofPhoto, checkElements(facts, product));
  known.set(facts, { product, checks });
  return checks;
}
