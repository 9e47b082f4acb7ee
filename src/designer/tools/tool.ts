import type { ReactNode } from "react";
import type { Product } from "#card/products.ts";
import type { VectorElement } from "#design/elements.ts";
import type { MessageId } from "../locales/en.ts";
import type { firstTexts } from "../locales/first-texts.ts";
import type { IconName } from "../ui/Icon.tsx";

/** What every tool's panel is given by the design step. */
export interface ToolPanelProps {
  readonly guidesAlways: boolean;
  readonly onGuidesAlways: (always: boolean) => void;
  readonly onPickAnother: () => void;
}

export interface Tool {
  readonly id: string;
  readonly labelId: MessageId;
  /** One of ours, or the tool's own. */
  readonly icon: IconName;
  readonly Panel: (props: ToolPanelProps) => ReactNode;
  /** Whether it is on this product; without one it is on all of them. */
  readonly isOffered?: (product: Product) => boolean;
  /** The elements that are changed here: it is on the products that offer these. */
  readonly kind?: VectorElement["kind"];
  /** It is of use with a photo alone, or without one alone; else with both. */
  readonly photo?: "needed" | "none";
}

export type TextLanguage = keyof typeof firstTexts;

/** A tool's own texts, for its folder: the same ids in every language, and the compiler holds them to that. */
export function toolTexts<Id extends string>(
  texts: Readonly<Record<TextLanguage, Readonly<Record<Id, string>>>>,
): Readonly<Record<TextLanguage, Readonly<Record<Id, string>>>> {
  return texts;
}
