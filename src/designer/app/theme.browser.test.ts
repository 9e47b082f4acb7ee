import fc from "fast-check";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Colour, contrast } from "../styles/colour.ts";
import { colourTokens, pairs } from "../styles/palette.ts";
import "../styles/tokens.css";
import { applyTheme } from "./theme.ts";

let root: HTMLElement;
const value = (name: string): string => root.style.getPropertyValue(name);

beforeEach(() => {
  root = document.body.appendChild(document.createElement("div"));
});
afterEach(() => root.remove());

/** The colour that the browser paints for a token, on a ground, read from a canvas: not the way by which the theme reads it. */
function paint(token: string, ground: Colour = [0, 0, 0, 1]): Colour {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const cover = root.appendChild(document.createElement("i"));
  cover.style.color = `var(--${token})`;
  for (const colour of [`rgb(${ground.slice(0, 3).join()})`, getComputedStyle(cover).color]) {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
  }
  cover.remove();
  const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
  return [red, green, blue, 1];
}

/** Pairs that are painted with less contrast than they need. */
function findUnreadable(): string[] {
  return pairs.flatMap(({ front, backs, least }) =>
    backs.flatMap((back) => {
      const ground = paint(back);
      const ratio = contrast(paint(front, ground), ground);
      // A colour of another space is rounded when it is painted.
      return ratio >= least - 0.03 ? [] : [`${front} on ${back}: ${ratio}`];
    }),
  );
}

it("takes the issuer's tokens as they are, when they can be read", () => {
  const font = '"Harbour Sans", sans-serif';
  const theme = { accent: "#0a7a5c", radius: "8px", font, ink: "rgb(0 0 0 / 0.87)", line: "oklch(0.9 0.02 200 / 0.5)" };
  expect(applyTheme(theme, root)).toBe(undefined);
  for (const [token, given] of Object.entries(theme)) expect(value(`--${token}`)).toBe(given);
});

it("makes the accent of our guide readable in the dark, and says what it did", () => {
  expect(applyTheme({ accent: "#0b5cff" }, root, "light")).toBe(undefined);
  expect(applyTheme({ accent: "#0b5cff" }, root, "dark")).toBe(
    "In the dark scheme: accent-text #0b5cff has 2.97 : 1 on accent-tint and needs 4.5 : 1: #4885ff is used.",
  );
  expect([value("--accent"), value("--accent-ink")]).toEqual(["#0b5cff", "#ffffff"]);
  expect(findUnreadable()).toEqual([]);
});

it.each(["light", "dark"] as const)("takes one value of light-dark() in a %s look, however it is nested", (scheme) => {
  const [light, dark] = ["rgb(250, 250, 250)", "rgb(10, 10, 10)"];
  const theme = {
    page: `light-dark(${light}, ${dark})`,
    surface: `light-dark( light-dark(${light}, red) , LIGHT-DARK(red,${dark}))`,
    "ok-tint": `color-mix(in srgb, light-dark(${light}, ${dark}), light-dark(${light}, ${dark}))`,
  };
  applyTheme(theme, root, scheme);
  const expected = scheme === "light" ? light : dark;
  expect([value("--page"), value("--surface")]).toEqual([expected, expected]);
  expect(value("--ok-tint")).toBe(`color-mix(in srgb, ${expected}, ${expected})`);
  expect(findUnreadable()).toEqual([]);
});

it("completes a dark surface with our dark look and a light one with our light look, whatever the scheme", () => {
  expect(applyTheme({ surface: "#10131a" }, root, "light")).toBe(undefined);
  expect(root.dataset.scheme).toBe("dark");
  expect(applyTheme({ page: "white", surface: "white" }, root, "dark")).toBe(undefined);
  expect(root.dataset.scheme).toBe("light");
});

it.each([
  ["--accent", { accent: "url(https://elsewhere.example/)" }],
  ["--accent", { accent: "red; background: url(x)" }],
  ["--accent", { accent: "var(--elsewhere)" }],
  ["--accent", { accent: "v\\61r(--elsewhere)" }],
  ["--accent", { accent: "currentColor" }],
  ["--accent", { accent: "color-mix(in srgb, CURRENTCOLOR, red)" }],
  ["--accent", { accent: "inherit" }],
  ["--accent", { accent: "revert-layer" }],
  ["--accent", { accent: "env(x, red)" }],
  ["--accent", { accent: "attr(data-x type(<color>))" }],
  ["--accent", { accent: "light-dark(red)" }],
  ["--accent", { accent: "light-dark(var(--x), red)" }],
  ["--accent", { accent: "" }],
  ["--radius", { radius: "calc(1px + 100vw)" }],
  ["--font", { font: "x; } body { display: none" }],
  ["--shadow-1", { "shadow-1": "none" }],
  ["--constructor", { constructor: "#fff" }],
])("leaves %s alone for %j", (name, theme) => {
  applyTheme(theme, root);
  expect(value(name)).toBe("");
});

it("goes back to ours when an update leaves a token out", () => {
  applyTheme({ accent: "#0a7a5c", ink: "#123" }, root);
  applyTheme({ ink: "#214" }, root);
  expect([value("--accent"), value("--accent-text"), value("--ink")]).toEqual(["", "", "#214"]);
  applyTheme({}, root, "dark");
  expect(root.getAttribute("style")).toBe("");
  expect(root.dataset.scheme).toBe("dark");
});

const byte = fc.integer({ min: 0, max: 255 });
const share = fc.integer({ min: 0, max: 100 }).map((percent) => `${percent}%`);
const plain = fc.oneof(
  fc.tuple(byte, byte, byte).map((parts) => `rgb(${parts.join(" ")})`),
  fc.tuple(byte, byte, byte, share).map(([r, g, b, alpha]) => `rgba(${r}, ${g}, ${b}, ${alpha})`),
  fc
    .tuple(share, fc.double({ min: 0, max: 0.4, noNaN: true }), byte)
    .map(([l, c, h]) => `oklch(${l} ${c.toFixed(3)} ${h})`),
  fc.tuple(share, share, share).map((parts) => `color(display-p3 ${parts.join(" ")})`),
  fc.constantFrom(
    "transparent",
    "rebeccapurple",
    "Canvas",
    "CanvasText",
    "hsl(none 50% 50%)",
    "lab(50% 40 -80)",
    "#1234",
    "hwb(90 10% 10%)",
  ),
);
const colour = fc.oneof(
  { weight: 3, arbitrary: plain },
  fc.tuple(plain, plain).map(([light, dark]) => `light-dark(${light}, ${dark})`),
  plain.map((each) => `color-mix(in oklab, ${each} 40%, white)`),
);
const theme = fc.record(Object.fromEntries(colourTokens.map((token) => [token, colour])), { requiredKeys: [] });

it("paints whatever an issuer sets so that it can be read", () => {
  fc.assert(
    fc.property(theme, fc.constantFrom("light", "dark"), (given, scheme) => {
      applyTheme(given as Record<string, string>, root, scheme);
      expect(findUnreadable()).toEqual([]);
    }),
    {
      numRuns: 60,
      examples: [
        // A translucent ink, of which a screen shows a step less than there is.
        [
          {
            accent: "color-mix(in oklab, transparent 40%, white)",
            "accent-ink": "rgba(0, 99, 0, 93%)",
            page: "black",
            surface: "color(display-p3 86% 29% 55%)",
          },
          "light",
        ],
      ],
    },
  );
});
