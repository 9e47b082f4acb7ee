import { readFileSync } from "node:fs";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { describe, expect, it } from "vitest";
import { ar } from "./ar.ts";
import { en, type MessageId } from "./en.ts";
import { en as firstScreen } from "./first-screen/en.ts";
import { firstTexts } from "./first-texts.ts";
import { chooseLocale, locales } from "./locale.ts";
import { createTranslate, prepareOverrides } from "./text.tsx";

const ids = Object.keys(en) as MessageId[];

/** Names and kinds of a message's arguments, those inside plurals included, and the forms of its plurals. */
function readMessage(message: string): { readonly takes: readonly string[]; readonly plurals: readonly string[][] } {
  const found = new Set<string>();
  const plurals: string[][] = [];
  const visit = (tokens: unknown): void => {
    if (!Array.isArray(tokens)) return;
    for (const token of tokens) {
      if (!Array.isArray(token)) continue;
      const [name, kind, choices] = token as [string, string?, unknown?];
      found.add(`${name}:${kind ?? "text"}`);
      if (typeof choices !== "object" || choices === null) continue;
      if (kind === "plural") plurals.push(Object.keys(choices).filter((form) => form !== "offset"));
      Object.values(choices).forEach(visit);
    }
  };
  visit(compileMessageOrThrow(message));
  return { takes: [...found].toSorted(), plurals };
}

/** Zooms, degrees and remarks never come to a million, which has a form of its own in French and Spanish. */
const counts = Array.from({ length: 1000 }, (_, count) => count);

/** What is set in another way than the language is. */
const misprints: Partial<Record<string, RegExp>> = {
  en: /["']|\.\.\./,
  // „so“, and a space before the ellipsis of an unfinished sentence.
  de: /["'«»”]|\.\.\.|\p{L}…|(?<!\p{L})(du|dich|dir|dein\p{L}*)(?!\p{L})/iu,
  // A narrow no-break space before ; : ! ? and within « ».
  fr: /["'“”]|\.\.\.|[^\u202f][;:!?»]|«[^\u202f]|(?<!\p{L})(tu|toi|ton|ta|tes)(?!\p{L})/iu,
  // What is asked or called out is opened as well.
  es: /["'“”]|\.\.\.|^[^¿]*\?|^[^¡]*!|(?<!\p{L})(tú|ti|tu|tus)(?!\p{L})/iu,
  ar: /["'?;,]|\.\.\./,
};

const languages = await Promise.all(locales.map(async ({ language, load }) => [language, await load()] as const));

describe.each(languages)("texts in %s", (language, texts) => {
  it("begin with the ones that are built in", () => {
    expect(texts).toMatchObject(firstTexts[language]);
  });

  it("are complete, and nothing else is there", () => {
    expect(Object.keys(texts).toSorted()).toEqual(ids.toSorted());
    expect(ids.filter((id) => texts[id].trim() === "")).toEqual([]);
  });

  it("take the same arguments as the English ones", () => {
    const takes = (text: string) => readMessage(text).takes;
    for (const id of ids) expect({ id, takes: takes(texts[id]) }).toEqual({ id, takes: takes(en[id]) });
  });

  it("have every form of the plural that a number can ask for", () => {
    const forms = new Set<string>(counts.map((count) => new Intl.PluralRules(language).select(count)));
    for (const id of ids)
      for (const plural of readMessage(texts[id]).plurals)
        expect({ id, forms: plural.toSorted() }).toEqual({ id, forms: [...forms].toSorted() });
  });

  it("are set as the language is, and say the formal you", () => {
    const printed = (id: MessageId) => texts[id].replaceAll(/\{\w+(, \w+)*(, |\})/g, "");
    expect(ids.filter((id) => misprints[language]?.test(printed(id))).map((id) => texts[id])).toEqual([]);
  });

  it("never say oops, and show no codes", () => {
    for (const id of ids) expect(texts[id]).not.toMatch(/oops|error code|\berror\b|exception/i);
  });
});

it("of the first screen have all that is said where nothing more has been loaded", () => {
  expect(
    ids.filter((id) => id.startsWith("closed.") && !Object.hasOwn({ ...firstTexts.en, ...firstScreen }, id)),
  ).toEqual([]);
});

it("are the same in the script that speaks where the designer's cannot", () => {
  const script = readFileSync("public/old-browser.js", "utf8");
  for (const { language } of locales) {
    const texts = firstTexts[language];
    const [, given = ""] = new RegExp(`^    ${language}: \\{(.*?)^    \\}`, "ms").exec(script) ?? [];
    expect([...given.matchAll(/"([^"]*)"/g)].map(([, text]) => text)).toEqual([
      texts["closed.browser-unsupported.title"],
      texts["closed.browser-unsupported.help"],
      texts["closed.not-loaded.title"],
      texts["closed.not-loaded.help"],
      texts["closed.retry"],
    ]);
  }
});

it("uses the issuer's words where it gave any, and ignores ids that it invented", () => {
  const t = createTranslate(chooseLocale("en"), { "pick.title": "Bring a picture", "no.such.id": "x" });
  expect(t("pick.title")).toBe("Bring a picture");
  expect(t("pick.browse")).toBe(en["pick.browse"]);
});

it("takes all of ICU from an issuer once what that needs has come, and has its own words until then", async () => {
  const overrides = { "pick.title": "It''s {quarterTurn, plural, =90 {{quarterTurn, number} grand} other {#}}" };
  const t = createTranslate(chooseLocale("en"), overrides);
  expect(t("pick.title")).toBe(en["pick.title"]);
  await prepareOverrides(overrides);
  expect(t("pick.title")).toBe("It's 90 grand");
});

it("shows an issuer's broken message as it is instead of nothing", async () => {
  await prepareOverrides({ "pick.title": "Bring {a" });
  const t = createTranslate(chooseLocale("en"), { "pick.title": "Bring {a" });
  expect(t("pick.title")).toBe("Bring {a");
});

describe("an issuer's version of the rules", () => {
  const versionOf = (version: string, language = "en"): string =>
    createTranslate(chooseLocale(language), { "rules.version": version })("rules.version");

  it("is used as it stands: it is a name and no message", () => {
    for (const version of ["2026-11b", "٢٠٢٦", " 7 ", "{7}", "it''s", "{quarterTurn}"])
      expect(versionOf(version)).toBe(version);
  });

  const blanks = [
    "",
    " ",
    "\n",
    "\r\n\t",
    "\u00a0",
    "\u3000",
    "\0",
    "\u001b",
    "\u200b",
    "\u00ad",
    "\u3164",
    "\ufeff",
    "\u2028",
  ];
  it.each([...blanks, blanks.join("")])("is ours where nothing can be seen of it: %j", (blank) => {
    expect([versionOf(blank), versionOf(blank, "ar")]).toEqual([en["rules.version"], ar["rules.version"]]);
  });
});

it("writes numbers in the digits of the region that was asked for, or in those that were asked for themselves", () => {
  const say = (tag: string) =>
    createTranslate(chooseLocale(tag), { "app.title": "{dpi, number} dpi" })("app.title", { dpi: 1234 });
  expect(say("ar-EG")).toMatch(/^١٬٢٣٤ /);
  expect(say("ar_EG")).toMatch(/^١٬٢٣٤ /);
  expect(say("ar-EG-u-nu-latn")).toMatch(/^1,234 /);
  expect(say("ar-AE")).toMatch(/^1,234 /);
  expect(say("en-u-nu-arab")).toMatch(/^١٬٢٣٤ /);
  expect(say("de-DE")).toMatch(/^1\.234 /);
  for (const tag of ["de-AT", "de-CH", "fr-CA", "es-MX"])
    expect(say(tag)).toContain(new Intl.NumberFormat(tag).format(1234));
  expect(say("he-IL")).toMatch(/^1,234 /);
});

it("writes the numbers that are words of a text in the same digits, and counts in them", () => {
  const t = createTranslate(chooseLocale("ar-EG"));
  expect(t("design.turnLeft")).toContain("٩٠°");
  expect(t("design.moveUp")).toContain("١ مم");
  expect(t("design.said.turned", { degrees: 5 })).toContain("٥ درجات");
  const digits = ids.filter((id) => /[0-9]/.test(t(id, { number: 0 }).replace("و0 ", "")));
  // The last is a name.
  expect(digits).toEqual(["rules.version", "notice.jpeg-2000-image.title"]);
});
