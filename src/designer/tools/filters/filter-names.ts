import { type FilterId, isFilterId } from "#design/filters/filters.ts";
import type { Product } from "#card/products.ts";
import type { MessageId } from "../../locales/en.ts";
import type { Translate } from "../../locales/text.tsx";

const texts: Readonly<Record<FilterId, MessageId>> = {
  "print-lift": "design.filter.printLift",
  bright: "design.filter.bright",
  warm: "design.filter.warm",
  cool: "design.filter.cool",
  vivid: "design.filter.vivid",
  soft: "design.filter.soft",
  film: "design.filter.film",
  mono: "design.filter.mono",
  "mono-warm": "design.filter.monoWarm",
};

/** What a filter is called: an issuer's own as the issuer calls it in this language (BCP 47), or in English. */
export function nameFilter(id: string, { ownFilters = [] }: Product, t: Translate, language: string): string {
  if (isFilterId(id)) return t(texts[id]);
  const names = ownFilters.find((filter) => filter.id === id)?.names ?? {};
  return names[language.split("-")[0] ?? ""] ?? names["en"] ?? id;
}
