import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
const [lightCss = "", darkCss = ""] = css.split("@media (prefers-color-scheme: dark)");

function readColours(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

/** WCAG 2.2, relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, bright = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

const texts = [
  ["ink", "page"],
  ["ink", "surface"],
  ["ink-2", "page"],
  ["ink-2", "surface"],
  ["accent", "surface"],
  ["accent", "page"],
  ["accent", "accent-tint"],
  ["ink", "accent-tint"],
  ["accent-ink", "accent"],
  ...["ok", "warn", "problem"].flatMap((kind) => [
    [kind, "surface"],
    [kind, `${kind}-tint`],
    ["ink", `${kind}-tint`],
    ["ink-2", `${kind}-tint`],
  ]),
] as [string, string][];
const controls = [
  ["control-line", "surface"],
  ["control-line", "page"],
] as [string, string][];

describe.each([
  ["light", readColours(lightCss)],
  ["dark", readColours(darkCss)],
])("the %s look", (_name, colours) => {
  const ratio = (front: string, back: string) => contrast(colours.get(front) ?? "", colours.get(back) ?? "");

  it.each(texts)("%s on %s can be read (4.5 : 1)", (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(4.5);
  });

  it.each(controls)("%s on %s can be seen (3 : 1)", (front, back) => {
    expect(ratio(front, back)).toBeGreaterThanOrEqual(3);
  });
});

it("knows black on white", () => {
  expect(contrast("#000000", "#ffffff")).toBe(21);
});

function readMediaQueries(files: string): string[] {
  return globSync(`${import.meta.dirname}/${files}`).flatMap(
    (file) => readFileSync(file, "utf8").match(/@media .*$/gm) ?? [],
  );
}

it("leaves no fraction of a pixel without a layout", () => {
  const queries = readMediaQueries("../../**/*.css");
  expect(queries.length).toBeGreaterThan(20);
  expect(queries.filter((query) => /(min|max)-(width|height)/.test(query))).toEqual([]);
});

it("lists every width of the window at which a layout changes, and no other", () => {
  const used = readMediaQueries("../**/*.css").flatMap((query) =>
    [...query.matchAll(/(\d+)px <= width|width (?:>=|<) (\d+)px/g)].map(([, from, edge]) => Number(from ?? edge)),
  );
  const listed = [...css.matchAll(/^ \* {3}(\d+)px: /gm)].map(([, px]) => Number(px));
  expect([...new Set(used)].sort((a, b) => a - b)).toEqual(listed);
});
