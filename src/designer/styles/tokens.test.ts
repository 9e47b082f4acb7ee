import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { black, contrast, toHex, white } from "./colour.ts";
import { colourTokens, derivedTokens, makePalette, pairs } from "./palette.ts";
import { ourColours, tokensCss } from "./testing/our-colours.ts";

const styleSheets = globSync(`${import.meta.dirname}/../**/*.css`).map((file) => readFileSync(file, "utf8"));

describe.each(["light", "dark"] as const)("the %s look", (scheme) => {
  const colours = ourColours[scheme];

  it("can be read and seen", () => {
    const { raised } = makePalette({}, colours);
    expect(raised).toEqual([]);
  });

  it("has the colours that follow from others as they follow", () => {
    const derived = makePalette({}, colours).colours;
    const asHex = (from: Partial<typeof derived>) =>
      derivedTokens.map((token) => `${token} ${toHex(from[token] ?? black)}`);
    expect(asHex(colours)).toEqual(asHex(derived));
  });
});

it("knows black on white", () => {
  expect(contrast(black, white)).toBe(21);
});

it("holds every colour of the style sheets to a contrast, but those that only decorate", () => {
  const used = new Set(
    styleSheets.flatMap((css) => [...css.matchAll(/var\(--([\w-]+)/g)].map(([, name]) => name ?? "")),
  );
  const held = new Set<string>(pairs.flatMap(({ front, backs }) => [front, ...backs]));
  const ours: readonly string[] = [...colourTokens, ...derivedTokens];
  const unheld = ours.filter((token) => used.has(token) && !held.has(token));
  expect(unheld).toEqual(["line", "card-from", "card-to"]);
  expect(ours.filter((token) => !used.has(token))).toEqual([]);
});

it("follows the page around, not the system", () => {
  expect(styleSheets.filter((css) => css.includes("@media (prefers-color-scheme"))).toEqual([]);
});

const mediaQueries = styleSheets.flatMap((css) => css.match(/@media .*$/gm) ?? []);

it("leaves no fraction of a pixel without a layout", () => {
  expect(mediaQueries.length).toBeGreaterThan(20);
  expect(mediaQueries.filter((query) => /(min|max)-(width|height)/.test(query))).toEqual([]);
});

it("lists every width of the window at which a layout changes, and no other", () => {
  const used = mediaQueries.flatMap((query) =>
    [...query.matchAll(/(\d+)px <= width|width (?:>=|<) (\d+)px/g)].map(([, from, edge]) => Number(from ?? edge)),
  );
  const listed = [...tokensCss.matchAll(/^ \* {3}(\d+)px: /gm)].map(([, px]) => Number(px));
  expect([...new Set(used)].sort((a, b) => a - b)).toEqual(listed);
});
