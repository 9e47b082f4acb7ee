import { setupI18n } from "@lingui/core";
import { compileMessageOrThrow } from "@lingui/message-utils/compileMessage";
import type { TextValues } from "../message.ts";

/** A message that is no ICU, which only an issuer can have written, is shown as it stands. */
function compileOrShow(message: string): ReturnType<typeof compileMessageOrThrow> {
  try {
    return compileMessageOrThrow(message);
  } catch {
    return [message];
  }
}

/** Formats messages in all of ICU, by id, in one language; `tag` (BCP 47) is that of numbers and dates. */
export function createIcuFormat(
  language: string,
  tag: string,
  messages: Readonly<Record<string, string>>,
): (id: string, values: TextValues) => string {
  const i18n = setupI18n().setMessagesCompiler(compileOrShow);
  i18n.loadAndActivate({ locale: language, locales: tag, messages });
  return (id, values) => i18n._(id, values);
}
