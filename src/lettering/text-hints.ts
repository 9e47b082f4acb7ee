import { LinkifyIt } from "linkify-it";
import type { TextHint } from "#contracts/text-hint.ts";

const links = new LinkifyIt({ fuzzyLink: true });

/** First of the ten digits of each script that the fonts have. */
const zeros = [0x30, 0x660, 0x6f0, 0x966, 0xff10];

/** Digits of every script as 0 to 9. */
function plainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) as number;
    const zero = zeros.find((first) => code >= first && code < first + 10);
    return zero === undefined ? digit : String(code - zero);
  });
}

/** The check digit of card numbers: ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const doubled = Number(digits.at(-1 - at)) * (at % 2 === 1 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const date = /\b(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2})\b/g;

const brands =
  /\b(?:visa|master ?card|maestro|american ?express|amex|discover|union ?pay|diners(?: club)?|jcb|rupay|paypal|apple ?pay|google ?pay)\b/i;

/** Marks do not hide a name. */
function bareLetters(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** What a reviewer may refuse in a text, each once. */
export function listTextHints(text: string): readonly TextHint[] {
  const digits = plainDigits(text.replace(/\n/g, " ")).replace(date, " ");
  const numbers = (digits.match(/\d(?:[ .-]?\d){6,}/g) ?? []).map((found) => found.replace(/\D/g, ""));
  const isCard = (number: string): boolean => number.length >= 12 && number.length <= 19 && passesLuhn(number);
  const found: readonly (readonly [TextHint, boolean])[] = [
    ["link", links.test(text)],
    ["card-number", numbers.some(isCard)],
    ["long-number", numbers.length > 0 && !numbers.some(isCard)],
    ["currency", /\p{Sc}/u.test(text)],
    ["trademark", /[\u00a9\u00ae\u2117\u2120\u2122]/u.test(text)],
    ["brand", brands.test(bareLetters(text))],
  ];
  return found.flatMap(([hint, isFound]) => (isFound ? [hint] : []));
}
