import { readFileSync } from "node:fs";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import { describe, expect, it } from "vitest";
import { en, type MessageId } from "./en.ts";
import { chooseLocale, locales } from "./locale.ts";
import { createTranslate } from "./text.tsx";

const ids = Object.keys(en) as MessageId[];

/** Names and kinds of a message's arguments, those inside plurals included. */
function argumentsOf(message: string): string[] {
  const found = new Set<string>();
  const visit = (tokens: unknown): void => {
    if (!Array.isArray(tokens)) return;
    for (const token of tokens) {
      if (!Array.isArray(token)) continue;
      const [name, kind, choices] = token as [string, string?, unknown?];
      found.add(`${name}:${kind ?? "text"}`);
      if (typeof choices === "object" && choices !== null) Object.values(choices).forEach(visit);
    }
  };
  visit(compileMessageOrThrow(message));
  return [...found].toSorted();
}

describe.each(locales.map(({ language, messages }) => [language, messages] as const))(
  "texts in %s",
  (_language, texts) => {
    it("are complete, and nothing else is there", () => {
      expect(Object.keys(texts).toSorted()).toEqual(ids.toSorted());
      expect(ids.filter((id) => texts[id].trim() === "")).toEqual([]);
    });

    it("take the same arguments as the English ones", () => {
      for (const id of ids) expect({ id, takes: argumentsOf(texts[id]) }).toEqual({ id, takes: argumentsOf(en[id]) });
    });

    it("never say oops, and show no codes", () => {
      for (const id of ids) expect(texts[id]).not.toMatch(/oops|error code|\berror\b|exception/i);
    });
  },
);

it("are the same in the script that speaks where the designer's cannot", () => {
  const script = readFileSync("public/old-browser.js", "utf8");
  for (const { language, messages } of locales) {
    const { "closed.browser-unsupported.title": title, "closed.browser-unsupported.help": help } = messages;
    const [, given = ""] = new RegExp(`^    ${language}: \\[([^\\]]*)\\]`, "m").exec(script) ?? [];
    expect([...given.matchAll(/"(.*)"/g)].map(([, text]) => text)).toEqual([title, help]);
  }
});

it("writes numbers as the language does", () => {
  expect(createTranslate(chooseLocale("en"))("preview.caption", { width: 1036, height: 664, dpi: 300 })).toMatch(
    /1,036/,
  );
});

it("uses the issuer's words where it gave any, and ignores ids that it invented", () => {
  const t = createTranslate(chooseLocale("en"), { "pick.title": "Bring a picture", "no.such.id": "x" });
  expect(t("pick.title")).toBe("Bring a picture");
  expect(t("pick.browse")).toBe(en["pick.browse"]);
});

it("shows an issuer's broken message as it is instead of nothing", () => {
  const t = createTranslate(chooseLocale("en"), { "pick.title": "Bring {a" });
  expect(t("pick.title")).toBe("Bring {a");
});

it.each([
  [["ar-EG"], "ar"],
  [["fr-FR", "ar"], "ar"],
  [[undefined, "en-GB"], "en"],
  [["tlh"], "en"],
])("chooses from %j the language %s", (wanted, language) => {
  expect(chooseLocale(...wanted).language).toBe(language);
});
