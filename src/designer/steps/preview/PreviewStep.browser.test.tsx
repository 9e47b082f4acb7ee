import { flushSync } from "react-dom";
import { createRoot, type Root } from "react-dom/client";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { cdp, userEvent } from "vitest/browser";
import { createStore } from "zustand/vanilla";
import { App } from "../../app/App.tsx";
import type { AppState } from "../../app/start.ts";
import { studioPart } from "../../app/studio-part.ts";
import { screens } from "../../app/testing/screens.ts";
import { chooseLocale } from "../../locales/locale.ts";
import { en } from "../../locales/preview/en.ts";
import { onAnnounce } from "../../ui/LiveRegion.tsx";
import "../../styles/tokens.css";
import "../../styles/base.css";

let root: Root;
beforeEach(async () => {
  await studioPart.load();
  root = createRoot(document.body.appendChild(document.createElement("div")));
});
afterEach(async () => {
  root.unmount();
  document.body.replaceChildren();
  delete document.documentElement.dataset["layout"];
  await cdp().send("Emulation.setEmulatedMedia", { features: [] });
});

/** Shows the preview and answers with where its picture is. */
function show(messages: Record<string, string> = {}, screen = "preview"): string {
  const { now } = screens.find(({ name }) => name === screen) ?? {};
  if (now?.phase !== "open") throw new Error("there is no preview");
  const app = createStore<AppState>()(() => ({
    now,
    locale: chooseLocale("en"),
    options: { messages },
    reportHeight: null,
  }));
  flushSync(() => root.render(<App app={app} />));
  const state = now.flow.state.getState();
  if (state.step !== "preview") throw new Error("it is not the preview");
  return state.picture.url;
}

function find(selector: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(selector);
  if (found === null) throw new Error(`there is no ${selector}`);
  return found;
}

/** What a screen reader finds of pictures. */
const named = (): (string | null)[] =>
  [...document.querySelectorAll("main :is(img, [role=img])")]
    .filter((picture) => picture.closest("[aria-hidden=true], [inert]") === null)
    .map((picture) => picture.getAttribute("alt") ?? picture.getAttribute("aria-label"));

it("the card is turned over, measured and seen before it is cut by keyboard alone, and each is said; only the sent picture is shown", async () => {
  const url = show();
  const said: string[] = [];
  const stop = onAnnounce((text) => said.push(text));
  find("[value=front]").focus();
  expect(named()).toEqual([en["preview.card-label"]]);
  for (const [view, label] of [
    ["back", "preview.back-label"],
    ["true-size", "preview.card-label"],
    ["cut", "preview.cut-label"],
  ] as const) {
    await userEvent.keyboard("{ArrowRight}");
    await expect.poll(named, { message: view }).toEqual([en[label]]);
    expect(document.activeElement?.getAttribute("value")).toBe(view);
    await expect.poll(() => said.at(-1)).toBe(en[`preview.about.${view}`]);
    expect([...document.querySelectorAll("img")].map(({ src }) => src)).toEqual([url]);
  }
  stop();
});

it.each([
  ["preview", "preview.covers"],
  ["preview, that does not cover the card", "preview.covers-not"],
  ["preview, of a photo that covers a part of the card", "preview.coversPart"],
  ["preview, of a photo that does not cover its part", "preview.coversPart-not"],
] as const)("says what the photo covers, the card or its part of it: %s", (screen, says) => {
  show({}, screen);
  const said = [...document.querySelectorAll("[data-tone]")].map(({ textContent }) => textContent ?? "");
  const all = ["preview.covers", "preview.covers-not", "preview.coversPart", "preview.coversPart-not"] as const;
  const found = all.filter((id) => said.includes(`${en[id]}${en[`${id}-help`]}`));
  expect(found).toEqual([says]);
});

it("the card follows the hand by no more than 8 degrees and goes back to its rest, and lies still where motion is reduced", async () => {
  show();
  const hand = find("[data-held]");
  const card = find("[data-held] > div");
  const gloss = find("[class*=gloss]");
  const opacity = (): number => Number(getComputedStyle(gloss).opacity);
  expect(opacity(), "nothing lies over the picture at rest").toBe(0);
  const { left, top, width, height } = hand.getBoundingClientRect();
  const move = (type: string, x: number, y: number): boolean =>
    hand.dispatchEvent(
      new PointerEvent(type, {
        pointerType: "mouse",
        clientX: left + width * x,
        clientY: top + height * y,
        bubbles: true,
      }),
    );
  const degrees = (): number[] => ["--hand-x", "--hand-y"].map((name) => Number(hand.style.getPropertyValue(name)));
  move("pointermove", 2, -1);
  await expect.poll(degrees).toEqual([8, 8]);
  await expect.poll(opacity).toBe(1);
  move("pointermove", 0.5, 0.75);
  await expect.poll(degrees).toEqual([-4, 0]);
  move("pointerout", -1, -1);
  await expect.poll(degrees).toEqual([0, 0]);
  await expect.poll(opacity).toBe(0);
  expect(getComputedStyle(card).transform).not.toBe("none");
  await cdp().send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value: "reduce" }] });
  find("[value=back]").click();
  const parts = (): string[] => [card, ...card.children].map((part) => getComputedStyle(part).transform);
  await expect.poll(() => new Set(parts().slice(0, 1))).toEqual(new Set(["none"]));
  const seen = [...card.children].filter((part) => part.checkVisibility({ visibilityProperty: true }));
  expect(seen.map((part) => getComputedStyle(part).transform)).toEqual(["none"]);
});

it("the card turns as the phone is turned, on an iPhone once it was tapped and allowed, and not where motion is reduced", async () => {
  const reduce = (value: string) =>
    cdp().send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-reduced-motion", value }] });
  const answers = ["denied", "granted"];
  let asked = 0;
  Object.assign(DeviceOrientationEvent, {
    requestPermission: async () => {
      asked += 1;
      return answers.shift();
    },
  });
  onTestFinished(() => void Reflect.deleteProperty(DeviceOrientationEvent, "requestPermission"));
  const listen = vi.spyOn(window, "addEventListener");
  onTestFinished(() => listen.mockRestore());
  expect(screen.orientation.angle, "the numbers below are those of an upright screen").toBe(0);
  const turn = (beta: number | null, gamma: number | null) =>
    window.dispatchEvent(new DeviceOrientationEvent("deviceorientation", { beta, gamma }));
  const listeners = () => listen.mock.calls.filter(([type]) => type === "deviceorientation");
  show();
  const hand = find("[data-held]");
  const degrees = () => ["--hand-x", "--hand-y"].map((name) => Number(hand.style.getPropertyValue(name)));
  const tap = () => hand.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  turn(45, 0);
  expect(asked, "nobody is asked by a card that is only shown").toBe(0);
  tap();
  await expect.poll(() => asked).toBe(1);
  turn(45, 0);
  turn(60, 20);
  expect(listeners()).toEqual([]);
  tap();
  await expect.poll(() => asked).toBe(2);
  await expect
    .poll(() => {
      turn(null, null);
      turn(45, 0);
      turn(57.5, 12.5);
      return degrees();
    })
    .toEqual([-4, 4]);
  turn(90, 80);
  await expect.poll(degrees, { message: "no further than a hand turns it" }).toEqual([-8, 8]);
  await reduce("reduce");
  await expect.poll(degrees).toEqual([0, 0]);
  tap();
  await reduce("");
  await expect.poll(() => listeners().length, { message: "allowed once, it is not asked again" }).toBe(2);
  expect(asked).toBe(2);
  root.unmount();
  const left = listeners().filter(([, , how]) => !(how as AddEventListenerOptions).signal?.aborted);
  expect(left).toEqual([]);
});

it("an issuer's rules are two lists of any length under its version, and the agreement stays in reach", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `Rule ${index} ${"of many words ".repeat(8)}`.trim());
  document.documentElement.dataset["layout"] = "full";
  Object.assign((window.frameElement as HTMLIFrameElement).style, { width: "390px", height: "664px" });
  show({
    "rules.good": lines.join("\n"),
    "rules.not-allowed": `${lines[0]}\n\n  ${lines[1]}\n`,
    "rules.version": "7b",
  });
  const lists = [...document.querySelectorAll("h3 + ul")].map((list) =>
    [...list.children].map((line) => line.textContent),
  );
  expect(lists).toEqual([lines, lines.slice(0, 2)]);
  expect(document.body.textContent).toContain("Rules, version 7b");
  await expect.poll(() => document.documentElement.scrollHeight).toBeGreaterThan(664);
  const bottom = (): number => find("[type=checkbox]").getBoundingClientRect().bottom;
  await expect.poll(bottom).toBeLessThan(664);
  show({ "rules.version": "2027-03" });
  expect(document.body.textContent).toContain("Rules of March 2027");
});

it("the focus goes to the title when Escape takes the question away, and a rejection is announced once", async () => {
  const said: string[] = [];
  const stop = onAnnounce((text) => said.push(text));
  show({}, "preview, of the picture that was rejected");
  await expect.poll(() => document.activeElement?.getAttribute("role")).toBe("alertdialog");
  // This flow stands still: what it would show next is shown by hand.
  await userEvent.keyboard("{Escape}");
  show({}, "preview, agreed");
  await expect.poll(() => document.activeElement?.textContent).toBe(en["preview.title"]);
  show({}, "preview, of the picture that was rejected");
  await expect.poll(() => document.querySelector("section[aria-label]")?.textContent).toContain("Your last picture");
  stop();
  expect(said.filter((text) => text.startsWith("Your last picture was not accepted.")).length).toBe(1);
});
