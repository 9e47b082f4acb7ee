import { expect, test } from "vitest";
import { languageOf, localeForm } from "./locale.ts";
import { sessionRequest } from "./session.ts";

test.each(["ar", "en-GB", "zh-Hant-TW", "ar-EG-u-nu-latn", "en-x-bank", "de-1996"])("%s is a language tag", (tag) => {
  expect(tag).toMatch(localeForm);
});

test.each(["", "a", "en_US", "en-", "../x", "en;q=1", "e1", "en\nar"])("%j is none", (tag) => {
  expect(tag).not.toMatch(localeForm);
});

test.each([
  ["ar", "ar"],
  ["AR-eg", "ar"],
  ["ar_EG", "ar"],
  ["ar-EG-u-nu-latn", "ar"],
  [" en-GB ", "en"],
  ["xx-invalid-", "xx"],
  ["", ""],
  ["arabic", ""],
  ["constructor", ""],
  ["../x", ""],
  ["en<script>", ""],
])("the language of %j is %j", (tag, language) => {
  expect(languageOf(tag)).toBe(language);
});

test("a session takes a region and digits, and no tag without end", () => {
  const session = { cardholderId: "A1", productId: "photo-landscape", origins: ["https://bank.example"] };
  const takes = (locale: string) => sessionRequest.safeParse({ ...session, locale }).success;
  expect(takes("ar-EG-u-nu-latn")).toBe(true);
  expect(takes(`en${"-abcdefgh".repeat(12)}`)).toBe(false);
});
