import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readAgreement, toRulesVersion, writeAgreement } from "./agreement.ts";

const anyTime = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const codePoint = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((point) => String.fromCodePoint(point));
/** Mostly what nobody has on a keyboard: whole planes, halves of characters, and what cannot be seen or turns text round. */
const anyText = fc.oneof(
  fc.string({ unit: "grapheme-ascii", maxLength: 60 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ unit: codePoint(0x80, 0x10_ffff), maxLength: 60 }),
  fc.string({ unit: fc.oneof(codePoint(0x20, 0x2ff), codePoint(0x2000, 0x206f), codePoint(0xd800, 0xdfff)) }),
);

test("what is written is ASCII, and is read as what can be seen of it, whatever an issuer calls its rules", () => {
  fc.assert(
    fc.property(anyText, anyTime, (text, agreedAt) => {
      const header = writeAgreement({ rulesVersion: text, agreedAt });
      expect(header).toMatch(/^[\x20-\x7e]+$/);
      const rulesVersion = toRulesVersion(text);
      expect(readAgreement(header)).toEqual(rulesVersion === "" ? undefined : { rulesVersion, agreedAt });
    }),
    { numRuns: 1000 },
  );
});

test("what is read is written as it came, in any letters", () => {
  const seen = fc.string({ unit: "grapheme", maxLength: 30 }).map(toRulesVersion);
  fc.assert(
    fc.property(seen, anyTime, (text, agreedAt) => {
      fc.pre(text !== "");
      const header = writeAgreement({ rulesVersion: text, agreedAt });
      const read = readAgreement(header);
      expect(read).toEqual({ rulesVersion: text, agreedAt });
      expect(writeAgreement(read!)).toBe(header);
    }),
    { numRuns: 1000 },
  );
});

describe("a version of the rules", () => {
  test("has 1 to 40 characters, none of them unseen, and no blank at its ends; cleaned again it is the same", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const version = toRulesVersion(text);
        expect(version).toBe(toRulesVersion(version));
        expect(version).toBe(version.trim());
        expect(Array.from(version).length).toBeLessThanOrEqual(40);
        expect(version).not.toMatch(/[\p{Cc}\p{Cs}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u);
      }),
      { numRuns: 1000 },
    );
  });

  const unseen = [
    ["a control character", "\0"],
    ["a line break", "\r\n"],
    ["the end of a line", "\u2028"],
    ["half a character", "\ud800"],
    ["what turns text round", "\u202e"],
    ["a mark of the direction", "\u200f"],
    ["a soft hyphen", "\u00ad"],
    ["a blank without width", "\u200b"],
    ["a joiner", "\u200d"],
    ["a byte order mark", "\ufeff"],
    ["a filler of Hangul", "\u3164"],
    ["another of them", "\u115f"],
    ["half a filler", "\uffa0"],
    ["a choice of form", "\ufe0f"],
    ["a tag", "\u{e0061}"],
    ["a blank of Braille", "\u2800"],
  ] as const;
  test.each(unseen)("has a blank for %s, and is nothing if it is all of it", (_, character) => {
    expect(toRulesVersion(`a${character}b`)).toBe("a b");
    expect(toRulesVersion(` ${character}a${character}\u00a0`)).toBe("a");
    expect(toRulesVersion(character + character)).toBe("");
  });

  test("does not end in the blank at which it was cut", () => {
    expect(toRulesVersion(`${"x".repeat(39)}\u00a0y`)).toBe("x".repeat(39));
  });

  test("has no blanks of any kind around it", () => {
    for (const blank of [" ", "\t", "\u00a0", "\u2003", "\u3000"]) {
      expect([toRulesVersion(`${blank}1${blank}`), toRulesVersion(blank)]).toEqual(["1", ""]);
    }
  });
});

test.each([
  ["2026-11", 'rules="2026-11", at=1800000000000'],
  ['the "new" \\ rules', 'rules="the \\"new\\" \\\\ rules", at=1800000000000'],
  ["٢٠٢٦", 'rules=%"%d9%a2%d9%a0%d9%a2%d9%a6", at=1800000000000'],
  ["100 % é", 'rules=%"100%20%25%20%c3%a9", at=1800000000000'],
])("the rules %s travel as %s", (rulesVersion, header) => {
  const agreement = { rulesVersion, agreedAt: 1_800_000_000_000 };
  expect(writeAgreement(agreement)).toBe(header);
  expect(readAgreement(header)).toEqual(agreement);
});

test("a version that is too long is cut, never within a character", () => {
  expect(readAgreement(writeAgreement({ rulesVersion: "🙂".repeat(50), agreedAt: 0 }))).toEqual({
    rulesVersion: "🙂".repeat(40),
    agreedAt: 0,
  });
  expect(writeAgreement({ rulesVersion: " a\n\u202eb\ud800 ", agreedAt: 0 })).toBe('rules="a b", at=0');
});

test.each([
  'at=5, rules="1"',
  'rules="1",at=5',
  ' rules="1" ,\tat=5 ',
  'rules="1", at=9007199254740991',
  `rules="${"x".repeat(40)}", at=0`,
])("%s is an agreement", (header) => {
  expect(readAgreement(header)).toBeDefined();
});

test("a version of an older cleaner, in whose browser something counted as seen, is read as it can be seen", () => {
  expect(readAgreement('rules=%"2026%c2%ad11%e2%80%8b", at=5')).toEqual({ rulesVersion: "2026 11", agreedAt: 5 });
});

test.each([
  "",
  'rules="1"',
  "at=5",
  'rules="1", at=5,',
  'rules="1" at=5',
  "rules=1, at=5",
  'rules="1", at="5"',
  'rules="", at=5',
  'rules="  ", at=5',
  `rules="${"x".repeat(41)}", at=5`,
  'rules="1", at=-1',
  'rules="1", at=1.5',
  'rules="1", at=9007199254740992',
  'rules="1", at=99999999999999999999',
  'rules="1", rules="2", at=5',
  'rules="1", at=5, at=6',
  'rules="1", at=5, more=?1',
  'rules="1";q=1, at=5',
  'rules="é", at=5',
  'rules=%"%c3", at=5',
  'rules=%"%C3%A9", at=5',
  'rules=%"%0a", at=5',
  'rules="a\\b", at=5',
  'Rules="1", At=5',
  '\u00a0rules="1", at=5',
  'rules="1", at=5\u00a0',
  'rules=%"%c2%a0", at=5',
  'rules=%"%e2%80%8b%e3%85%a4", at=5',
])("%s is none", (header) => {
  expect(readAgreement(header)).toBeUndefined();
});
