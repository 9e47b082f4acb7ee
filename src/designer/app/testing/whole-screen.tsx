import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect } from "vitest";
import { cdp } from "vitest/browser";
import { createStore } from "zustand/vanilla";
import { chooseLocale } from "../../locales/locale.ts";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { App } from "../App.tsx";
import type { AppState } from "../start.ts";
import { screens } from "./screens.ts";

// The whole screen of a phone, as the page around gives it: what is docked is docked to the screen.

export const html = document.documentElement;
let root: Root;

/** As in a new visit. */
export function openAgain(): void {
  root?.unmount();
  root = createRoot(document.body.appendChild(document.createElement("div")));
}

/** Gives each test of the file a page of its own. */
export function useWholeScreen(): void {
  beforeEach(() => {
    openAgain();
    html.dataset["layout"] = "full";
  });
  afterEach(async () => {
    await useFingers(false);
    root.unmount();
    document.body.replaceChildren();
    delete html.dataset["layout"];
    html.removeAttribute("style");
    html.removeAttribute("dir");
  });
}

export function resize(widthPx: number, heightPx: number): void {
  const frame = window.frameElement as HTMLIFrameElement;
  Object.assign(frame.style, { width: `${widthPx}px`, height: `${heightPx}px` });
  expect([innerWidth, innerHeight]).toEqual([widthPx, heightPx]);
}

/** Whether what points is a finger, as `pointer: coarse` tells. */
export async function useFingers(enabled = true): Promise<void> {
  await cdp().send("Emulation.setTouchEmulationEnabled", { enabled });
  await expect.poll(() => matchMedia("(pointer: coarse)").matches).toBe(enabled);
}

export const screenOf = (name: string) => screens.find((screen) => screen.name === name)!;

export async function show(name: string, language = "en", now = screenOf(name).now): Promise<void> {
  const { shows = "h1" } = screenOf(name);
  const app = createStore<AppState>()(() => ({ now, locale: chooseLocale(language), options: {}, reportHeight: null }));
  html.dir = language === "ar" ? "rtl" : "ltr";
  flushSync(() => root.render(<App app={app} />));
  await expect.poll(() => document.querySelector(shows)).not.toBeNull();
}

export const find = (selector: string): HTMLElement => [...document.querySelectorAll<HTMLElement>(selector)].at(-1)!;
export const card = () => find("[role=application]");
export const tools = () => find("[role=group]:has([data-icon=undo])");
export const tabs = () => find("fieldset:has([value=adjust])");
/** The last button that is not a fold of what is kept. */
export const primary = () => find("button:not(details *)");
export const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();

/** Those that the screen does not show whole. */
export function hiddenOf(parts: Record<string, HTMLElement>): string[] {
  const isWhole = ({ top, left, right, bottom }: DOMRect): boolean =>
    top >= -0.5 && left >= -0.5 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
  return Object.keys(parts).filter((name) => !isWhole(boxOf(parts[name]!)));
}

const overlaps = (one: DOMRect, other: DOMRect): boolean =>
  one.top < other.bottom - 0.5 &&
  other.top < one.bottom - 0.5 &&
  one.left < other.right - 0.5 &&
  other.left < one.right - 0.5;

/** Which of the parts lie over each other. */
export function overlapping(parts: Record<string, HTMLElement>): string[] {
  const named = Object.entries(parts).map(([name, element]) => [name, boxOf(element)] as const);
  return named.flatMap(([name, box], at) =>
    named.slice(at + 1).flatMap(([other, second]) => (overlaps(box, second) ? [`${name} and ${other}`] : [])),
  );
}

/** Upright and on its side, without what the browser takes of the screen. */
export const phones = [
  [390, 664],
  [360, 640],
  [844, 390],
] as const;
