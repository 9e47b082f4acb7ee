import { type Flaws, findFlaws, litAt } from "#card/flaws.ts";
import { type ElementFlaw, findElementFlaw } from "#design/element-places.ts";
import type { Photo } from "#design/design.ts";
import type { Text, VectorElement } from "#design/elements.ts";
import { isGradient, seenApart } from "#design/ground.ts";
import { isLocked } from "#design/templates/template.ts";
import { findTemplate } from "#design/templates/templates.ts";
import type { Product } from "#card/products.ts";
import type { Sharpness } from "#card/sharpness.ts";
import { letterContrast, lightBehind } from "../../store/laid.ts";
import type { CardFacts } from "../../store/photo-facts.ts";

/** How the design will print, in one respect. */
export interface DesignCheck {
  readonly id: "sharpness" | "cover" | "lines" | "light" | "cut" | "flat" | `element-${string}`;
  readonly kind: CheckKind;
  readonly tone: "ok" | "warn" | "problem";
  /** The card cannot be printed like this. */
  readonly refused: boolean;
  /** Of what lies on the photo, not of the photo. */
  readonly element?: VectorElement;
  /** Of a card without a photo. */
  readonly onGround?: true;
  /** Of a photo that covers a part of the card alone. */
  readonly inPart?: true;
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
  | "lines-covered"
  | "dark"
  | "white"
  | "black"
  | "cut"
  | "flat"
  | `element-${ElementFlaw}`
  | "element-faint";

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
  if (hardLines.some((line) => line.isCovered))
    return flaw(
      "lines",
      "lines-covered",
      hardLines.some((line) => line.isRefused),
    );
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

/** How well this text would be read in this colour; null while that cannot be told. */
export function contrastOfText(text: Text, fill: string, facts: CardFacts, product: Product): number | null {
  const lit = litAt(facts.photo.placement, facts, product);
  if (lit === null || facts.arts === undefined) return null;
  const below = facts.elements.slice(0, facts.elements.indexOf(text));
  const behind = lightBehind(text, below, lit, facts.arts);
  return behind && letterContrast(behind, fill);
}

/** What will not be seen of an element, or not be read: the cardholder may mean it so. Where what is locked lies the issuer has decided. */
function checkElement(element: VectorElement, facts: CardFacts, product: Product): DesignCheck | null {
  const template = findTemplate(facts.template, product);
  const isPlaced = isLocked(template, element.id, "move");
  const found = isPlaced ? null : findElementFlaw(element, product);
  if (found !== null) return { ...flaw(`element-${element.id}`, `element-${found}`, false), element };
  if (element.kind !== "text" || (isPlaced && isLocked(template, element.id, "style"))) return null;
  const contrast = contrastOfText(element, element.fill, facts, product);
  if (contrast === null || contrast >= product.warnBelowContrast) return null;
  return { ...flaw(`element-${element.id}`, "element-faint", false), element };
}

function checkElements(facts: CardFacts, product: Product): readonly DesignCheck[] {
  return facts.elements.map((element) => checkElement(element, facts, product)).filter((check) => check !== null);
}

/** Seen so little apart, a gradient's ends are one colour to a press. */
const leastApart = 0.12;
/** From such a part of the card on, what lies on its ground keeps marks of printing from being seen. */
const leastCovered = 0.3;

/** Whether most of the card is one colour. Boxes are counted whole and each for itself. */
function isFlat({ photo, elements }: CardFacts, product: Product): boolean {
  if (photo.kind !== "ground") return false;
  const { ground } = photo;
  if (isGradient(ground) && seenApart(ground.from, ground.to) >= leastApart) return false;
  const covered = elements.reduce((sum, { box }) => sum + box.widthMm * box.heightMm, 0);
  return covered < leastCovered * product.trimWidthMm * product.trimHeightMm;
}

/** What is to be said of a card's ground: its light, the lettering on it, and that most of it is one colour. */
function checkGround(facts: CardFacts, product: Product): readonly DesignCheck[] {
  const ofGround = listChecks(findFlaws(facts.photo.placement, facts, product), product)
    .filter(({ id }) => id === "lines" || id === "light")
    .map((check) => ({ ...check, onGround: true }) as const);
  // What is white or black all over is said to be that.
  const isSaid = ofGround.some(({ kind }) => kind === "white" || kind === "black");
  return isFlat(facts, product) && !isSaid ? [...ofGround, flaw("flat", "flat", false)] : ofGround;
}

function checkPhoto(facts: CardFacts, { region }: Pick<Photo, "region">, product: Product): readonly DesignCheck[] {
  const checks = listChecks(findFlaws(facts.photo.placement, facts, product), product);
  return region === undefined ? checks : checks.map((check) => ({ ...check, inPart: true }) as const);
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
  const ofCovering =
    facts.photo.kind === "ground" ? checkGround(facts, product) : checkPhoto(facts, facts.photo, product);
  const checks = withElements(ofCovering, checkElements(facts, product));
  known.set(facts, { product, checks });
  return checks;
}
