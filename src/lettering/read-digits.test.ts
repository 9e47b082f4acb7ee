import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holdIssuedNumber, holdsCardNumber, holdsLongNumber } from "./card-numbers.ts";
import { readDigits } from "./read-digits.ts";

const number = "4111111111111111";
const inFours = (between: string): string => number.replace(/(.{4})(?=.)/g, `$1${between}`);
const from = (first: number, value: number, of = number): string =>
  of.replace(/\d/g, (digit) => String.fromCodePoint(first + Number(digit) - value));

describe("a card number is found", () => {
  test.each([
    ["in Thai digits", from(0xe50, 0)],
    ["in Bengali digits", from(0x9e6, 0)],
    ["in digits of N'Ko", from(0x7c0, 0)],
    ["in mathematical digits", from(0x1d7ce, 0)],
    ["in digits of four scripts", "41١١ 1११1 １１11 1๑๑1"],
    ["in dark circles", from(0x2776, 1)],
    ["in double circles", from(0x24f5, 1)],
    ["in light circles of another kind", from(0x2780, 1)],
    ["in dark circles of another kind", from(0x278a, 1)],
    ["in circles with two digits", "④⑪⑪⑪⑪⑪⑪⑪①"],
    ["in brackets", from(0x2474, 1)],
    ["with points", from(0x2488, 1)],
    ["with commas", from(0x1f101, 0)],
    ["on keys", number.replace(/\d/g, "$&\ufe0f\u20e3")],
    ["in Chinese", "四一一一一一一一一一一一一一一一"],
    ["in Chinese with zeros", "五五〇〇〇〇〇〇〇〇〇〇〇〇〇四"],
    ["in Chinese as on cheques", "肆壹壹壹壹壹壹壹壹壹壹壹壹壹壹壹"],
    ["in circles in Chinese", "㊃㊀㊀㊀㊀㊀㊀㊀㊀㊀㊀㊀㊀㊀㊀㊀"],
    ["in Suzhou numerals", from(0x3021, 1)],
    ["with four joiners between", inFours("\u200d\u200c\u200d\u200c")],
    ["with four marks between", inFours("\u0301\u0302\u0303\u0304")],
    ["with four variation selectors between", inFours("\ufe0f\ufe0e\ufe0f\ufe0e")],
    ["with blank Korean letters between", inFours("\u3164")],
    ["with narrow blank Korean letters between", inFours("\uffa0")],
    ["with letters between that no font has", inFours("\u0e01")],
    ["with digits between that no font has", inFours("\u0e59")],
    ["with long vowels between", inFours("ー")],
    ["with stretched Arabic between", inFours("ـ")],
    ["with Chinese ones between", inFours("一")],
    ["with ordinals between", inFours("º")],
    ["far apart", "4111    1111\n1111    1111"],
    ["with points between", "4111....1111\n1111....1111"],
    [
      "of twelve digits far apart",
      `5018  0000\n 000${"0123456789".split("").find((last) => holdsCardNumber(`50180000000${last}`))}`,
    ],
  ])("%s", (_, text) => {
    expect(holdsCardNumber(text)).toBe(true);
    expect(holdsCardNumber(text.normalize("NFC"))).toBe(true);
  });

  test.each([
    ["behind a Hebrew letter", "א 1111 1111 1111 4111"],
    ["behind an Arabic letter", "ب 1111 1111 1111 4111"],
    ["in Arabic digits", "١١١١ ١١١١ ١١١١ ٤١١١"],
  ])("whose groups are set from right to left: %s", (_, text) => expect(holdsCardNumber(text)).toBe(true));

  test("across texts of any digits", () => {
    expect(holdIssuedNumber(["❹❶❶❶ ❶❶❶❶", "一一一一 一一一一"])).toBe(true);
  });
});

test.each([
  ["another check digit in dark circles", "❹❶❶❶❶❶❶❶❶❶❶❶❶❶❶❷"],
  ["a year and a day in Chinese", "二〇二六年十二月一日"],
  ["letters that are printed between", "4111 c 1111\n1111 c 1111"],
  ["the groups of another number from right to left", "א 1111 1112 1111 4111"],
])("none is found in %s", (_, text) => expect(holdsCardNumber(text)).toBe(false));

test("a long number is one in whichever digits", () => {
  expect(holdsLongNumber("❶❷❸❹❺❻❼")).toBe(true);
  expect(holdsLongNumber("一二三四五六七")).toBe(true);
  expect(holdsLongNumber("二〇二六")).toBe(false);
});

test("of most texts there is one reading alone, and of any there are few", () => {
  expect(readDigits("Für Zoë, 24.12.2026")).toEqual(["Für Zoë, 24.12.2026"]);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      expect(readDigits(text).length).toBeLessThanOrEqual(4);
    }),
  );
});
