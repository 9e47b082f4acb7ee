import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { cdp } from "vitest/browser";
import "../styles/tokens.css";
import { createLook } from "./look.ts";

const root = document.documentElement;
const nameBefore = window.name;

async function emulateSystem(value: "light" | "dark"): Promise<void> {
  await cdp().send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value }] });
  await expect.poll(() => matchMedia(`(prefers-color-scheme: ${value})`).matches).toBe(true);
}

beforeEach(() => {
  document.head.append(Object.assign(document.createElement("meta"), { name: "color-scheme", content: "light" }));
});
afterEach(() => {
  window.name = nameBefore;
  root.removeAttribute("style");
  document.querySelector("meta[name=color-scheme]")?.remove();
});
afterAll(async () => {
  await cdp().send("Emulation.setEmulatedMedia", { features: [] });
});

/** What a form control, a scroll bar and the designer's own colours go by. */
const shown = () => [
  getComputedStyle(root).colorScheme,
  document.querySelector<HTMLMetaElement>("meta[name=color-scheme]")?.content,
  getComputedStyle(root).getPropertyValue("--page"),
];
const light = ["light", "light", "#f4f5f7"];
const dark = ["dark", "dark", "#0e1116"];

it("has the scheme that the loader gave before anything is drawn, and not the system's", async () => {
  await emulateSystem("dark");
  window.name = "fullbleed-light";
  createLook();
  expect(shown()).toEqual(light);
  await emulateSystem("light");
  window.name = "fullbleed-dark";
  createLook();
  expect(shown()).toEqual(dark);
});

it("follows the page, and remembers what it heard last for when it is loaded again", () => {
  window.name = "fullbleed-light";
  createLook().setScheme("dark");
  expect(shown()).toEqual(dark);
  createLook();
  expect(shown()).toEqual(dark);
});

it("follows the system in a frame of a loader that gives no scheme", async () => {
  await emulateSystem("dark");
  window.name = "a name of the page's own";
  createLook();
  expect(shown()).toEqual(dark);
  await emulateSystem("light");
  await expect.poll(shown).toEqual(light);
});

it("says once for each theme and scheme what had to be changed, to whoever asks and not before", async () => {
  window.name = "fullbleed-light";
  const look = createLook();
  const heard: string[] = [];
  const schemes = () => heard.splice(0).map((detail) => /In the (\w+) scheme: ([\w-]+)/.exec(detail)?.slice(1).join());
  await look.setTheme({ accent: "#0b5cff" });
  look.setScheme("dark");
  look.onMended((detail) => heard.push(detail));
  expect(schemes()).toEqual(["dark,accent-text"]);
  await look.setTheme({ accent: "#0b5cff" });
  look.setScheme("light");
  look.setScheme("dark");
  expect(schemes()).toEqual([]);
  await look.setTheme({ ink: "#0b5cff" });
  expect(schemes()).toEqual(["dark,ink"]);
  await look.setTheme({ accent: "#0b5cff" });
  expect(schemes()).toEqual(["dark,accent-text"]);
  await look.setTheme(undefined);
  expect(schemes()).toEqual([]);
});

it("shows the last of several themes, in the scheme of the moment, when what a theme needs has come", async () => {
  window.name = "fullbleed-light";
  const look = createLook();
  const root = document.documentElement;
  const themes = [look.setTheme({ radius: "3px" }), look.setTheme({ radius: "5px", surface: "#10131a" })];
  look.setScheme("dark");
  await Promise.all(themes);
  expect([root.style.getPropertyValue("--radius"), root.dataset.scheme]).toEqual(["5px", "dark"]);
  await look.setTheme(undefined);
  expect(root.style.getPropertyValue("--radius")).toBe("");
});
