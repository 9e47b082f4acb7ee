/** Of one text on a card. */
export const maxLines = 2;
/** In a line, not counting marks. */
export const maxLetters = 24;
/** UTF-16 units of a text: lines of letters with all their marks. */
export const maxTextUnits = 500;

const lineBreak = /\r\n?|[\u2028\u2029\u0085]/g;
const spaces = /[\t\u00a0]/g;
// Controls, overrides of the direction, and what is not seen; joiners stay, since letters depend on them.
const unprintable =
  /[^\P{Cc}\n]|[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]|\p{Cs}|\p{Co}/gu;

/** What is stored of a text that was typed or pasted: composed (NFC), lines parted by "\n", without what cannot be printed. */
export function tidyText(typed: string): string {
  // Ten times what fits, before any work is done on it.
  const text = typed
    .slice(0, 10 * maxTextUnits)
    .replace(lineBreak, "\n")
    .replace(spaces, " ")
    .replace(unprintable, "");
  return text.normalize("NFC");
}

/** Of a text that `tidyText` has left. */
export function countLines(text: string): number {
  return text.split("\n").length;
}

/** Why a text cannot lie on a card. */
export type TextFlaw = "no-letters" | "too-many-lines" | "too-many-letters" | "too-many-marks" | "other-script";

// What is not seen, blank letters among it.
const unseen = /[\s\p{Default_Ignorable_Code_Point}\u2800]/gu;

/** Words, and one whole sentence, in one character: as wide, or as intricate, as so many letters. No fewer could be printed in every line. */
const words = /[\ufd40-\ufdcf\ufdf0-\ufdfc\ufdfe\ufdff]/gu;
const sentence = /\ufdfd/g;

function countLetters(line: string): number {
  return Array.from(line.replace(mark, "").replace(words, "aa").replace(sentence, "aaaaaa")).length;
}

// No script needs five on one letter.
const tooManyMarks = /[\p{M}\u200c\u200d]{5}/u;
const mark = /[\p{M}\u200c\u200d]/gu;

/** What is wrong with a text that `tidyText` has left; null where nothing is. A product may take fewer lines and letters. */
export function checkText(text: string, most = { lines: maxLines, letters: maxLetters }): TextFlaw | null {
  const lines = text.split("\n");
  if (text.replace(unseen, "") === "") return "no-letters";
  if (lines.length > most.lines) return "too-many-lines";
  for (const line of lines) {
    if (countLetters(line) > most.letters) return "too-many-letters";
  }
  return tooManyMarks.test(text) ? "too-many-marks" : null;
}
