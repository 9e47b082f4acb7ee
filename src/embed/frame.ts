import { languageOf } from "#contracts/locale.ts";
import type { Options } from "./options.ts";

export const firstHeightPx = 640;

const titles: Readonly<Record<string, string>> = {
  de: "Kartendesigner",
  fr: "Création de carte",
  es: "Diseñador de tarjetas",
  ar: "مصمم البطاقة",
};

/** The frame's accessible name in the language of the options. */
export function frameTitle({ title, locale = "" }: Pick<Options, "title" | "locale">): string {
  return title ?? titles[languageOf(locale)] ?? "Card designer";
}

/** The designer's frame, not yet on the page. It may run scripts and forms of its own origin, copy the reference, and share a picture of the card. */
export function createFrame(src: string, title: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
  Object.assign(frame, { sandbox, allow: "clipboard-write; web-share", referrerPolicy: "no-referrer", title, src });
  frame.style.cssText = `display:block;width:100%;border:0;height:${firstHeightPx}px`;
  return frame;
}
