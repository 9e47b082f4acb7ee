import type { FrameOptions } from "#contracts/frame-messages.ts";

const maxEntries = 1000;
const maxTextLength = 2000;
const localeForm = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/;

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
