/** Of the scripts in which people type numbers: Latin, Arabic-Indic and Persian digits, by their zeros. */
const zeros = [0x30, 0x660, 0x6f0] as const;

function readDigit(letter: string, own: readonly string[]): string {
  const code = letter.codePointAt(0) ?? 0;
  const zero = zeros.find((each) => code >= each && code < each + 10);
  if (zero !== undefined) return String(code - zero);
  const digit = own.indexOf(letter);
  return digit === -1 ? letter : String(digit);
}

/**
 * The number that was typed, in the digits of the language or any that people type: with a comma or a point, with a minus of
 * any kind before or behind it, with its unit or without. NaN when it is none.
 */
export function readNumber(typed: string, tag: string, unit = ""): number {
  const format = new Intl.NumberFormat(tag);
  const own = Array.from({ length: 10 }, (_, digit) => format.format(digit));
  const plain = Array.from(typed.normalize("NFKC").replace(unit, ""), (letter) => readDigit(letter, own))
    .join("")
    // Spaces, and the marks that keep a minus on its side where one reads from right to left.
    .replaceAll(/[\s\p{Cf}%٪°]/gu, "")
    .replaceAll(/[\u2010-\u2015\u2212]/g, "-")
    .replaceAll(/[,،٫]/g, ".")
    .replace(/^([^-]+)-$/, "-$1");
  return /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)$/.test(plain) ? Number(plain) : Number.NaN;
}
