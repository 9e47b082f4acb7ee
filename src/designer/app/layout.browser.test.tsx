import { flushSync } from "react-dom";
import { describe, expect, it } from "vitest";
import { findFaults } from "./testing/find-faults.ts";
import { screens } from "./testing/screens.ts";
import {
  boxOf,
  card,
  find,
  hiddenOf,
  html,
  openAgain,
  overlapping,
  phones,
  primary,
  resize,
  show,
  tabs,
  tools,
  useFingers,
  useWholeScreen,
} from "./testing/whole-screen.tsx";

useWholeScreen();

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
          await expect.poll(() => hiddenOf(parts), { message: `${size}, ${tab.value}, at its end` }).toEqual([]);
          await expect.poll(() => overlapping(parts), { message: `${size}, ${tab.value}, at its end` }).toEqual([]);
          scrollTo(0, 0);
        }
      }
    },
  );
});

it.each(["en", "de", "fr", "es", "ar"])(
  "a whole row of stickers is in sight before anything is scrolled, in %s",
  async (language) => {
    await show("design, stickers", language);
    flushSync(() => find("[value=stickers]").click());
    await expect.poll(() => document.querySelector("[role=toolbar] button")).not.toBeNull();
    for (const [widthPx, heightPx] of phones.slice(0, 2)) {
      resize(widthPx, heightPx);
      const stickers = [...document.querySelectorAll<HTMLElement>("[role=toolbar] button")];
      const row = () => stickers.filter((each) => boxOf(each).top === boxOf(stickers[0]!).top);
      const dock = () => Math.min(boxOf(tabs()).top, boxOf(primary()).top);
      await expect.poll(() => row().length, { message: `${widthPx} x ${heightPx}` }).toBeGreaterThan(4);
      await expect.poll(() => Math.max(...row().map((each) => boxOf(each).bottom)) - dock()).toBeLessThanOrEqual(0.5);
    }
  },
);

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

/** Keeps away what comes after 300 ms and lies over the card or its own button by intent: how far the work is. */
function holdLate(): void {
  for (const each of document.getAnimations()) {
    if (!(each instanceof CSSAnimation && each.animationName.includes("appear-late"))) continue;
    each.pause();
    each.currentTime = 0;
  }
}

it.each(screens.map(({ name }) => name))("lays nothing over what can be pressed: %s", async (name) => {
  const under: string[] = [];
  await show(name);
  for (const [widthPx, heightPx] of phones) {
    resize(widthPx, heightPx);
    holdLate();
    for (const control of document.querySelectorAll<HTMLElement>(
      "main :is(button, summary, label:has(input)):not([inert] *)",
    )) {
      if (!control.checkVisibility({ visibilityProperty: true })) continue;
      control.scrollIntoView({ block: "nearest" });
      const hit = (): Element | null => {
        const { left, top, width, height } = boxOf(control);
        return document.elementFromPoint(left + width / 2, top + height / 2);
      };
      // An upright card makes room with the frame that shows the page scrolled.
      await new Promise(requestAnimationFrame);
      // A title that takes the focus late may have scrolled meanwhile.
      control.scrollIntoView({ block: "nearest" });
      const words = `${widthPx} x ${heightPx}: ${control.innerText || control.ariaLabel}`;
      if (!control.contains(hit())) under.push(`${words}, under ${hit()?.outerHTML.slice(0, 80)}`);
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

it.each(["en", "ar"])("has all tools of a small phone on its side where they are seen, in %s", async (language) => {
  await show("design, photo", language);
  for (const [widthPx, heightPx] of [
    [667, 375],
    [640, 360],
    [743, 375],
    [844, 390],
  ] as const) {
    resize(widthPx, heightPx);
    const bar = boxOf(tools());
    const buttons = [...tools().querySelectorAll("button")].filter((button) => button.checkVisibility());
    expect(buttons.length).toBeGreaterThan(3);
    for (const button of buttons) {
      const { left, right } = boxOf(button);
      expect.soft(left, `${widthPx}, ${button.ariaLabel}`).toBeGreaterThanOrEqual(bar.left);
      expect.soft(right, `${widthPx}, ${button.ariaLabel}`).toBeLessThanOrEqual(bar.right);
    }
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

it("keeps the words beside the edge that a notch takes, with tabs and without", async () => {
  resize(844, 390);
  html.style.setProperty("--safe-right", "44px");
  for (const name of ["design, photo", "preview", "follow, rejected"]) {
    await show(name);
    expect.soft(boxOf(primary()).right, name).toBeLessThanOrEqual(844 - 44 - 16);
  }
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
  openAgain();
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

it.each([320, 256])("has the tabs where they come by key on a page at 400 percent, 320 x %i", async (heightPx) => {
  for (const name of ["design, photo", "design, portrait"]) {
    await show(name);
    resize(320, heightPx);
    await expect.poll(() => getComputedStyle(primary().closest("div[class*=actions]")!).position).toBe("static");
    const order = [card(), tabs(), find("section"), find("#design-checks"), primary()].map((part) => boxOf(part).top);
    expect.soft(order, name).toEqual(order.toSorted((one, other) => one - other));
    expect.soft(overlapping({ card: card(), tools: tools(), tabs: tabs(), section: find("section") })).toEqual([]);
    expect.soft(findFaults(), name).toEqual([]);
  }
});

it.each(["en", "de", "fr", "es", "ar"])(
  "shows the chip above what the true size is set with, in %s",
  async (language) => {
    // As large as a phone is taken to show it.
    await useFingers();
    resize(844, 390);
    await show("preview", language);
    flushSync(() => find("[value=true-size]").click());
    const chip = () => boxOf(find("section svg [class*=plate]"));
    const controls = () => boxOf(find("[type=range]").parentElement!.parentElement!);
    await expect.poll(() => controls().top - chip().bottom).toBeGreaterThan(0);
    expect(findFaults()).toEqual([]);
  },
);

it("names the way to another photo in one line", async () => {
  for (const [widthPx, heightPx] of [...phones, [320, 568], [667, 375]] as const) {
    resize(widthPx, heightPx);
    for (const language of ["en", "de", "fr", "es", "ar"]) {
      await show("design, photo", language);
      const range = document.createRange();
      range.selectNodeContents(find("section h2 ~ button"));
      expect.soft(range.getBoundingClientRect().height, `${widthPx}, ${language}`).toBeLessThan(25);
    }
  }
});
