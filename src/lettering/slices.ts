/** Fonts with thousands of letters, which come in slices: Japanese, simplified Chinese and Korean. All are plain, in every face. */
const sliced = ["jp", "sc", "kr"] as const;
export type SlicedFont = (typeof sliced)[number];

/** A file of such a font. */
export type SliceName = `noto-sans-${SlicedFont}-${number}`;

const kana = /[\p{Script=Hiragana}\p{Script=Katakana}]/u;
const hangul = /\p{Script=Hangul}/u;
// And the punctuation and wide forms that stand between them.
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\uff00-\uffef]/u;

/** Whether these fonts may have a letter. */
export function isWide(letter: string): boolean {
  return wide.test(letter);
}

/** Those that may have letters of a text, the best first. The words alone decide: the same text is the same outlines in every language. */
function fontsFor(text: string): readonly SlicedFont[] {
  if (kana.test(text)) return ["jp", "sc", "kr"];
  return hangul.test(text) ? ["kr", "sc", "jp"] : ["sc", "jp", "kr"];
}

/** A line for each slice: its number, and its letters as in CSS's `unicode-range` without "U+". */
type Ranges = string;

/** Whether a slice has some of these letters, which are then looked for no more. */
function takeLetters(list: string, letters: Set<number>): boolean {
  const { size } = letters;
  for (const range of list.split(",")) {
    const [first = "", last = first] = range.split("-");
    const [from, to] = [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    for (const letter of letters) if (from <= letter && letter <= to) letters.delete(letter);
  }
  return letters.size < size;
}

function findSlices(font: SlicedFont, ranges: Ranges, letters: Set<number>): readonly SliceName[] {
  return ranges.split("\n").flatMap((line) => {
    const [number, list = ""] = line.split(":");
    return takeLetters(list, letters) ? [`noto-sans-${font}-${Number(number)}` as const] : [];
  });
}

/**
 * The slices that a text needs, the best first; none for a text without such letters. A letter that no font has is in none. `read` gets
 * what a font's slices hold; what it rejects with is passed on.
 */
export async function listSlices(
  text: string,
  read: (font: SlicedFont) => Promise<Ranges>,
): Promise<readonly SliceName[]> {
  const letters = new Set(
    Array.from(text).flatMap((letter) => (wide.test(letter) ? [letter.codePointAt(0) as number] : [])),
  );
  const found: SliceName[] = [];
  for (const font of fontsFor(text)) {
    if (letters.size > 0) found.push(...findSlices(font, await read(font), letters));
  }
  return found;
}
