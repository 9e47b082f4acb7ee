import { base64sOf, writeSecretForms } from "./secret-forms.ts";

/** So few are looked for in every text, all at once. */
const few = 24;
/** Letters in a row that tell which secrets may be in a text: from the middle, where what stands around it changes nothing. */
const width = 4;
const least = 8;
/** What is looked for with patterns of its own at a time: V8 takes no larger one. */
const maxTogether = 100;

/** What may stand for one another in a secret's forms becomes one character, and backslashes, of which there may be any number, none. */
function fold(text: string): string {
  return text
    .replace(/\\+/g, "")
    .replace(/[ +-]/g, "+")
    .replace(/[_/]/g, "/")
    .replace(/[\b\t\n\f\r]/g, (one) => JSON.stringify(one).slice(2, -1));
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const escape =
  /((?:%(?:25)*[0-9a-f]{2})+)|\\+u([0-9a-f]{4})|&(?:amp;)*(?:#0*(\d{1,7})|#x0*([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi;

/** With each character that is escaped, however often, in its place. */
function decode(text: string): string {
  return text.replace(escape, (whole, percent?: string, unit?: string, number?: string, hex?: string, name = "") => {
    if (percent !== undefined) {
      const bytes = percent.match(/%(?:25)*[0-9a-f]{2}/gi)?.map((one) => Number.parseInt(one.slice(-2), 16)) ?? [];
      return Buffer.from(bytes).toString("utf8");
    }
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    const code = number === undefined ? Number.parseInt(hex ?? "", 16) : Number(number);
    return entities[name.toLowerCase()] ?? (code <= 0x10_ffff ? String.fromCodePoint(code) : whole);
  });
}

/** The letters in the middle of a text that is long enough and has nothing of an escape in it. */
function windowOf(text: string): string | undefined {
  const folded = fold(text);
  if (/[%&\\#;]/.test(text) || folded.length < least) return undefined;
  const start = (folded.length - width) >> 1;
  return folded.slice(start, start + width);
}

/** The secrets' windows, in plain and in base64. Those without any have to be looked for in every text. */
function index(secrets: readonly string[]): { byWindow: Map<string, number[]>; always: number[] } {
  const byWindow = new Map<string, number[]>();
  const always: number[] = [];
  for (const [number, secret] of secrets.entries()) {
    const windows = [secret, ...base64sOf(secret)].map(windowOf);
    if (windows.includes(undefined)) always.push(number);
    else for (const one of windows) byWindow.set(one ?? "", [...(byWindow.get(one ?? "") ?? []), number]);
  }
  return { byWindow, always };
}

/**
 * A function that puts `[secret]` in the place of these secrets in whatever form. However many there are, a text in which there is
 * none costs little: what its letters rule out is not looked for.
 */
export function createSecretSearch(secrets: readonly string[]): (text: string) => string {
  const longestFirst = [...new Set(secrets)].filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);
  const isFew = longestFirst.length <= few;
  const { byWindow, always } = isFew ? { byWindow: new Map(), always: [...longestFirst.keys()] } : index(longestFirst);
  const patterns = new Map<string, RegExp | undefined>();
  const patternOf = (numbers: readonly number[]): RegExp | undefined => {
    const name = numbers.join();
    if (!patterns.has(name)) {
      if (patterns.size > 200) patterns.clear();
      patterns.set(name, writeSecretForms(numbers.map((number) => longestFirst[number] ?? "")));
    }
    return patterns.get(name);
  };
  const findPossible = (text: string, found: Set<number>): void => {
    const folded = fold(text);
    for (let at = 0; at + width <= folded.length; at += 1)
      for (const number of byWindow.get(folded.slice(at, at + width)) ?? []) found.add(number);
  };
  return (text) => {
    const found = new Set(always);
    if (!isFew) findPossible(text, found);
    if (!isFew && /[%\\&]/.test(text)) findPossible(decode(text), found);
    const inOrder = [...found].toSorted((a, b) => a - b);
    let left = text;
    for (let at = 0; at < inOrder.length; at += maxTogether) {
      const pattern = patternOf(inOrder.slice(at, at + maxTogether));
      if (pattern !== undefined) left = left.replace(pattern, "[secret]");
    }
    return left;
  };
}
