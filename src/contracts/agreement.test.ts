import fc from "fast-check";
import { expect, test } from "vitest";
import { readAgreement, writeAgreement } from "./agreement.ts";

const readable = fc
  .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 40 })
  .filter((text) => text === text.trim());
const anyTime = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });

test("what is written is read", () => {
  fc.assert(
    fc.property(readable, anyTime, (rulesVersion, agreedAt) => {
      fc.pre(rulesVersion !== "");
      expect(readAgreement(writeAgreement({ rulesVersion, agreedAt }))).toEqual({ rulesVersion, agreedAt });
    }),
  );
});

test("every version that an issuer can write is sent as ASCII, and read as what could be seen of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (rulesVersion) => {
      const header = writeAgreement({ rulesVersion, agreedAt: 5 });
      expect(header).toMatch(/^[\x20-\x7e]+$/);
      if (/[\p{L}\p{N}]/u.test(rulesVersion.slice(0, 40))) expect(readAgreement(header)?.agreedAt).toBe(5);
    }),
  );
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
])("%s is none", (header) => {
  expect(readAgreement(header)).toBeUndefined();
});
