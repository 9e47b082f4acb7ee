/** Crockford's base 32: no letter that is heard or read as another, or as a digit. */
const digits = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const prefix = "sub_";

function readNumber(text: string, alphabet: string): number {
  let number = 0;
  for (const character of text) number = number * alphabet.length + alphabet.indexOf(character);
  return number;
}

/**
 * What a cardholder reads out of a submission: the first 40 bits of its id, in two groups of four. Of a million submissions two begin
 * alike with a chance of one in three. An id that is not of this product's form is given as it is.
 */
export function shortReference(submissionId: string): string {
  if (!/^sub_[\w-]{22}$/.test(submissionId)) return submissionId;
  // Seven letters are 42 bits.
  let bits = Math.floor(readNumber(submissionId.slice(prefix.length, prefix.length + 7), letters) / 4);
  let short = "";
  for (let at = 0; at < 8; at++) {
    short = (digits[bits % 32] ?? "") + short;
    bits = Math.floor(bits / 32);
  }
  return `${short.slice(0, 4)} ${short.slice(4)}`;
}

/** As `shortReference` writes it, from what somebody has heard or typed; null if it is none. */
export function readShortReference(text: string): string | null {
  const plain = text.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(plain) ? `${plain.slice(0, 4)} ${plain.slice(4)}` : null;
}

/** What the ids of such a reference begin with; some that begin so are of another. */
export function idStartOf(short: string): string {
  const bits = readNumber(short.replace(" ", ""), digits);
  let start = "";
  for (let rest = Math.floor(bits / 16); start.length < 6; rest = Math.floor(rest / 64)) {
    start = (letters[rest % 64] ?? "") + start;
  }
  return prefix + start;
}
