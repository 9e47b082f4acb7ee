import { listMissingForPictures } from "#image/requirements.ts";

/** Of the younger ones two are here, so that a browser is known by them that is too old in every other way. */
const neededNames = [
  "AbortSignal.timeout",
  "Intl.Locale",
  "Intl.NumberFormat",
  "Intl.PluralRules",
  "MessageChannel",
  "Object.hasOwn",
  "ReadableStream",
  "ResizeObserver",
  "TextDecoder",
  "URL.createObjectURL",
  "Worker",
  "XMLHttpRequest",
  "fetch",
  "matchMedia",
];

function isThere(name: string): boolean {
  const find = (place: unknown, part: string): unknown => (place as Record<string, unknown> | undefined)?.[part];
  return name.split(".").reduce(find, globalThis) !== undefined;
}

/** What the designer cannot do without and this browser lacks or blocks, by name. What its worker lacks is not known yet. */
export function listMissing(): string[] {
  const missing = neededNames.filter((name) => !isThere(name));
  if (document.createElement("canvas").getContext("2d") === null) missing.push("canvas with a 2D context");
  return [...missing, ...listMissingForPictures()];
}
