import fc from "fast-check";
import { expect, test } from "vitest";
import { holdIssuedNumber, holdsCardNumber } from "./card-numbers.ts";

test.each([
  ["in halves", ["4111 1111", "1111 1111"], true],
  ["in single digits", Array.from("4111111111111111"), true],
  ["in halves with another check digit", ["4111 1111", "1111 1112"], false],
  ["with words between", ["4111 1111", "and", "1111 1111"], false],
  ["as dates", ["23.11.2026", "08.12.2026"], false],
])("a card number that stands %s in several texts is found: %s", (_, texts, found) => {
  expect(holdIssuedNumber(texts)).toBe(found);
});

const digits = (length: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((each) => each.join(""));

function checkDigit(number: string): string {
  const sum = Array.from(number, Number)
    .toReversed()
    .map((digit, at) => (at % 2 === 0 ? digit * 2 : digit))
    .reduce((total, digit) => total + (digit > 9 ? digit - 9 : digit), 0);
  return String((10 - (sum % 10)) % 10);
}

/** First digits from and to, and the shortest and longest number. */
const issuers: readonly (readonly [string, number, number, number, number])[] = [
  ["Visa, as it was", 4, 4, 13, 13],
  ["Visa", 4, 4, 16, 16],
  ["Visa, long", 4, 4, 19, 19],
  ["Mastercard", 51, 55, 16, 16],
  ["Mastercard of 2", 2221, 2720, 16, 16],
  ["American Express", 34, 34, 15, 15],
  ["American Express of 37", 37, 37, 15, 15],
  ["Diners Club", 36, 36, 14, 19],
  ["Diners Club of 38", 38, 39, 14, 19],
  ["Diners Club of 300", 300, 305, 14, 19],
  ["Diners Club of 309", 309, 309, 14, 19],
  ["Discover", 6011, 6011, 16, 19],
  ["Discover with UnionPay", 622126, 622925, 16, 19],
  ["Discover of 64 and 65", 644, 659, 16, 19],
  ["JCB", 3528, 3589, 16, 19],
  ["UnionPay", 62, 62, 16, 19],
  ["UnionPay of 81", 8100, 8171, 16, 19],
  ["Maestro", 50, 50, 12, 19],
  ["Maestro and girocard", 56, 69, 12, 19],
  ["Mir", 2200, 2204, 16, 19],
  ["RuPay", 60, 60, 16, 16],
  ["RuPay of 81 and 82", 81, 82, 16, 16],
  ["RuPay of 508", 508, 508, 16, 16],
  ["Elo", 636368, 636368, 16, 16],
  ["Troy", 9792, 9792, 16, 16],
  ["UzCard", 8600, 8600, 16, 16],
  ["Humo", 9860, 9860, 16, 16],
];

/** A number cut into groups, with what may stand between them in one line or two. */
const written = (number: string) =>
  fc
    .tuple(
      fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 19, maxLength: 19 }),
      fc.array(fc.constantFrom("", " ", ".", "-", "\n"), { minLength: 19, maxLength: 19 }),
      fc.constantFrom(0x30, 0x660, 0x6f0, 0x966, 0xff10),
    )
    .map(([lengths, between, zero]) => {
      let at = 0;
      const groups = lengths.map((length, n) => {
        const group = number.slice(at, at + length);
        at += length;
        return at < number.length ? group + between[n] : group;
      });
      return groups.join("").replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));
    });

// What is written like a date is cut out of what is looked through for the rarer lengths.
const likeDates = /\p{Nd}[.-]\p{Nd}/u;

test.each(issuers)(
  "a number of %s is found, however it is grouped and in whichever digits",
  (_, from, to, least, most) => {
    const number = fc
      .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: least, max: most }))
      .chain(([first, length]) =>
        digits(length - String(first).length - 1).map((rest) => `${first}${rest}${checkDigit(`${first}${rest}`)}`),
      );
    const asked = fc.tuple(number.chain(written), fc.constantFrom("", "Zoë "), fc.constantFrom("", " Zoë"));
    fc.assert(
      fc.property(asked, ([text, before, after]) => {
        fc.pre(!likeDates.test(text));
        expect(holdsCardNumber(before + text + after)).toBe(true);
      }),
      { numRuns: 300 },
    );
  },
);

test.each([
  ["in circles", "④①①①①①①①①①①①①①①①", true],
  ["of which some are raised", "4¹¹¹ 1111 ¹¹¹¹ 1111", true],
  ["in circles, with another check digit", "④①①①①①①①①①①①①①①②", false],
])("a number %s is read as it is seen: %s is %s", (_, text, found) => {
  expect(holdsCardNumber(text)).toBe(found);
});

/** As a bank makes one: country, two check digits, bank and account. */
function ibanOf(country: string, rest: string): string {
  const asDigits = Array.from(`${rest}${country}00`, (character) => Number.parseInt(character, 36)).join("");
  return `${country}${String(98n - (BigInt(asDigits) % 97n)).padStart(2, "0")}${rest}`;
}

const inFours = (text: string): string => text.replace(/(.{4})(?=.)/g, "$1 ");

test.each([
  ["Germany", "DE", 18],
  ["Austria", "AT", 16],
  ["Spain", "ES", 20],
  ["Poland", "PL", 24],
  ["Belgium", "BE", 12],
] as const)("an IBAN of %s is none, on one line or two, in several texts, small or large", (_, country, length) => {
  fc.assert(
    fc.property(digits(length), (rest) => {
      const iban = ibanOf(country, rest);
      const grouped = inFours(iban);
      const half = grouped.indexOf(" ", 12);
      const forms = [iban, grouped, grouped.toLowerCase(), `${grouped.slice(0, half)}\n${grouped.slice(half + 1)}`];
      expect(forms.filter(holdsCardNumber)).toEqual([]);
      expect(holdIssuedNumber([grouped.slice(0, half), grouped.slice(half + 1)])).toBe(false);
    }),
    { numRuns: 1000 },
  );
});

test("a card number behind letters and digits, or behind an IBAN, is one all the same", () => {
  expect(holdsCardNumber("DE50 4111 1111 1111 1111 36")).toBe(true);
  expect(holdsCardNumber("XX50 4111111111111111")).toBe(true);
  expect(holdsCardNumber(`${ibanOf("DE", "0".repeat(18))}\n4111 1111 1111 1111`)).toBe(true);
});

test("telephone numbers below each other are none, with their names and a date or without", () => {
  const telephone = fc
    .tuple(fc.constantFrom("0171 ", "0160/", "030 ", "089-", "+49 171 ", "0049 171 ", "(030) "), digits(7))
    .map(([area, number]) => area + number);
  fc.assert(
    fc.property(telephone, telephone, (one, other) => {
      const texts = [`${one}\n${other}`, `Tel. ${one}\nFax ${other}`, `${one}\n24.12.2026`];
      expect(texts.filter(holdsCardNumber)).toEqual([]);
      expect(holdIssuedNumber([one, other])).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

test("a card number of which a line begins as a telephone number is one all the same", () => {
  expect(holdsCardNumber("+4111 1111\n1111 1111")).toBe(true);
  expect(holdsCardNumber("5500 0000\n0000 0004")).toBe(true);
  expect(holdsCardNumber("0171\n4111 1111 1111 1111")).toBe(true);
});

test.each([
  [["+4111 1111", "+1111 1111"]],
  [["+4111111111", "+111111"]],
  [["+55000000", "+00000004"]],
  [["004111 1111", "1111 1111"]],
  [["00411111", "00111111", "001111"]],
  [["+4111 1111", "24.12.2026", "+1111 1111"]],
  [["+49 171 1234567", "+4111 1111", "+1111 1111"]],
])("a card number that is written as several telephone numbers is one all the same: %j", (lines) => {
  expect(holdsCardNumber(lines.join("\n"))).toBe(true);
  expect(holdIssuedNumber(lines)).toBe(true);
});

test("as many groups with 00 before them as a text can have are looked through all the same", () => {
  const groups = Array.from({ length: 300 }, (_, at) => `00${at % 10}`);
  expect(holdsCardNumber(`${groups.join("\n")} 4111 1111 1111 1111`)).toBe(true);
  expect(holdsCardNumber(`${"00 ".repeat(400)}4111 1111 1111 1111`)).toBe(true);
});

/** Of the lengths that are looked for across texts. */
const usual = /^(?:4(?:\d{15}|\d{18})|5[1-5]\d{14}|2[3-6]\d{14}|3[47]\d{13}|62\d{14})$/;

test.each(issuers)(
  "a number of %s is found that is cut in two at any digit, with + or 00 before each part or without",
  (_, from, to, least, most) => {
    const asked = fc
      .tuple(fc.integer({ min: from, max: to }), fc.integer({ min: least, max: most }))
      .chain(([first, length]) =>
        digits(length - String(first).length - 1).map((rest) => `${first}${rest}${checkDigit(`${first}${rest}`)}`),
      )
      .chain((number) => fc.tuple(fc.constant(number), fc.integer({ min: 1, max: number.length - 1 }), fc.boolean()));
    const prefix = fc.constantFrom("", "+", "00", "Zoë +");
    fc.assert(
      fc.property(asked, prefix, fc.constantFrom("", "+", "00"), ([number, at, grouped], before, between) => {
        const parts = [number.slice(0, at), number.slice(at)].map((part) => (grouped ? inFours(part) : part));
        const lines = [before + parts[0], between + parts[1]];
        expect(holdsCardNumber(lines.join("\n"))).toBe(true);
        if (usual.test(number)) expect(holdIssuedNumber(lines)).toBe(true);
      }),
      { numRuns: 500 },
    );
  },
);
