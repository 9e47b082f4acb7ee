import { flushSync } from "react-dom";
import { describe, expect, it } from "vitest";
import { createStore } from "zustand/vanilla";
import type { FlowState } from "../flow/flow-state.ts";
import { noticeOf } from "../flow/notice.ts";
import { isWhole } from "../flow/use-session.tsx";
import {
  boxOf,
  card,
  find,
  hiddenOf,
  html,
  overlapping,
  primary,
  resize,
  screenOf,
  show,
  tabs,
  tools,
  useFingers,
  useWholeScreen,
} from "./testing/whole-screen.tsx";

useWholeScreen();

describe.each(["design, photo", "design, portrait"])("keeps the whole card above what changes it: %s", (name) => {
  it.each([
    [390, 664],
    [360, 640],
    [320, 568],
    [844, 390],
  ])("on %i x %i", async (widthPx, heightPx) => {
    await useFingers();
    await show(name);
    resize(widthPx, heightPx);
    for (const tab of [...tabs().querySelectorAll("input")].toReversed()) {
      scrollTo(0, 0);
      flushSync(() => tab.click());
      const parts = { card: card(), tools: tools(), tabs: tabs(), button: primary() };
      const first = document.querySelector<HTMLElement>("section :is(button, input)")!;
      await expect.poll(() => overlapping({ first, ...parts }), { message: tab.value }).toEqual([]);
      for (const control of document.querySelectorAll<HTMLElement>("section :is(button, [type=range], [type=radio])")) {
        control.focus();
        const words = `${tab.value}, ${control.ariaLabel ?? control.innerText}`;
        await expect.poll(() => hiddenOf({ control, ...parts }), { message: words }).toEqual([]);
        await expect.poll(() => overlapping({ control, ...parts }), { message: words }).toEqual([]);
      }
      expect.soft(boxOf(card()).height, tab.value).toBeGreaterThan(140);
    }
  });
});

it("draws the sheet of an upright card up when a tab is chosen, and lets the card grow again", async () => {
  await show("design, portrait");
  resize(360, 640);
  const atFirst = boxOf(card()).height;
  flushSync(() => find("input[value=light]").click());
  await expect.poll(() => boxOf(tabs()).top - boxOf(find("section")).top).toBeGreaterThan(200);
  await expect.poll(() => boxOf(card()).height).toBeLessThan(atFirst * 0.65);
  expect(boxOf(card()).top).toBeGreaterThan(boxOf(find("header")).bottom);
  const scrolledPx = scrollY;
  scrollTo(0, scrolledPx / 2);
  await expect.poll(() => boxOf(card()).height).toBeGreaterThan(atFirst * 0.7);
  expect(overlapping({ card: card(), section: find("section") })).toEqual([]);
  scrollTo(0, 0);
  await expect.poll(() => boxOf(card()).height).toBeCloseTo(atFirst, 0);
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

it("lets no check move when what puts it right is found", async () => {
  resize(360, 640);
  const heights = new Map<Element, Set<number>>();
  let mostBusy = 0;
  const look = (): void => {
    const busy = document.querySelector("#design-checks[aria-busy=true]");
    if (busy !== null) mostBusy++;
    for (const row of document.querySelectorAll("#design-checks > li"))
      heights.set(row, (heights.get(row) ?? new Set()).add(Math.round(boxOf(row).height)));
  };
  const seen = new MutationObserver(look);
  seen.observe(document.body, { subtree: true, childList: true, attributes: true });
  await show("design, light of a dark photo, with a veil");
  await expect.poll(() => document.querySelector("#design-checks li button[aria-label^=Fix]")).not.toBeNull();
  await expect.poll(() => document.querySelector("#design-checks[aria-busy=false]")).not.toBeNull();
  look();
  seen.disconnect();
  expect(mostBusy).toBeGreaterThan(0);
  expect(heights.size).toBeGreaterThan(0);
  expect([...heights.values()].map((each) => each.size)).toEqual([...heights.keys()].map(() => 1));
});
