import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkText, maxTextUnits, tidyText } from "./text-rules.ts";

describe("what is typed or pasted", () => {
  test.each([
    ["lines of any system", "a\r\nb\u2028c\rd", "a\nb\nc\nd"],
    ["a tab and a space that does not break", "a\tb\u00a0c", "a b c"],
    ["control characters", "a\u0000b\u0007c\u001bd", "abcd"],
    ["overrides of the direction", "\u202eabc\u202c \u2066d\u2069 \u200fe", "abc d e"],
    ["what is not seen", "a\u200bb\u00adc\ufeffd", "abcd"],
    ["halves of characters", "a\ud83db", "ab"],
    ["letters and marks apart", "e\u0301", "é"],
  ])("with %s is tidied", (_, typed, tidied) => {
    expect(tidyText(typed)).toBe(tidied);
  });

  test("keeps the joiners that letters depend on", () => {
    expect(tidyText("क्\u200dष می\u200cخواهم")).toBe("क्\u200dष می\u200cخواهم");
  });

  test("of any length is tidied once and for all, and stays bounded", () => {
    const anyText = fc.string({ unit: "binary", maxLength: 300 });
    fc.assert(
      fc.property(anyText, (typed) => {
        const tidied = tidyText(typed);
        expect(tidyText(tidied)).toBe(tidied);
      }),
    );
    expect(tidyText("ﷺ".repeat(10_000)).length).toBeLessThanOrEqual(10 * maxTextUnits);
  });
});

test.each([
  ["one line", "Grüße aus Łódź", null],
  ["two lines of 24 letters", `${"a".repeat(24)}\n${"b".repeat(24)}`, null],
  ["24 letters beyond the first plane", "𝒜".repeat(24), null],
  ["letters with marks", "नमस्ते दुनिया शुभकामनाएँ", null],
  ["spaces alone", " \n ", "no-letters"],
  ["a blank letter of Korean alone", "\u3164", "no-letters"],
  ["a blank of Braille and joiners alone", "\u2800\u200d \n\u200c", "no-letters"],
  ["a name with a blessing", "سيدنا محمد \ufdfa", null],
  ["12 words of one character each", "\ufdfa".repeat(12), null],
  ["13 of them", "\ufdfa".repeat(13), "too-many-letters"],
  ["a sentence of one character, four times", "\ufdfd".repeat(4), null],
  ["five times", "\ufdfd".repeat(5), "too-many-letters"],
  ["three lines", "a\nb\nc", "too-many-lines"],
  ["25 letters", "a".repeat(25), "too-many-letters"],
  ["marks by the hundred", `Z${"\u0335".repeat(100)}`, "too-many-marks"],
])("a text of %s is found so", (_, text, flaw) => {
  expect(checkText(tidyText(text))).toBe(flaw);
});
