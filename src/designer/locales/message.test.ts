import fc from "fast-check";
import { expect, it } from "vitest";
import { createIcuFormat } from "./icu/icu-format.ts";
import { locales } from "./locale.ts";
import { formatMessage, isSimple } from "./message.ts";

const languages = await Promise.all(locales.map(async ({ language, load }) => [language, await load()] as const));
const numbers = [0, 1, 2, 3, 0.4, 7, 11, 90, 100, 1036, 12_345.678];

it.each(languages)("formats every text in %s as all of ICU would", (language, texts) => {
  for (const tag of [language, `${language}-EG`, `${language}-u-nu-arab`]) {
    const icu = createIcuFormat(language, tag, texts);
    for (const [id, message] of Object.entries(texts)) {
      const names = [...message.matchAll(/\{(\w+)[,}]/g)].map(([, name = ""]) => name);
      for (const number of numbers) {
        const values = Object.fromEntries(names.map((name) => [name, number]));
        const text = isSimple(message) ? formatMessage(message, values, tag) : "not simple";
        expect({ id, text }).toEqual({ id, text: icu(id, values) });
      }
    }
  }
});

it("formats what it calls simple as all of ICU would, and calls nothing simple that is not", () => {
  const part = fc.constantFrom(
    "a {n} b",
    "{n, number}",
    "{n, number, percent}",
    "{n,number}",
    "{ n }",
    "{n, plural, one {# day} other {# days}}",
    "{n, plural, one {{n} day} other {days}}",
    "{n, plural, =1 {one} other {#}}",
    "{n, plural, one {x}}",
    "{n, select, a {A} other {B}}",
    "{n, selectordinal, other {#th}}",
    "{n, date, short}",
    "'{n}'",
    "it's",
    "''",
    "#",
    "{",
    "}",
    "\\u0041",
    "{missing}",
    " ",
    "؟",
    "{n, plural, other {'#'}}",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 4 }), fc.constantFrom(...numbers), (parts, n) => {
      const message = parts.join("");
      fc.pre(message !== "" && isSimple(message));
      expect(formatMessage(message, { n }, "ar-EG")).toBe(
        createIcuFormat("ar", "ar-EG", { message })("message", { n }),
      );
    }),
  );
});

it("puts a value in as it is, whatever it looks like", () => {
  expect(formatMessage("{a} {b}", { a: "{b}", b: "$&" }, "en")).toBe("{b} $&");
});
