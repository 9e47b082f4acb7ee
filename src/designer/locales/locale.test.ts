import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chooseLocale, loadLocale, locales } from "./locale.ts";

describe("the language", () => {
  it.each([
    [["ar-EG"], "ar", "rtl", "ar-EG", "ar-EG"],
    [["ar"], "ar", "rtl", "ar", "ar"],
    [["AR-eg"], "ar", "rtl", "ar-EG", "ar-EG"],
    [["ar_EG"], "ar", "rtl", "ar-EG", "ar-EG"],
    [["ar-EG-u-nu-latn"], "ar", "rtl", "ar-EG", "ar-EG-u-nu-latn"],
    [["ar-EG-"], "ar", "rtl", "ar-EG", "ar-EG"],
    [["ar-EG-u"], "ar", "rtl", "ar-EG", "ar-EG"],
    [[" en-GB "], "en", "ltr", "en-GB", "en-GB"],
    [["en_US"], "en", "ltr", "en-US", "en-US"],
    [["en_US.UTF-8"], "en", "ltr", "en", "en"],
    [["he-IL", "ar"], "ar", "rtl", "ar", "ar"],
    [["de-AT"], "de", "ltr", "de-AT", "de-AT"],
    [["fr-CA", "ar"], "fr", "ltr", "fr-CA", "fr-CA"],
    [["es-MX-u-nu-arab"], "es", "ltr", "es-MX", "es-MX-u-nu-arab"],
    [["ca", "es-419"], "es", "ltr", "es-419", "es-419"],
    [["de-Latn-CH-1996"], "de", "ltr", "de-CH", "de-Latn-CH-1996"],
    [["deu"], "de", "ltr", "de", "de"],
    [["zh-Hant-TW", "de"], "de", "ltr", "de", "de"],
    [[undefined, "en-GB"], "en", "ltr", "en-GB", "en-GB"],
    [["", "ar-SA"], "ar", "rtl", "ar-SA", "ar-SA"],
    [["he-IL"], "en", "ltr", "en", "en"],
    [["fa-u-nu-arabext"], "en", "ltr", "en", "en"],
    [["tlh"], "en", "ltr", "en", "en"],
    [["xx-invalid-"], "en", "ltr", "en", "en"],
    [["constructor", "__proto__"], "en", "ltr", "en", "en"],
    [[], "en", "ltr", "en", "en"],
  ])("of %j is %s, from %s, for the document %s, for numbers %s", (wanted, language, direction, lang, tag) => {
    expect(chooseLocale(...wanted)).toMatchObject({ language, direction, lang, tag });
  });

  it("of a tag without end is its beginning", () => {
    const { tag, lang } = chooseLocale(`ar-EG-u-nu-arab-x${"-abcdefgh".repeat(10_000)}`);
    expect(lang).toBe("ar-EG");
    expect(tag.length).toBeLessThanOrEqual(100);
  });

  it("can be used for numbers, plurals and dates, whatever was asked for", () => {
    const parts = ["ar", "en", "EG", "u", "nu", "latn", "x", "-", "_", "", "1", "Arab", "\0", "de-1996"];
    const tags = fc.oneof(
      fc.string(),
      fc.array(fc.constantFrom(...parts)).map((some) => some.join("-")),
    );
    fc.assert(
      fc.property(tags, (wanted) => {
        const { tag } = chooseLocale(wanted);
        new Intl.NumberFormat(tag).format(1);
        new Intl.PluralRules(tag).select(1);
        new Intl.DateTimeFormat(tag).format(0);
      }),
    );
  });

  it("of a region is the language's, with the region and the digits that were asked for, wherever it stands in the list", () => {
    const unknown = fc.array(fc.constantFrom(undefined, "", "he-IL", "x", "zh-Hant", "constructor", "de<"), {
      maxLength: 4,
    });
    const region = fc.constantFrom("AT", "CH", "CA", "MX", "EG", "MA", "US", "419");
    const digits = fc.constantFrom("", "-u-nu-latn", "-u-nu-arab", "-u-hc-h12-nu-deva");
    const language = fc.constantFrom(...locales.map((each) => each.language));
    fc.assert(
      fc.property(unknown, language, region, digits, unknown, (before, own, where, how, after) => {
        const chosen = chooseLocale(...before, `${own}-${where}${how}`, ...after, "ar");
        expect(chosen).toMatchObject({ language: own, lang: `${own}-${where}`, tag: `${own}-${where}${how}` });
        const { numberingSystem } = new Intl.NumberFormat(chosen.tag).resolvedOptions();
        if (how !== "") expect(numberingSystem).toBe(how.slice(-4));
      }),
    );
  });

  it("keeps what it was chosen for when its texts have come", async () => {
    const chosen = chooseLocale("ar-EG-u-nu-latn");
    const { messages, ...rest } = await loadLocale(chosen);
    expect(rest).toEqual({ language: "ar", direction: "rtl", lang: "ar-EG", tag: "ar-EG-u-nu-latn" });
    expect(messages["pick.browse"]).toBe("اختر صورة");
  });
});
