import axe from "axe-core";
import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import { createStore } from "zustand/vanilla";
import guide from "../../../docs/embed.md?raw";
import { type AppLocale, chooseLocale } from "../locales/locale.ts";
import "../styles/tokens.css";
import "../styles/base.css";
import { App } from "./App.tsx";
import type { AppState } from "./start.ts";
import { findEdgeless, findFaults, findSharedWords } from "./testing/find-faults.ts";
import { type Screen, screens } from "./testing/screens.ts";
import { applyTheme } from "./theme.ts";

/** Phones, a desk and what is narrowest for each arrangement. axe looks at the last. */
const widthsPx: Record<string, readonly number[]> = {
  en: [320, 390, 640, 844, 1024, 1440],
  ar: [320, 844, 1440],
  de: [320],
};
/** More than the longest screen: the designer's frame is as high as its content, and only what is in it can be hit. */
const tallPx = 2400;
/** A desk of 1280 by 1024 at 400 % zoom. */
const zoomedPx = [320, 256] as const;

let root: Root;

beforeEach(() => {
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(() => {
  root.unmount();
  document.body.replaceChildren();
});
afterAll(async () => {
  await cdp().send("Emulation.setEmulatedMedia", { features: [] });
});

/** Shows the page in this scheme, against the system's. */
async function emulate(
  scheme: "light" | "dark",
  { forcedColors = "none", theme = {} }: { forcedColors?: "none" | "active"; theme?: Theme } = {},
): Promise<void> {
  applyTheme(theme, document.documentElement, scheme);
  const features = [
    { name: "prefers-color-scheme", value: scheme === "light" ? "dark" : "light" },
    { name: "forced-colors", value: forcedColors },
    { name: "prefers-reduced-motion", value: "reduce" },
  ];
  await cdp().send("Emulation.setEmulatedMedia", { features });
  const unheard = () => features.filter(({ name, value }) => !matchMedia(`(${name}: ${value})`).matches);
  await soon(unheard, "is emulated");
}

/** Sizes the frame alone: `page.viewport` sizes the window as well and takes a hundred times as long. */
async function resize(widthPx: number, heightPx: number = tallPx): Promise<void> {
  const frame = window.frameElement as HTMLIFrameElement;
  Object.assign(frame.style, { width: `${widthPx}px`, height: `${heightPx}px` });
  expect([innerWidth, innerHeight]).toEqual([widthPx, heightPx]);
  await soon(findUnrest, `${widthPx} px: all is there and nothing moves`);
  if (heightPx === tallPx)
    expect(document.documentElement.scrollHeight, "the frame is too low for the screen").toBe(heightPx);
}

/** Waits until `find` finds nothing. */
async function soon(find: () => readonly unknown[], message: string): Promise<void> {
  await expect.poll(find, { message, interval: 5 }).toEqual([]);
}

/** What moves, is not there yet or has the size from before. */
function findUnrest(): string[] {
  const moving = document.getAnimations().filter(({ playState }) => playState === "running");
  const targets = moving.map(({ effect }) => (effect instanceof KeyframeEffect ? effect.target : null));
  const coming = [...document.images].filter(({ complete, dataset }) => !complete || dataset.shown === "false");
  // As wide as the card, up to the next whole pixel.
  const outgrown = [...document.querySelectorAll(".konvajs-content")].filter(
    ({ clientWidth, parentElement }) =>
      clientWidth !== Math.ceil((parentElement?.getBoundingClientRect().width ?? 0) - 1e-3),
  );
  return [...targets, ...coming, ...outgrown].map((element) => element?.outerHTML.slice(0, 200) ?? "");
}

async function show({ now, shows = "h1", press = [] }: Screen, locale: AppLocale): Promise<void> {
  const app = createStore<AppState>()(() => ({ now, locale, options: {}, reportHeight: null }));
  flushSync(() => root.render(<App app={app} />));
  await soon(() => (document.querySelector(shows) === null ? [shows] : []), "the screen is there");
  for (const selector of press) {
    const control = document.querySelector<HTMLElement>(selector);
    if (control === null) throw new Error(`there is no ${selector} to press`);
    flushSync(() => control.click());
  }
}

/** What axe finds: no element is left out, and no rule unless told. One line for each. */
async function findViolations(options: axe.RunOptions = {}): Promise<string[]> {
  const { violations } = await axe.run({ ...options, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, html, failureSummary }) => `${id}: ${target.join(" > ")}\n${html}\n${failureSummary}`),
  );
}

const ofColours: axe.RunOptions = { runOnly: ["color-contrast", "link-in-text-block"] };

// Arabic with the digits that are wider, and its own; German, whose words are the longest, where there is the least room.
for (const locale of [chooseLocale("en"), chooseLocale("ar-EG"), chooseLocale("de")]) {
  for (const screen of screens) {
    it(`can be seen, reached and read by everybody: ${screen.name}, ${locale.language}`, async () => {
      await emulate("light");
      await show(screen, locale);
      for (const widthPx of widthsPx[locale.language] ?? []) {
        await resize(widthPx);
        expect.soft(findFaults(), `${widthPx} px wide`).toEqual([]);
      }
      if (locale.language === "de") return;
      if (locale.language === "en") {
        expect.soft(findSharedWords()).toEqual([]);
        await resize(...zoomedPx);
        expect.soft(findFaults(), "at 400 %").toEqual([]);
      }
      expect.soft(await findViolations(), "light").toEqual([]);
      if (locale.language !== "en") return;
      await resize(1440);
      await emulate("dark");
      await soon(findUnrest, "dark: nothing moves");
      expect.soft(await findViolations(ofColours), "dark").toEqual([]);
      await emulate("light", { forcedColors: "active" });
      expect.soft(findEdgeless(), "forced colours").toEqual([]);
    });
  }
}

type Theme = Readonly<Record<string, string>>;
const guideTheme: Theme = { accent: /theme: \{ accent: "(.+?)" \}/.exec(guide)?.[1] ?? "not found" };
/** Pale, see-through, dark on dark. */
const hostileTheme: Theme = {
  accent: "rgb(255 240 120 / 0.6)",
  "accent-tint": "transparent",
  surface: "light-dark(#223, #667)",
  "ink-2": "#556",
  ok: "color(display-p3 0 0.4 0.1)",
  "problem-tint": "rgb(255 0 0 / 0.4)",
};

/** One of each colour; every pair of them is held by styles/palette.test.ts. */
const colourful = /^\w+$|problem$|note$|soft$|blurry to print|with guides|agreement missing|for a reason|card maker/;

for (const screen of screens.filter(({ name }) => colourful.test(name))) {
  it(`can be read with an issuer's theme: ${screen.name}`, async () => {
    expect(CSS.supports("color", guideTheme["accent"] ?? "")).toBe(true);
    await emulate("light");
    await show(screen, chooseLocale("en"));
    await resize(1440);
    for (const theme of screen.name.startsWith("design") ? [guideTheme, hostileTheme] : [guideTheme]) {
      for (const scheme of ["light", "dark"] as const) {
        await emulate(scheme, { theme });
        await soon(findUnrest, `${scheme}: nothing moves`);
        const found = await findViolations(ofColours);
        expect.soft(found, `${JSON.stringify(theme)}, ${scheme}`).toEqual([]);
      }
    }
  });
}
