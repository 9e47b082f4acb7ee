import { type Product, type TextPolicy, type TextScript, textScripts } from "#card/products.ts";
import type { Text } from "./elements.ts";
import { checkText, countLines, maxLetters, maxLines, type TextFlaw } from "./text-rules.ts";

/** What can be read of a card: no product has smaller letters. */
export const leastTextPoints = 6;
/** The largest that a product may ask for at least. */
export const mostLeastTextPoints = 24;

/** What a product lets be written on it. */
interface TextLimits {
  readonly scripts: readonly TextScript[];
  readonly lines: number;
  readonly letters: number;
  readonly leastPoints: number;
  /** `#rrggbb`, lower case; undefined: any. */
  readonly colours: readonly string[] | undefined;
  /** Whether letters of other alphabets are refused. Without a choice of them, those that no face has are left out, and told. */
  readonly isClosed: boolean;
}

type Offering = Pick<Product, "features">;

export function textLimitsOf({ features }: Offering): TextLimits {
  const policy: TextPolicy = typeof features?.texts === "object" ? features.texts : {};
  return {
    scripts: policy.scripts ?? textScripts,
    lines: Math.min(policy.lines ?? maxLines, maxLines),
    letters: Math.min(policy.letters ?? maxLetters, maxLetters),
    leastPoints: Math.max(policy.leastPoints ?? leastTextPoints, leastTextPoints),
    colours: policy.colours,
    isClosed: policy.scripts !== undefined,
  };
}

/** By their names in Unicode. */
const unicodeNames = {
  latin: ["Latin"],
  greek: ["Greek"],
  cyrillic: ["Cyrillic"],
  hebrew: ["Hebrew"],
  arabic: ["Arabic"],
  devanagari: ["Devanagari"],
  chinese: ["Han", "Bopomofo"],
  japanese: ["Han", "Hiragana", "Katakana"],
  korean: ["Hangul", "Han"],
} as const satisfies Record<TextScript, readonly string[]>;

function hasOtherLetters(text: string, scripts: readonly TextScript[]): boolean {
  // Digits, spaces, punctuation and most marks are of no script.
  const own = ["Common", "Inherited", ...scripts.flatMap((script) => unicodeNames[script])];
  return new RegExp(`[^${own.map((name) => `\\p{Script_Extensions=${name}}`).join("")}]`, "u").test(text);
}

/** What is wrong with a text, that `tidyText` has left, on such a product; null where nothing is. */
export function checkTextFor(text: string, limits: TextLimits): TextFlaw | null {
  const flaw = checkText(text, limits);
  if (flaw !== null) return flaw;
  return limits.isClosed && hasOtherLetters(text, limits.scripts) ? "other-script" : null;
}

/** Whether a text has only letters that the product prints, however long it is. */
export function isInItsLetters(text: string, product: Offering): boolean {
  const { isClosed, scripts } = textLimitsOf(product);
  return !isClosed || !hasOtherLetters(text, scripts);
}

/** What is wrong with what is written where a template has a place for it: it is its template's to say how long it is, in as many lines as the product takes. */
export function findSlotFault(text: string, product: Offering): "other-script" | "too-many-lines" | null {
  if (!isInItsLetters(text, product)) return "other-script";
  return countLines(text) > textLimitsOf(product).lines ? "too-many-lines" : null;
}

/** How high a line of letters of so many points is at least: about 1.36 times as high as they are large, and a little less for what is rounded on the way. */
function leastLineMm(points: number): number {
  return (2.8 * points) / leastTextPoints;
}

/** What of a text is not as the product has it, as a path within the element, and what is taken there. */
interface TextFault {
  readonly path: string;
  readonly expected: string;
}

/** The first thing about a text that the product does not take; null where it takes it. */
export function findTextFault({ text, fill, box }: Text, product: Offering): TextFault | null {
  const limits = textLimitsOf(product);
  const { scripts, lines, letters, leastPoints, colours } = limits;
  const flaw = checkTextFor(text, limits);
  if (flaw === "other-script") return { path: "text", expected: `letters of ${scripts.join(", ")} alone` };
  if (flaw !== null)
    return {
      path: "text",
      expected: `at most ${lines} ${lines === 1 ? "line" : "lines"} of at most ${letters} letters`,
    };
  if (colours?.includes(fill) === false) return { path: "fill", expected: `one of ${colours.join(", ")}` };
  if (box.heightMm / countLines(text) >= leastLineMm(leastPoints)) return null;
  return { path: "box.heightMm", expected: `letters of at least ${leastPoints} points` };
}

/** The text in a colour that the product has, and as large as it asks: the same one where it is so already. */
export function mendText(text: Text, product: Offering): Text {
  const { colours, leastPoints } = textLimitsOf(product);
  const [first] = colours ?? [];
  const fill = first === undefined || colours?.includes(text.fill) === true ? text.fill : first;
  const { widthMm, heightMm } = text.box;
  const factor = Math.max(1, (leastLineMm(leastPoints) * countLines(text.text)) / heightMm);
  if (fill === text.fill && factor === 1) return text;
  return { ...text, fill, box: { ...text.box, widthMm: widthMm * factor, heightMm: heightMm * factor } };
}
