import type { FaceName } from "#design/elements.ts";
import { readFonts as gather } from "#server/picture-check/read-fonts.ts";
import type { Fonts } from "../set-text.ts";

export { readWoff } from "#server/picture-check/read-fonts.ts";

/** The fonts that a text needs. */
export function readFonts(text: string, face: FaceName): Promise<Fonts> {
  return gather({ text, face });
}
