import { readDigits } from "./read-digits.ts";

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

/** How long the IBANs of a country are, letters included: the registry of ISO 13616. */
const ibanLengths: Readonly<Record<string, string>> = {
  15: "NO",
  16: "BE",
  18: "DK FO FI GL NL FK SD",
  19: "MK SI",
  20: "AT BA EE KZ XK LT LU MN",
  21: "HR LV LI CH",
  22: "BH BG CR GE DE IE ME RS GB VA",
  23: "TL IL IQ OM SO AE",
  24: "AD CZ MD PK RO SA SK ES SE TN VG DZ",
  25: "LY PT ST",
  26: "IS TR",
  27: "BI DJ FR GR IT MR MC SM",
  28: "AL AZ BY CY DO SV GT HU LB NI PL",
  29: "BR EG PS QA UA",
  30: "JO KW MU YE",
  31: "MT SC",
  33: "LC RU",
};
const lengthOf = new Map(
  Object.entries(ibanLengths).flatMap(([length, countries]) =>
    countries.split(" ").map((country) => [country, Number(length)] as const),
  ),
);

/** Between two of them up to three characters that are neither letters nor digits. */
const lettersAndDigits = /[a-z]{2}\d{2}(?:[^\p{L}\p{Nd}]{0,3}[a-z\d]){11,}/giu;

/** The check digits of an IBAN: ISO 7064, MOD 97-10. */
function isIban(compact: string): boolean {
  let rest = 0;
  for (const character of compact.slice(4) + compact.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** The text without the IBANs in it, of which a piece is now and then right for a card number; a letter is in place of each. */
function withoutIbans(digits: string): string {
  return digits.replace(lettersAndDigits, (found: string, at: number) => {
    const length = lengthOf.get(found.slice(0, 2).toUpperCase());
    if (length === undefined || /[\p{L}\p{Nd}]$/u.test(digits.slice(0, at))) return found;
    const ends = Array.from(found.matchAll(/[a-z\d]/gi), ({ index }) => index + 1);
    const end = ends[length - 1];
    if (end === undefined || /^[\p{L}\p{Nd}]/u.test(found.slice(end) + digits.slice(at + found.length))) return found;
    const iban = found.slice(0, end).replace(/[^a-z\d]/gi, "");
    return isIban(iban) ? `x${found.slice(end)}` : found;
  });
}

/** A telephone number as it is written alone, with + or 0 before up to 13 digits: fewer than those of a card number that is looked for among others. */
const telephone = /^[^\p{Nd}+]*(?:\+\d|00?[1-9])(?:[ ./()-]{0,3}\d){5,12}[^\p{Nd}]*$/u;

/** The lines of a text where each with digits other than a date's is a telephone number, which then is one group; undefined where one is not. */
function readTelephones(digits: string): string | undefined {
  const lines = digits.replace(date, " ").split(/[\n,;|]/);
  if (!lines.every((line) => !/\d/.test(line) || telephone.test(line))) return undefined;
  const written = lines.filter((line) => /[\p{L}\d]/u.test(line));
  return written.map((line) => line.replace(/(?<=\d)\D+(?=\d)/g, "")).join("\n");
}

/** How the numbers of the networks begin, each with the lengths in use; ISO/IEC 7812. Those of a country alone are known by their first digits. */
const networks: readonly RegExp[] = [
  // Visa, Mastercard, Mir and others of 2, American Express, Diners Club, JCB.
  /^4(?:\d{12}|\d{15}|\d{18})$/,
  /^(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}$/,
  /^220\d{13,16}$/,
  /^3[47]\d{13}$/,
  /^3[0689]\d{12,17}$/,
  /^35\d{14,17}$/,
  // Maestro and girocard, and with them Discover, UnionPay, RuPay, Elo, Verve and Troy as far as they begin so.
  /^(?:5[06-9]|6\d)\d{10,17}$/,
  // UnionPay and RuPay; Humo, UzCard, Troy, Napas, Belkart and others of 8 and 9; UATP; GPN.
  /^8[12]\d{14,17}$/,
  /^[89]\d{15}$/,
  /^9704\d{15}$/,
  /^1(?:\d{14}|946\d{12})$/,
];

function isOfNetwork(number: string): boolean {
  return networks.some((network) => network.test(number)) && passesLuhn(number);
}

/** With spaces, dots or dashes between, as one number is written, and no dates. */
function findNumbers(digits: string): readonly string[] {
  const found = digits.replace(date, " ").match(/\d(?:[ \n.-]?\d){6,}/g);
  return found ?? [];
}

/** Groups of digits; a line break is left before the first of a line. */
function groupsOf(run: string): readonly string[] {
  return run.replace(/\n\D*/g, "\n").match(/\n?\d+/g) ?? [];
}

/**
 * What groups of digits make, up to each of them, of 19 digits at most: with or without the 00 that lines begin with, as telephone numbers do.
 * Three lines at most: a telephone number has six digits and more, and of more there would be too many ways. No card number begins with 0.
 */
function joinGroups(groups: readonly string[]): readonly (readonly string[])[] {
  let joined = [""];
  let written = 0;
  return groups.map((group, at) => {
    const digits = group.trim();
    const mayDrop = (at === 0 || digits !== group) && /^00./.test(digits);
    const readings = mayDrop ? [digits, digits.slice(2)] : [digits];
    written += digits.length;
    const longer = joined.flatMap((before) => readings.map((reading) => before + reading));
    const isPossible = (number: string) => number.length <= 19 && number.length >= written - 6 && number[0] !== "0";
    joined = [...new Set(longer)].filter(isPossible);
    return joined;
  });
}

/** Whether a text has seven digits and more that belong together. */
export function holdsLongNumber(text: string): boolean {
  return readDigits(text).some((digits) => findNumbers(digits).length > 0);
}

/** Of fewer digits no network's number is made today; no letters are between them. */
const spacedDigits = /\d(?:[^\p{L}\p{Nd}]*\d){13,}/gu;

/** Those that are looked for among more digits: of the rarer lengths too many would be found by chance. */
const amongOthers =
  /^(?:4(?:\d{15}|\d{18})|(?:5[06-9]|6\d)(?:\d{14}|\d{17})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|8[12]\d{14}|9792\d{12})$/;
const lengthsAmongOthers = [14, 15, 16, 19];

/** Those of whole groups alone: of two telephone numbers side by side any piece would be one too often. A group longer than any number is looked through. */
function hasIssuedNumber(groups: readonly string[]): boolean {
  return groups.some((group, at) => {
    const joined = joinGroups(groups.slice(at, at + 19)).flat();
    const digits = group.trim();
    const pieces = digits.length > 19 ? Array.from(digits, (_, start) => digits.slice(start)) : [];
    const cut = pieces.flatMap((piece) => lengthsAmongOthers.map((length) => piece.slice(0, length)));
    return [...joined, ...cut].some((number) => amongOthers.test(number) && isOfNetwork(number));
  });
}

function isIssuedAmong(digits: string): boolean {
  if (!/\d/.test(digits.replace(date, " "))) return false;
  const runs = (readTelephones(digits) ?? digits).match(spacedDigits) ?? [];
  return runs.some((run) => hasIssuedNumber(groupsOf(run)));
}

/**
 * Whether a card number of a network stands among the digits of texts, however they are spaced, whichever groups of digits are around it and
 * whichever texts it goes across. Dates alone are none, and neither are IBANs and telephone numbers: those only where whole ones of them make one.
 */
export function holdIssuedNumber(texts: readonly string[]): boolean {
  return readDigits(texts.join("\n")).map(withoutIbans).some(isIssuedAmong);
}

function isWrittenAlone(digits: string): boolean {
  const telephones = readTelephones(digits);
  const least = telephones === undefined ? 1 : 2;
  const numbers = findNumbers((telephones ?? digits).replace(/^[^\S\n]*\+/gm, "")).map(groupsOf);
  return numbers.some((groups) => groups.length >= least && joinGroups(groups).at(-1)?.some(isOfNetwork));
}

/** The same of one text, in which a number that stands alone may have any length. */
export function holdsCardNumber(text: string): boolean {
  return readDigits(text).map(withoutIbans).some(isWrittenAlone) || holdIssuedNumber([text]);
}
