import { languageOf } from "#contracts/locale.ts";
import type { Options } from "./options.ts";

export const firstHeightPx = 640;

const titles: Readonly<Record<string, string>> = {
  ar: "مصمم البطاقة",
  fr: "Création de carte",
  es: "Diseñador de tarjetas",
  de: "Kartendesigner",
};

/** The frame's accessible name in the language of the options. */
export function frameTitle({ title, locale = "" }: Pick<Options, "title" | "locale">): string {
  return title ?? titles[languageOf(locale)] ?? "Card designer";
}

/** The designer's frame, not yet on the page. It may run scripts and forms of its own origin, and share a picture of the card. */
export function createFrame(src: string, title: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
  Object.assign(frame, { title, src, allow: "web-share", referrerPolicy: "no-referrer", sandbox });
  frame.style.cssText = `display:block;width:100%;border:0;height:${firstHeightPx}px`;
  return frame;
}
