import { beforeEach, expect, it } from "vitest";
import { applyTheme } from "./theme.ts";

const root = document.createElement("div");
const value = (name: string): string => root.style.getPropertyValue(name);

beforeEach(() => root.removeAttribute("style"));

it("takes the issuer's tokens", () => {
  applyTheme(
    { accent: "#0a7", radius: "8px", font: '"Harbour Sans", sans-serif', page: "light-dark(#fff, #000)" },
    root,
  );
  expect(value("--accent")).toBe("#0a7");
  expect(value("--radius")).toBe("8px");
  expect(value("--font")).toBe('"Harbour Sans", sans-serif');
  expect(value("--page")).toBe("light-dark(#fff, #000)");
});

it("makes a tint for an accent that comes without one", () => {
  applyTheme({ accent: "#0a7" }, root);
  expect(value("--accent-tint")).toContain("color-mix");
});

it.each([
  ["--accent", { accent: "url(https://elsewhere.example/)" }],
  ["--accent", { accent: "red; background: url(x)" }],
  ["--accent", { accent: "var(--elsewhere)" }],
  ["--radius", { radius: "calc(1px + 100vw)" }],
  ["--font", { font: "x; } body { display: none" }],
  ["--shadow-1", { "shadow-1": "none" }],
  ["--constructor", { constructor: "#fff" }],
])("leaves %s alone for %j", (name, theme) => {
  applyTheme(theme, root);
  expect(value(name)).toBe("");
});

it("goes back to ours when an update leaves a token out", () => {
  applyTheme({ accent: "#0a7", ink: "#123" }, root);
  applyTheme({ ink: "#456" }, root);
  expect(value("--accent")).toBe("");
  expect(value("--accent-tint")).toBe("");
  expect(value("--ink")).toBe("#456");
});
