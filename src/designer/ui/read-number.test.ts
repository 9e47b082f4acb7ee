import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readNumber } from "./read-number.ts";

const tags = ["en", "de", "ar", "ar-EG", "ar-MA", "ar-EG-u-nu-latn", "fa", "en-u-nu-beng", "en-u-nu-hanidec"];

describe("a number that was typed", () => {
  it.each([
    ["7", 7],
    ["٧", 7],
    ["۷", 7],
    [" 7 ", 7],
    ["7.5", 7.5],
    ["7,5", 7.5],
    ["٧٫٥", 7.5],
    ["٧،٥", 7.5],
    [".5", 0.5],
    ["7.", 7],
    ["+7", 7],
    ["-7", -7],
    ["−7", -7],
    ["–7", -7],
    ["7-", -7],
    ["\u061c-٧٫٥", -7.5],
    ["\u200e-7.5", -7.5],
    ["‏٧-", -7],
    ["７", 7],
    ["7%", 7],
    ["٧٪", 7],
    ["7°", 7],
    ["7 mm", 7],
  ])("%j is %d, whatever the language", (typed, value) => {
    for (const tag of tags) expect(readNumber(typed, tag, "mm")).toBe(value);
  });

  it.each(["", " ", "-", "--7", "-7-", ".", "7.5.1", "7a", "1e3", "0x10", "Infinity", "٧ب", "7 cm"])(
    "%j is none",
    (typed) => {
      for (const tag of tags) expect(readNumber(typed, tag, "mm")).toBeNaN();
    },
  );

  it("is what the language itself writes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...tags), fc.integer({ min: -99_999, max: 99_999 }), (tag, tenths) => {
        const written = new Intl.NumberFormat(tag, { minimumFractionDigits: 1, useGrouping: false }).format(
          tenths / 10,
        );
        expect(readNumber(written, tag)).toBeCloseTo(tenths / 10, 9);
      }),
    );
  });
});
