import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { texts } from "../page/texts.js";
import { findFault, templateFile } from "#design/templates/template-schema.ts";
import { readSvg } from "#server/stickers/read-svg.ts";
import { type Brand, languages } from "./brand.ts";
import { brands } from "./brands.ts";

/** The letters of the language, so that a text that was forgotten in English shows. */
const latin = /[a-z]/i;
const scripts = { en: latin, de: latin, fr: latin, es: latin, ar: /[\u0600-\u06ff]/ };

const all = Object.values(brands).flatMap((brand) => languages.map((language) => [brand, language] as const));

test.each(all)("everything on the page of $id is said in %s", ({ texts: own }, language) => {
  const said = (given: object): [string, string][] =>
    Object.entries(given).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : said(value)));
  const words = said({ ...texts[language], ...own[language] });
  expect(words.map(([key]) => key)).toEqual(said({ ...texts.en, ...own.en }).map(([key]) => key));
  expect(words.filter(([, text]) => !scripts[language].test(text))).toEqual([]);
});

test("no bank says the other's name, or what the other says", () => {
  const { harbour, linden } = brands;
  for (const language of languages) {
    const [first, second] = [harbour.texts[language], linden.texts[language]];
    expect(JSON.stringify(second)).not.toContain(first.bank);
    expect(JSON.stringify(first)).not.toContain(second.bank);
    const same = Object.entries(first).filter(([key, text]) =>
      Object.entries(second).some(([k, t]) => k === key && t === text),
    );
    expect(same).toEqual([]);
  }
});

const stickers = Object.values<Brand>(brands).flatMap((brand) => Object.entries(brand.stickers ?? {}));

test.each(stickers)("the sticker %s is one that the server takes", (id) => {
  const svg = readFileSync(join(import.meta.dirname, "..", "stickers", `${id}.svg`));
  expect(readSvg(svg, 100).ops.length).toBeGreaterThan(1);
});

const templates = Object.values<Brand>(brands).flatMap((brand) => brand.templates ?? []);

test.each(templates)("the template %s is one that the server takes, named in every language", (name) => {
  const given: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "..", "templates", `${name}.json`), "utf8"));
  const template = templateFile.parse(given);
  expect(findFault(template)).toBeNull();
  const named = [template.names, ...template.elements.flatMap(({ slot }) => (slot === undefined ? [] : [slot.names]))];
  for (const names of named) expect(Object.keys(names).toSorted()).toEqual(languages.toSorted());
});
