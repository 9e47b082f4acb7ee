import { expect, test } from "vitest";
import { findNewerInStyles } from "./newer-styles.mjs";

const find = (text: string) => findNewerInStyles(text).map(({ what }) => what);

test.each([
  ["a selector", "a:has(b) { color: red }", "the selector :has"],
  ["a selector of the direction", ".slider:dir(rtl) { color: red }", "the selector :dir"],
  ["nesting", ".a { & .b { color: red } }", "nesting"],
  ["a query inside a rule", ".a { @media (width < 640px) { color: red } }", "nesting"],
  ["a function", ".a { color: light-dark(#fff, #000) }", "the function light-dark()"],
  ["a function of custom properties", ".a { color: color-mix(in srgb, var(--a), red) }", "the function color-mix()"],
  ["a function in a custom property", ":root { --a: color-mix(in srgb, red, blue) }", "the function color-mix()"],
  ["a colour made from another", ".a { color: rgb(from red r g b) }", "the function rgb()"],
  ["a property", ".a { field-sizing: content }", "the property field-sizing"],
  ["a property that was there in name only", ".a { mask: url(a.svg) }", "the property mask"],
  ["a value", ".a { grid-template-rows: subgrid }", "grid-template-rows: subgrid"],
  ["a unit", ".a { width: 3rcap }", "the unit rcap"],
  ["a rule", "@starting-style { .a { color: red } }", "@starting-style"],
  ["a question about the screen", "@media (prefers-reduced-transparency) {}", "@media (prefers-reduced-transparency)"],
])("finds %s that is newer than the oldest browsers: %s", (_kind, text, what) => {
  expect(find(text)).toEqual([what]);
});

test.each([
  [
    "it is as old as the oldest browsers",
    "@media (640px <= width < 720px) { .a:focus-visible { inset: 0; height: 9dvh } }",
  ],
  ["the browser is asked first", "@supports selector(:has(a)) { a:has(b) { color: red } }"],
  ["an older value stands before it", ".a { color: red; color: color-mix(in srgb, red, blue) }"],
  ["the engine's own name stands beside it", ".a { -webkit-user-select: none; user-select: none }"],
  ["a keyword ends like a unit", ".a { transform-style: preserve-3d }"],
])("lets pass what may be there, since %s", (_why, text) => {
  expect(find(text)).toEqual([]);
});
