import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import { createStore } from "zustand/vanilla";
import type { FlowState } from "../flow/flow-state.ts";
import { noticeOf } from "../flow/notice.ts";
import { isWhole } from "../flow/use-session.tsx";
import { chooseLocale } from "../locales/locale.ts";
import "../styles/tokens.css";
import "../styles/base.css";
import { App } from "./App.tsx";
import type { AppState } from "./start.ts";
import { findFaults } from "./testing/find-faults.ts";
import { screens } from "./testing/screens.ts";

// The whole screen of a phone, as the page around gives it: what is docked is docked to the screen.

const html = document.documentElement;
let root: Root;

beforeEach(() => {
  root = createRoot(document.body.appendChild(document.createElement("div")));
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

function resize(widthPx: number, heightPx: number): void {
  const frame = window.frameElement as HTMLIFrameElement;
  Object.assign(frame.style, { width: `${widthPx}px`, height: `${heightPx}px` });
  expect([innerWidth, innerHeight]).toEqual([widthPx, heightPx]);
}

/** Whether what points is a finger, as `pointer: coarse` tells. */
async function useFingers(enabled = true): Promise<void> {
  await cdp().send("Emulation.setTouchEmulationEnabled", { enabled });
  await expect.poll(() => matchMedia("(pointer: coarse)").matches).toBe(enabled);
}

const screenOf = (name: string) => screens.find((screen) => screen.name === name)!;

async function show(name: string, language = "en", now = screenOf(name).now): Promise<void> {
  const { shows = "h1" } = screenOf(name);
  const app = createStore<AppState>()(() => ({ now, locale: chooseLocale(language), options: {}, reportHeight: null }));
  html.dir = language === "ar" ? "rtl" : "ltr";
  flushSync(() => root.render(<App app={app} />));
  await expect.poll(() => document.querySelector(shows)).not.toBeNull();
}

const find = (selector: string): HTMLElement => [...document.querySelectorAll<HTMLElement>(selector)].at(-1)!;
const card = () => find("[role=application]");
const tools = () => find("[role=group]:has([data-icon=undo])");
const tabs = () => find("fieldset:has([value=adjust])");
/** The last button that is not a fold of what is kept. */
const primary = () => find("button:not(details *)");
const boxOf = (element: Element): DOMRect => element.getBoundingClientRect();

/** Those that the screen does not show whole. */
function hiddenOf(parts: Record<string, HTMLElement>): string[] {
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
function overlapping(parts: Record<string, HTMLElement>): string[] {
  const named = Object.entries(parts).map(([name, element]) => [name, boxOf(element)] as const);
  return named.flatMap(([name, box], at) =>
    named.slice(at + 1).flatMap(([other, second]) => (overlaps(box, second) ? [`${name} and ${other}`] : [])),
  );
}

const phones = [
  [390, 664],
  [360, 640],
  [844, 390],
] as const;

describe.each(["en", "ar"])("on a phone, in %s", (language) => {
  it.each(["design, of which much is said", "design, found as it was left", "design, portrait"])(
    "card, tools, tabs and button are in view together: %s",
    async (name) => {
      await show(name, language);
      for (const [widthPx, heightPx] of phones) {
        resize(widthPx, heightPx);
        const parts = { card: card(), tools: tools(), tabs: tabs(), button: primary() };
        const size = `${widthPx} x ${heightPx}`;
        await expect.poll(() => hiddenOf(parts), { message: size }).toEqual([]);
        expect.soft(overlapping(parts), size).toEqual([]);
        expect.soft(findFaults(), size).toEqual([]);
        const isCardLeft = boxOf(parts.card).right <= boxOf(parts.button).left;
        expect.soft(isCardLeft, size).toBe(widthPx > heightPx && language === "en");
        for (const tab of tabs().querySelectorAll("input")) {
          flushSync(() => tab.click());
          scrollTo(0, html.scrollHeight);
          const isUpright = name.includes("portrait") && heightPx > widthPx;
          const { tabs, button, ...upper } = parts;
          expect
            .soft(hiddenOf({ tabs, button, ...(!isUpright && upper) }), `${size}, ${tab.value}, at its end`)
            .toEqual([]);
          scrollTo(0, 0);
        }
      }
    },
  );
});

it("shows a tab from its beginning, however far the one before it was scrolled", async () => {
  await show("design, of which much is said");
  resize(390, 664);
  for (const tab of [...tabs().querySelectorAll("input")].toReversed()) {
    scrollTo(0, html.scrollHeight);
    flushSync(() => tab.click());
    await expect
      .poll(() => boxOf(find("section")).top - boxOf(tools()).bottom, { message: tab.value })
      .toBeGreaterThan(0);
  }
});

it("shows card, agreement and button of the preview together on a phone", async () => {
  for (const name of ["preview", "preview, portrait", "preview, of which much is said"]) {
    await show(name);
    for (const [widthPx, heightPx] of phones) {
      resize(widthPx, heightPx);
      const agreement = find("label:has([type=checkbox])");
      const parts = { card: find("main img").parentElement!, agreement, button: primary() };
      await expect.poll(() => hiddenOf(parts), { message: `${name}, ${widthPx} x ${heightPx}` }).toEqual([]);
      expect.soft(overlapping(parts), `${name}, ${widthPx} x ${heightPx}`).toEqual([]);
      const { left, top, width, height } = boxOf(agreement);
      const hit = document.elementFromPoint(left + width / 2, top + height / 2);
      expect.soft(agreement.contains(hit), `${name}, ${widthPx} x ${heightPx}`).toBe(true);
    }
  }
});

it("lays nothing over what can be pressed, on any screen", async () => {
  const under: string[] = [];
  for (const { name } of screens) {
    await show(name);
    for (const [widthPx, heightPx] of phones) {
      resize(widthPx, heightPx);
      for (const control of document.querySelectorAll<HTMLElement>("main :is(button, summary, label:has(input))")) {
        if (!control.checkVisibility({ visibilityProperty: true })) continue;
        control.scrollIntoView({ block: "nearest" });
        const { left, top, width, height } = boxOf(control);
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        const words = `${name}, ${widthPx} x ${heightPx}: ${control.innerText || control.ariaLabel}`;
        if (!control.contains(hit)) under.push(`${words}, under ${hit?.outerHTML.slice(0, 80)}`);
      }
    }
  }
  expect(under).toEqual([]);
});

it("leaves an upright card its tools beside it and lets the sheet be seen", async () => {
  await show("design, portrait");
  for (const [widthPx, heightPx] of phones.slice(0, 2)) {
    resize(widthPx, heightPx);
    await expect.poll(() => boxOf(card()).height).toBeLessThanOrEqual(heightPx * 0.6 + 0.5);
    expect(boxOf(card()).height).toBeGreaterThan(heightPx * 0.5);
    expect(boxOf(tools()).left).toBeGreaterThan(boxOf(card()).right);
    const seen = boxOf(tabs()).top - boxOf(find("section")).top;
    expect(seen, "of what the sheet holds").toBeGreaterThan(30);
  }
});

it("keeps the order of the keyboard, whatever the order on the screen", async () => {
  await show("design, of which much is said");
  for (const [widthPx, heightPx] of [...phones, [1440, 900] as const]) {
    resize(widthPx, heightPx);
    const order = [card(), tools(), tabs(), find("section"), find("#design-checks"), primary()];
    const isAfter = (one: Element, other: Element): boolean =>
      (one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    expect(order.slice(1).every((part, at) => isAfter(order[at]!, part))).toBe(true);
  }
});

describe.each([true, false])("above the keyboard of a phone (%s: with fingers)", (isTouched) => {
  it.each(["adjust", "light", "adjust upright"])("shows each field that is typed into whole: %s", async (what) => {
    if (isTouched) await useFingers();
    const [tab, isUpright] = what.split(" ");
    await show(isUpright ? "design, portrait" : "design, photo");
    flushSync(() => find(`input[value=${tab}]`).click());
    const fields = [...document.querySelectorAll<HTMLElement>("[role=spinbutton]")];
    expect(fields.length).toBeGreaterThan(2);
    for (const field of [...fields, ...fields.toReversed()]) {
      // The keyboard comes once the field has the focus.
      resize(390, 664);
      field.blur();
      field.focus();
      resize(390, 360);
      const name = field.ariaLabel ?? "";
      await expect.poll(() => hiddenOf({ field }), { message: name, timeout: 2000 }).toEqual([]);
      const upper = isTouched ? { card: card(), ...(!isUpright && { tools: tools() }) } : {};
      expect.soft(hiddenOf(upper), name).toEqual([]);
      expect.soft(overlapping({ field, ...upper }), name).toEqual([]);
    }
    for (const field of fields) {
      // On to the next one.
      field.focus();
      expect.soft(hiddenOf({ field }), field.ariaLabel ?? "").toEqual([]);
      if (isTouched)
        expect.soft(overlapping({ field, card: card(), tools: tools() }), field.ariaLabel ?? "").toEqual([]);
    }
  });
});

it.each([
  [360, 512],
  [320, 450],
])("keeps tabs and button docked on a phone of %i x %i without a keyboard", async (widthPx, heightPx) => {
  await useFingers();
  await show("design, photo");
  resize(widthPx, heightPx);
  const parts = { card: card(), tools: tools(), tabs: tabs(), button: primary() };
  await expect.poll(() => hiddenOf(parts), { timeout: 2000 }).toEqual([]);
  expect(overlapping(parts)).toEqual([]);
  flushSync(() => find("input[value=adjust]").click());
  for (const control of document.querySelectorAll<HTMLElement>("section :is(button, [type=range])")) {
    control.focus();
    expect.soft(hiddenOf({ control, tabs: tabs(), button: primary() }), control.ariaLabel ?? "").toEqual([]);
    expect.soft(overlapping({ control, ...parts }), control.ariaLabel ?? "").toEqual([]);
  }
});

it("docks to the part of the frame that is seen, where the frame is as high as its content", async () => {
  html.dataset["layout"] = "inline";
  resize(390, 1400);
  await show("design, of which much is said");
  html.style.setProperty("--visible-bottom", "600px");
  expect(boxOf(primary()).bottom).toBeLessThanOrEqual(600);
  expect(boxOf(primary()).bottom).toBeGreaterThan(560);
});

it("lets no control that the focus comes to lie under header or dock, where the screen is seen in part", async () => {
  html.dataset["layout"] = "inline";
  resize(700, 600);
  await show("design, photo");
  flushSync(() => find("input[value=adjust]").click());
  const header = find("header");
  const controls = [...document.querySelectorAll<HTMLElement>("section :is(button, input:not([type=checkbox]))")];
  for (const control of [...controls, ...controls.toReversed()]) {
    control.focus();
    const parts = { control, header, tabs: tabs(), button: primary() };
    expect.soft(overlapping(parts), control.ariaLabel ?? control.innerText).toEqual([]);
  }
});

it("keeps the words beside the edge that a notch takes, with tabs and without", async () => {
  resize(844, 390);
  html.style.setProperty("--safe-right", "44px");
  for (const name of ["design, photo", "preview", "follow, rejected"]) {
    await show(name);
    expect.soft(boxOf(primary()).right, name).toBeLessThanOrEqual(844 - 44 - 16);
  }
});

it("leads the button to what stops it", async () => {
  resize(360, 560);
  await show("design, too blurry to print");
  expect(primary().ariaDisabled).not.toBe("true");
  const problem = find("[data-tone=problem]");
  find("details").toggleAttribute("open");
  for (const fromPx of [0, html.scrollHeight]) {
    scrollTo(0, fromPx);
    primary().click();
    expect(problem.contains(document.activeElement)).toBe(true);
    expect(hiddenOf({ problem })).toEqual([]);
    expect(overlapping({ problem, card: card(), tools: tools(), tabs: tabs() })).toEqual([]);
  }
});

it("shows what has happened, however far the sheet is scrolled", async () => {
  resize(390, 664);
  const { now } = screenOf("design, photo");
  if (now.phase !== "open" || !isWhole(now)) throw new Error("The screen is not a design.");
  const state = createStore<FlowState>()(() => now.flow.state.getState());
  await show("design, photo", "en", { ...now, flow: { ...now.flow, state } });
  flushSync(() => find("input[value=adjust]").click());
  scrollTo(0, html.scrollHeight);
  flushSync(() => state.setState({ notice: noticeOf("not-an-image") }));
  const notice = find("[data-tone=problem]");
  await expect
    .poll(() => overlapping({ notice, card: card(), tools: tools(), tabs: tabs() }), { timeout: 2000 })
    .toEqual([]);
  expect(hiddenOf({ notice })).toEqual([]);
});

it("leaves a finger's way up and down to the page where the photo cannot go it", async () => {
  resize(360, 640);
  await show("design, portrait");
  const touchAction = () => getComputedStyle(card()).touchAction;
  expect(touchAction()).toBe("pan-y");
  flushSync(() => find("button:has([data-icon=plus])").click());
  await expect.poll(touchAction).toBe("none");
});

it.each([
  ["a key", () => card().dispatchEvent(new KeyboardEvent("keydown", { key: "Shift" }))],
  ["a button", () => find("button:has([data-icon=plus])").click()],
])("shows what fingers can do until %s has done something, and then never again", async (_what, act) => {
  localStorage.clear();
  resize(390, 664);
  await show("design, photo");
  const hint = () => card().parentElement?.querySelector("p[aria-hidden=true]") ?? null;
  expect(hint()?.checkVisibility()).toBe(true);
  act();
  await expect.poll(hint).toBeNull();
  root.unmount();
  root = createRoot(document.body.appendChild(document.createElement("div")));
  await show("design, photo");
  expect(hint()).toBeNull();
});

it("gives a finger enough of the sign that leads from the card to the check", async () => {
  resize(390, 664);
  await show("design, of which much is said");
  flushSync(() => find("[aria-controls=design-checks]").click());
  flushSync(() => document.querySelector<HTMLElement>("#design-checks button:has(strong)")!.click());
  await expect.poll(() => document.querySelector("[data-check-mark] circle"), { timeout: 5000 }).not.toBeNull();
  expect(boxOf(find("[data-check-mark] circle:first-of-type")).width).toBeGreaterThanOrEqual(43.5);
});
