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

const date = /\b(?:[0-3]?\d[./-][0-3]?\d[./-]\d{2,4}|[12]\d{3}-[01]\d-[0-3]\d)\b/g;

/** Of fewer digits no network's number is made today; between two of them are up to three characters that are neither letters nor digits. */
const spacedDigits = /\d(?:[^\p{L}\p{Nd}]{0,3}\d){13,}/gu;

/** How the numbers of the networks begin, each with the lengths in use. */
const issued =
  /^(?:4(?:\d{15}|\d{18})|5[1-5]\d{14}|(?:5[06-9]|6\d)(?:\d{14}|\d{17})|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|8[12]\d{14}|9792\d{12})$/;
const issuedLengths = [14, 15, 16, 19];

function isIssued(number: string): boolean {
  return issued.test(number) && passesLuhn(number);
}

/** Those of whole groups alone: of two telephone numbers side by side any piece would be one too often. A group longer than any number is looked through. */
function hasIssuedNumber(groups: readonly string[]): boolean {
  return groups.some((group, at) => {
    const rest = groups.slice(at, at + 19);
    const ends = rest.map((_, end) => rest.slice(0, end + 1).join(""));
    const pieces = group.length > 19 ? Array.from(group, (_, start) => group.slice(start)) : [];
    const cut = pieces.flatMap((piece) => issuedLengths.map((length) => piece.slice(0, length)));
    return [...ends, ...cut].some(isIssued);
  });
}

/**
 * Whether a card number of a network stands among the digits of texts, however they are spaced, whichever groups of digits are around it and
 * whichever texts it goes across. Dates alone are none.
 */
export function holdIssuedNumber(texts: readonly string[]): boolean {
  const digits = plainDigits(texts.join("\n"));
  if (!/\d/.test(digits.replace(date, " "))) return false;
  return (digits.match(spacedDigits) ?? []).some((run) => hasIssuedNumber(run.match(/\d+/g) ?? []));
}

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
  // Telephone numbers begin with 0, and no card number does.
  const isCard = (number: string): boolean => /^[1-9]\d{11,18}$/.test(number) && passesLuhn(number);
  const hasCard = numbers.some(isCard) || holdIssuedNumber([text]);
  const found: readonly (readonly [TextHint, boolean])[] = [
    ["link", links.test(text)],
    ["card-number", hasCard],
    ["long-number", numbers.length > 0 && !hasCard],
    ["currency", /\p{Sc}/u.test(text)],
    ["trademark", /[\u00a9\u00ae\u2117\u2120\u2122]/u.test(text)],
    ["brand", brands.test(bareLetters(text))],
  ];
  return found.flatMap(([hint, isFound]) => (isFound ? [hint] : []));
}
