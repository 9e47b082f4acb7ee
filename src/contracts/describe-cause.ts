/** A line for support is no longer than this. */
const maxLength = 300;
const maxReadLength = 2000;
const maxDepth = 4;

const ending = String.raw`\.(?:jpe?g|jfif|a?png|webp|avif|hei[cf]|gif|bmp|tiff?|svg|pdf|dng|cr[23]|nef|arw|mov|mp4)\b`;
const quotedFile = new RegExp(`(["'\`“‘])[^"'\`”’]*${ending}["'\`”’]`, "gi");
const file = new RegExp(`[^\\s"'\`<>()/\\\\]+${ending}`, "gi");
const address = /\b(?:[a-z][a-z\d+.-]*:\/\/|blob:|data:)[^\s"'`<>)]*/gi;
const parameters = /[?#][^\s"'`<>)]*=[^\s"'`<>)]*/g;
const path = /(?:\b[a-z]:)?(?:[\\/][^\s\\/:"'`<>()]+){2,}/gi;
const mail = /[^\s"'`<>()@]+@[^\s"'`<>()@]+/g;
const longNumber = /\d[\d .-]{6,}\d/g;
/** Secrets, ids and digests, but not the names of programming interfaces. */
const token = /(?![A-Za-z]+(?:\dD)?(?![\w+/=-]))[\w+/=-]{24,}/g;

/** Keeps the script's own name, which tells what failed to load; the rest of an address may name a session. */
function shortenAddress(text: string): string {
  return /[\w.-]+\.m?js(?=$|[?#:])/.exec(text)?.[0] ?? "…";
}

function hide(text: string, names: readonly string[]): string {
  let shown = text;
  for (const name of names) if (name !== "") shown = shown.replaceAll(name, "…");
  return shown
    .replace(quotedFile, "…")
    .replace(address, shortenAddress)
    .replace(parameters, "")
    .replace(path, shortenAddress)
    .replace(file, "…")
    .replace(mail, "…")
    .replace(longNumber, "…")
    .replace(token, "…")
    .replace(/[\p{C}\s]+/gu, " ")
    .trim();
}

function read(value: object, field: "name" | "message" | "cause"): unknown {
  return field in value ? (value as Readonly<Record<typeof field, unknown>>)[field] : undefined;
}

function describeOne(error: unknown): string {
  if (typeof error === "string") return error.slice(0, maxReadLength);
  if (typeof error !== "object" || error === null) return typeof error;
  const words = [read(error, "name"), read(error, "message")].filter((word) => typeof word === "string" && word !== "");
  return words.length === 0 ? "object" : words.join(": ").slice(0, maxReadLength);
}

/** An error and its causes, the outermost first. */
function* chain(error: unknown): Generator {
  let at = error;
  for (let depth = 0; depth < maxDepth && at !== undefined && at !== null; depth += 1) {
    yield at;
    at = typeof at === "object" ? read(at, "cause") : undefined;
  }
}

/**
 * What lies behind a failure, for the issuer's support: names and messages of an error and of its causes, in one line of
 * at most 300 characters. Addresses, paths, file names (`names`: those known), secrets and digests are left out. Undefined
 * when nothing is known. Never throws.
 */
export function describeCause(error: unknown, names: readonly string[] = []): string | undefined {
  try {
    const text = hide([...chain(error)].map(describeOne).join(" < "), names);
    if (text === "") return undefined;
    return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
  } catch {
    return "unreadable";
  }
}
