import { languageOf } from "#contracts/locale.ts";
import type { Options } from "./options.ts";

const firstHeightPx = 640;
const minHeightPx = 200;
const maxHeightPx = 12_000;

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

/** The designer's frame, not yet on the page. It may run scripts and forms of its own origin and nothing else. */
export function createFrame(src: string, title: string): HTMLIFrameElement {
  const frame = document.createElement("iframe");
  const sandbox = "allow-scripts allow-same-origin allow-forms allow-downloads";
  Object.assign(frame, { sandbox, allow: "", referrerPolicy: "no-referrer", title, src });
  frame.style.cssText = `display:block;width:100%;border:0;height:${firstHeightPx}px`;
  return frame;
}

/** Scrolls the page to the frame's top when that is above the window or in its lower half or below. */
export function showFrameTop(frame: HTMLIFrameElement): void {
  const { top } = frame.getBoundingClientRect();
  if (top < 0 || top > innerHeight / 2) frame.scrollIntoView();
}

/** Follows the height of the frame's content, within 200 to 12,000 px. */
export function setFrameHeight(frame: HTMLIFrameElement, heightPx: number): void {
  frame.style.height = `${Math.ceil(Math.min(Math.max(heightPx, minHeightPx), maxHeightPx))}px`;
}
