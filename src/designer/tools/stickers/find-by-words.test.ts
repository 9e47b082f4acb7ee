import { beforeAll, describe, expect, it } from "vitest";
import { stickerNames } from "#design/stickers/collection.ts";
import { locales } from "../../locales/locale.ts";
import { loadStickerWords, nameSticker, stickerWordsOf } from "../../locales/sticker-words.ts";
import { findByWords, maxFound } from "./find-by-words.ts";

const names = Object.values(stickerNames).flat();
const find = (query: string, language: (typeof locales)[number]["language"]) =>
  findByWords(query, stickerWordsOf(language)!);

beforeAll(async () => {
  await Promise.all(locales.map(({ language }) => loadStickerWords(language)));
});

describe.each(locales)("in $language", ({ language }) => {
  it("every sticker has a name that says no more than what it shows, and is found by it", () => {
    const words = stickerWordsOf(language)!;
    // Another file may have added an issuer's own.
    const ours = Object.keys(words).filter((name) => !name.startsWith("own."));
    expect(ours.sort()).toEqual([...names].sort());
    for (const name of names) {
      const title = nameSticker(name, language);
      expect(title).toMatch(/^\p{L}[^|<>{}]{1,60}$/u);
      expect(find(title, language)).toContain(name);
    }
    expect(new Set(names.map((name) => nameSticker(name, language))).size).toBe(names.length);
  });
});

it("finds by names first, then by what else is said of a sticker, with accents and capitals or without", () => {
  expect(find("rose", "en")[0]).toBe("rose");
  expect(find("LION", "en")[0]).toBe("lion");
  expect(find("herz", "de").slice(0, 20)).toContain("red-heart");
  expect(find("löwe", "de")).toContain("lion");
  expect(find("lowe", "de")).toContain("lion");
  expect(find("coeur rouge", "fr")[0]).toBe("red-heart");
  expect(find("CŒUR", "fr")).toContain("red-heart");
  expect(find("corazon", "es")).toContain("red-heart");
  expect(find("قلب", "ar")).toContain("red-heart");
  expect(find("القلب", "ar")).toContain("red-heart");
  expect(find("قَلْب", "ar")).toContain("red-heart");
});

it("understands English in every language", () => {
  for (const { language } of locales) expect(find("rocket", language)).toContain("rocket");
});

it("finds nothing for nothing, for what there is not, and never more than are looked through", () => {
  for (const query of ["", "  ", "…", "-", "zzzz", "heart zzzz", "a".repeat(10_000)])
    expect(find(query, "en")).toEqual([]);
  expect(find("e", "en")).toHaveLength(maxFound);
});
