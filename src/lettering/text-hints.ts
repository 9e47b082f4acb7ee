import { LinkifyIt } from "linkify-it";
import type { TextHint } from "#contracts/text-hint.ts";
import { holdsCardNumber, holdsLongNumber } from "./card-numbers.ts";

const links = new LinkifyIt({ fuzzyLink: true });

const brands =
  /\b(?:visa|master ?card|maestro|american ?express|amex|discover|union ?pay|diners(?: club)?|jcb|rupay|paypal|apple ?pay|google ?pay)\b/i;

/** Marks do not hide a name. */
function bareLetters(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** What a reviewer may refuse in a text, each once. */
export function listTextHints(text: string): readonly TextHint[] {
  const hasCard = holdsCardNumber(text);
  const found: readonly (readonly [TextHint, boolean])[] = [
    ["link", links.test(text)],
    ["card-number", hasCard],
    ["long-number", !hasCard && holdsLongNumber(text)],
    ["currency", /\p{Sc}/u.test(text)],
    ["trademark", /[\u00a9\u00ae\u2117\u2120\u2122]/u.test(text)],
    ["brand", brands.test(bareLetters(text))],
  ];
  return found.flatMap(([hint, isFound]) => (isFound ? [hint] : []));
}
