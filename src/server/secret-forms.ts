const namedEntities: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos" };

/** A pattern in which the letters of a hexadecimal number are found in either case. */
function hex(digits: string): string {
  return digits.replace(/[a-f]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
}

/** A pattern for this very character. */
function literally(character: string): string {
  return character < "\x80" && /\W/.test(character)
    ? `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`
    : character;
}

/** Each time that it is escaped once more there are twice as many; without a limit a long row of them would take for ever. */
function backslashes(least: number): string {
  return String.raw`\\{${least},16}`;
}

/** What other programs put backslashes before. */
const quotes = "\"'`/";

function percentEncoded(bytes: Buffer): string {
  return [...bytes].map((byte) => `%(?:25)*${hex(byte.toString(16).padStart(2, "0"))}`).join("");
}

/** A character percent-encoded, by its number in JSON, and as an XML entity, each however often. */
function encode(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const entity = namedEntities[character] === undefined ? "" : `|${namedEntities[character]}`;
  const units = character
    .split("")
    .map((unit) => `${backslashes(1)}u${hex(unit.charCodeAt(0).toString(16).padStart(4, "0"))}`);
  const number = `#0*${code}|#[xX]0*${hex(code.toString(16))}`;
  return `${percentEncoded(Buffer.from(character))}|${units.join("")}|&(?:amp;)*(?:${number}${entity});`;
}

/** How other programs write a character. */
function write(character: string): string {
  const escaped = JSON.stringify(character).slice(1, -1);
  const before = quotes.includes(character) ? backslashes(0) : "";
  const lineBreak = escaped.length === 2 ? `|${backslashes(1)}${literally(escaped.slice(1))}` : "";
  const space = character === " " ? String.raw`|\+` : "";
  return `(?:${before}${literally(character)}${lineBreak}${space}|${encode(character)})`;
}

function writeText(secret: string): string {
  // Backslashes together, since how many there are depends on how often they were escaped.
  return secret.replace(/\\+|[^\\]/gu, (part) => {
    if (!part.startsWith("\\")) return write(part);
    return String.raw`(?:\\{${part.length},${part.length * 4}}|(?:${encode("\\")}){${part.length}})`;
  });
}

/** Shorter ones would be found in texts that know nothing of the secret. */
const leastBase64 = 8;

/** Base64 of the secret wherever it begins in a longer text, without the characters that its neighbours have a part in. */
export function base64sOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [0, 1, 2].flatMap((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64url");
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return own.length < leastBase64 ? [] : [own];
  });
}

function writeBase64(base64url: string): string {
  const characters = base64url.split("").map((one) => {
    if (one === "-") return `(?:-|${write("+")})`;
    return one === "_" ? `(?:_|${write("/")})` : one;
  });
  return characters.join("");
}

/** A pattern that finds these secrets in any form in which an error's text may repeat them. Undefined for none. */
export function writeSecretForms(secrets: readonly string[]): RegExp | undefined {
  const longestFirst = secrets.filter((secret) => secret !== "").toSorted((a, b) => b.length - a.length);
  const patterns = longestFirst.flatMap((secret) => [writeText(secret), ...base64sOf(secret).map(writeBase64)]);
  return patterns.length === 0 ? undefined : new RegExp(patterns.join("|"), "g");
}
