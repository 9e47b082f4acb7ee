import { textLimitsOf } from "#design/text-policy.ts";
import type { TextHint } from "#contracts/text-hint.ts";
import { withTimeout } from "../locales/locale.ts";
import { useLocale, useText } from "../locales/text.tsx";
import { useDesignStore } from "../store/use-design-store.tsx";

/** What a reviewer may refuse in a text. Rejects where it cannot be loaded. */
export async function listHints(text: string): Promise<readonly TextHint[]> {
  const { listTextHints } = await withTimeout(import("#lettering/text-hints.ts"));
  return listTextHints(text);
}

/** The alphabets that the product prints, in the cardholder's language. */
export function useScriptNames(): string {
  const t = useText();
  const { language } = useLocale();
  const { scripts } = textLimitsOf(useDesignStore((state) => state.product));
  return new Intl.ListFormat(language).format(scripts.map((script) => t(`design.text.script.${script}`)));
}
