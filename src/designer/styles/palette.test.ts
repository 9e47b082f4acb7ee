import fc from "fast-check";
import { expect, it } from "vitest";
import { type Colour, contrast, fromHex, mix, over, toHex, white } from "./colour.ts";
import { type ColourToken, colourTokens, makePalette, type Palette, pairs } from "./palette.ts";
import { ourColours } from "./testing/our-colours.ts";

const part = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 118, 119, 255));
const colour: fc.Arbitrary<Colour> = fc.tuple(
  part,
  part,
  part,
  fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, fc.double({ min: 0, max: 1, noNaN: true })),
);
const theme = fc.record(Object.fromEntries(colourTokens.map((token) => [token, colour])), { requiredKeys: [] });
const scheme = fc.constantFrom("light", "dark");

/** Every pair that is not what it has to be. */
function findUnreadable({ colours }: Palette): string[] {
  const unread = pairs.flatMap(({ front, backs, least }) =>
    backs.flatMap((back) => {
      const ratio = contrast(colours[front], colours[back]);
      return ratio >= least ? [] : [`${front} on ${back}: ${ratio}`];
    }),
  );
  const onCard = (["card-from", "card-to"] as const).filter(
    (token) => contrast(white, mix(white, colours[token], 0.18)) < 4.5,
  );
  const seeThrough = pairs.flatMap(({ backs }) => backs).filter((back) => colours[back][3] !== 1);
  return [...unread, ...onCard, ...seeThrough];
}

it("makes whatever an issuer sets readable, in both looks", () => {
  fc.assert(
    fc.property(theme, scheme, (given, scheme) => {
      expect(findUnreadable(makePalette(given, ourColours[scheme]))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

it("leaves a theme that can be read exactly as given", () => {
  fc.assert(
    fc.property(theme, scheme, (given, scheme) => {
      const { colours } = makePalette(given, ourColours[scheme]);
      const good = Object.fromEntries(colourTokens.map((token) => [token, colours[token]]));
      const again = makePalette(good, ourColours[scheme]);
      expect(again.raised).toEqual([]);
      for (const token of colourTokens) expect(again.colours[token], token).toBe(good[token]);
    }),
    { numRuns: 200 },
  );
});

it("changes nothing that it does not tell, except what follows from the issuer's colours", () => {
  const follow: readonly ColourToken[] = ["accent-ink", "accent-text", "accent-tint"];
  fc.assert(
    fc.property(theme, scheme, (given, scheme) => {
      const { colours, raised } = makePalette(given, ourColours[scheme]);
      const told = new Set(raised.map(({ token }) => token));
      expect(told.size, "each token is told once").toBe(raised.length);
      for (const token of colourTokens) {
        const before = given[token] ?? ourColours[scheme][token];
        if (told.has(token) || (follow.includes(token) && !given[token])) continue;
        // A surface that lets the page shine through is what it was on the page that was asked for.
        const page = over(given.page ?? ourColours[scheme].page, ourColours[scheme].page);
        const ground = token === "page" ? ourColours[scheme].page : token === "surface" ? page : colours.surface;
        expect([before, over(before, ground)], token).toContainEqual(colours[token]);
      }
    }),
    { numRuns: 200, examples: [[{ page: [119, 119, 118, 1], surface: [0, 0, 0, 0.012711864406779684] }, "light"]] },
  );
});

it("leaves the accent of our guide alone in the light look", () => {
  expect(makePalette({ accent: fromHex("#0b5cff") }, ourColours.light).raised).toEqual([]);
});

it("keeps the hue and moves no further than it must", () => {
  const { colours, raised } = makePalette({ accent: fromHex("#0b5cff") }, ourColours.dark);
  expect(toHex(colours.accent)).toBe("#0b5cff");
  expect(toHex(colours["accent-ink"])).toBe("#ffffff");
  expect(raised.map(({ token, on, used }) => [token, on, used])).toEqual([["accent-text", "accent-tint", "#4885ff"]]);
  const ratio = contrast(colours["accent-text"], colours["accent-tint"]);
  expect(ratio).toBeGreaterThanOrEqual(4.5);
  expect(ratio).toBeLessThan(4.6);
});

it("counts no more contrast of a translucent colour than is shown of it once it is rounded", () => {
  const [ink, ground]: readonly Colour[] = [[0, 99, 0, 0.93], fromHex("#e8cbd8")];
  /** In Chromium: each a step nearer to the ground than what it is. */
  const shown: Colour = [17, 107, 16, 1];
  expect(contrast(ink!, ground!)).toBeLessThanOrEqual(contrast(shown, ground!));
  expect(contrast(ink!, ground!)).toBeGreaterThan(contrast(shown, ground!) - 0.1);
  expect(contrast([0, 0, 0, 0.001], ground!)).toBe(1);
});
