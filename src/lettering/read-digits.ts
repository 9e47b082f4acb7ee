import createBidi from "bidi-js";
import { fontsWith } from "./faces.ts";
import { isWide } from "./slices.ts";

const bidi = createBidi();

/** The first of digits that follow each other and are none to Unicode's own rules, and what it is: negative and double circles, Suzhou numerals. */
const runs: readonly (readonly [first: number, value: number, count: number])[] = [
  [0x24eb, 11, 10],
  [0x24f5, 1, 10],
  [0x24ff, 0, 1],
  [0x2776, 1, 10],
  [0x2780, 1, 10],
  [0x278a, 1, 10],
  [0x3021, 1, 9],
];

const chinese = ["〇零", "一壹", "二贰貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"] as const;
const chineseDigits = new Map(chinese.flatMap((all, value) => Array.from(all, (one) => [one, String(value)] as const)));

const isDigit = (code: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(code));

function readDigit(written: string): string {
  const plain = written.normalize("NFKC");
  // In brackets, with a point: what else is said there is no digit.
  const [, inside] = /^\D*(\d{1,2})\D*$/.exec(plain) ?? [];
  if (inside !== undefined) return inside;
  const code = written.codePointAt(0) as number;
  const run = runs.find(([first, , count]) => code >= first && code < first + count);
  if (run !== undefined) return String(code - run[0] + run[1]);
  const [inChinese = plain] = /[^()]/u.exec(plain) ?? [];
  const value = chineseDigits.get(inChinese);
  if (value !== undefined) return value;
  if (!isDigit(code)) return written;
  // The digits of a script are ten that follow each other.
  let zero = code;
  while (isDigit(zero - 1)) zero -= 1;
  return String((code - zero) % 10);
}

const numerals = new RegExp(`[\\p{N}${[...chineseDigits.keys()].join("")}]`, "gu");

/** Digits of every script as 0 to 9, raised ones and those in circles or brackets among them. */
function plainDigits(text: string): string {
  return text.replace(numerals, readDigit);
}

/** Marks and what is never seen stand between digits without parting them. */
const between = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu;

/** Letters that look like a stroke or a point. */
const strokes = /[\p{Lm}\u00aa\u00ba\u4e00\u4e28]/gu;

/** Whether a font may have it: of all others nothing is printed. Circles and brackets are in fonts of wide letters. */
function mayBePrinted(letter: string): boolean {
  return (
    fontsWith(letter.codePointAt(0) as number, "plain").length > 0 || /[\p{No}\p{Nl}]/u.test(letter) || isWide(letter)
  );
}

/** Without the letters and digits that no font has. */
function withoutMissing(text: string): string {
  return text.replace(/[\p{L}\p{N}]/gu, (letter) => (mayBePrinted(letter) ? letter : ""));
}

/** Whether something of a text may be printed. */
export function canBeSet(text: string): boolean {
  return Array.from(text.replace(/[\s\p{Default_Ignorable_Code_Point}]/gu, "")).some(mayBePrinted);
}

/** As it is seen from left to right. */
function inVisualOrder(line: string): string {
  return bidi.getReorderedString(line, bidi.getEmbeddingLevels(line));
}

/**
 * The ways in which the digits of a text can be read, each digit as 0 to 9: one alone, but for texts with letters that stand for digits or
 * strokes, or are not printed, and for what is set from right to left, in which the groups of a number stand the other way round.
 */
export function readDigits(text: string): readonly string[] {
  const seen = text
    .replace(between, "")
    .replace(/[^\S\n]+/g, " ")
    .replace(/ ?\n ?/g, "\n");
  const printed = withoutMissing(seen);
  const visual = printed.split("\n").map(inVisualOrder).join("\n");
  return [...new Set([seen, printed, visual, printed.replace(strokes, "-")].map(plainDigits))];
}
