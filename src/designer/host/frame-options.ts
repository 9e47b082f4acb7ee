import type { FrameOptions } from "#contracts/frame-messages.ts";
import { localeForm } from "#contracts/session.ts";

const maxEntries = 1000;
const maxTextLength = 2000;

function keepTexts(value: unknown): Record<string, string> | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const texts = Object.entries(value).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string" && entry[1].length <= maxTextLength,
  );
  return Object.fromEntries(texts.slice(0, maxEntries));
}

/** The parts of what a page passed as options that have the agreed shape; the rest is dropped. */
export function keepFrameOptions(options: Readonly<Record<string, unknown>> | FrameOptions): FrameOptions {
  const messages = keepTexts(options.messages);
  const theme = keepTexts(options.theme);
  return {
    ...(typeof options.locale === "string" && localeForm.test(options.locale) && { locale: options.locale }),
    ...(messages && { messages }),
    ...(theme && { theme }),
  };
}
