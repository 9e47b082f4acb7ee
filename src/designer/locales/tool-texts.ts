import * as all from "../tools/texts.ts";
import type { TextLanguage } from "../tools/tool.ts";

type EachTool = (typeof all)[keyof typeof all];

/** All of a union at once. */
type Together<Each> = (Each extends unknown ? (each: Each) => void : never) extends (all: infer All) => void
  ? All
  : never;

type TextsIn<Language extends TextLanguage> = Together<EachTool[Language]>;

/** The texts that the tools have in their folders, in one language. */
export function toolTextsIn<Language extends TextLanguage>(language: Language): TextsIn<Language> {
  return Object.assign({}, ...Object.values(all).map((texts) => texts[language])) as TextsIn<Language>;
}
