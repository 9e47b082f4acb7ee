import type { TextHint } from "#contracts/text-hint.ts";
import { withTimeout } from "../../locales/locale.ts";

/** What a reviewer may refuse in a text. Rejects where it cannot be loaded. */
export async function listHints(text: string): Promise<readonly TextHint[]> {
  const { listTextHints } = await withTimeout(import("#lettering/text-hints.ts"));
  return listTextHints(text);
}
