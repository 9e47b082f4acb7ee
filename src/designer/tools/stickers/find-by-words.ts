import type { StickerWords } from "../../locales/sticker-words.ts";

/** More than that nobody looks through: another letter is typed sooner. */
export const maxFound = 48;

interface Entry {
  readonly name: string;
  readonly title: readonly string[];
  readonly tokens: readonly string[];
}

const letters: Readonly<Record<string, string>> = { ß: "ss", œ: "oe", æ: "ae", ة: "ه", ى: "ي", ـ: "" };

/** As it is compared: without accents and other marks, small, and without the letters that are written either way. */
function toTokens(text: string): string[] {
  const plain = text
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[ßœæةىـ]/g, (letter) => letters[letter] ?? letter);
  const tokens = plain.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== "");
  // The Arabic article is written as part of its word.
  return tokens.map((token) => token.replace(/^ال(?=..)/u, ""));
}

const entriesOf = new WeakMap<StickerWords, readonly Entry[]>();

function readEntries(words: StickerWords): readonly Entry[] {
  const known = entriesOf.get(words);
  if (known !== undefined) return known;
  const entries = Object.entries(words).map(([name, text]) => {
    const [title = "", ...others] = text.split("|");
    // The sticker's own name is English, which is understood everywhere.
    return { name, title: toTokens(title), tokens: toTokens(`${title} ${others.join(" ")} ${name}`) };
  });
  entriesOf.set(words, entries);
  return entries;
}

function startsWithAll(tokens: readonly string[], query: readonly string[]): boolean {
  return query.every((part) => tokens.some((token) => token.startsWith(part)));
}

/** The names of stickers that have every word of the query, or the beginning of one, in theirs: called so first. At most `maxFound`. */
export function findByWords(query: string, words: StickerWords): readonly string[] {
  const wanted = toTokens(query.slice(0, 100));
  if (wanted.length === 0) return [];
  const rank = ({ title, tokens }: Entry): number => {
    const [called, asked] = [title.join(" "), wanted.join(" ")];
    if (called === asked) return 0;
    if (called.startsWith(asked)) return 1;
    if (startsWithAll(title, wanted)) return 2;
    return startsWithAll(tokens, wanted) ? 3 : 4;
  };
  const ranked = readEntries(words).map((entry) => ({ name: entry.name, rank: rank(entry) }));
  const found = [0, 1, 2, 3].flatMap((at) => ranked.filter((each) => each.rank === at));
  return found.slice(0, maxFound).map(({ name }) => name);
}
