import {
  black,
  type Colour,
  contrast,
  findLargest,
  fromHex,
  mix,
  moveLightness,
  over,
  toHex,
  white,
} from "./colour.ts";

/** The least contrast of text, and of what has to be seen: controls, their edges, the ring of the focus (WCAG 2.2, AA). */
const text = 4.5;
const control = 3;

const tints = ["ok-tint", "warn-tint", "problem-tint"] as const;

/** The colours that an issuer may set. */
export const colourTokens = [
  "accent",
  "accent-ink",
  "accent-text",
  "accent-tint",
  "page",
  "surface",
  "ink",
  "ink-2",
  "line",
  "control-line",
  "ok",
  "warn",
  "problem",
  ...tints,
] as const;

/** Colours that follow from the others. */
export const derivedTokens = [
  "accent-hover",
  "hover",
  "raised",
  "well",
  "inactive",
  "empty",
  "track",
  "card-from",
  "card-to",
] as const;

export type ColourToken = (typeof colourTokens)[number];
type DerivedToken = (typeof derivedTokens)[number];
type Token = ColourToken | DerivedToken;

interface Pair {
  readonly front: ColourToken;
  readonly backs: readonly Token[];
  readonly least: number;
}

/**
 * Whatever the style sheets put on something else and has to be read or seen there; `line` divides and need not be seen.
 * What white is written on, `card-from` and `card-to`, is in `writeOnCard`.
 */
export const pairs: readonly Pair[] = [
  {
    front: "ink",
    backs: ["page", "surface", "raised", "well", "accent-tint", ...tints, "hover", "empty"],
    least: text,
  },
  { front: "ink-2", backs: ["page", "surface", "raised", "well", ...tints, "inactive"], least: text },
  { front: "accent", backs: ["page", "surface", "raised", "track"], least: control },
  { front: "accent-ink", backs: ["accent", "accent-hover"], least: text },
  { front: "accent-text", backs: ["page", "surface", "raised", "accent-tint"], least: text },
  // The ring around a control in a notice.
  { front: "accent-text", backs: [...tints], least: control },
  { front: "ok", backs: ["page", "surface", "ok-tint"], least: text },
  { front: "warn", backs: ["page", "surface", "warn-tint"], least: text },
  { front: "problem", backs: ["page", "surface", "problem-tint"], least: text },
  { front: "control-line", backs: ["page", "surface", "raised"], least: control },
];

/** A colour that could not be read or seen, and what it has become. */
export interface Raised {
  readonly token: ColourToken;
  /** What it was on, and the contrast that it had there. */
  readonly on: string;
  readonly ratio: number;
  readonly least: number;
  readonly used: string;
}

type Colours = Record<Token, Colour>;

export interface Palette {
  readonly colours: Readonly<Colours>;
  readonly raised: readonly Raised[];
}

/** What lies under the empty card's words, which are white; a finger or mouse lightens it by up to this share. */
const cardGround = fromHex("#10151f");
const cardLight = 0.18;
const writeOnCard = (ground: Colour): boolean => contrast(white, mix(white, ground, cardLight)) >= text;

/** Whichever of black and white is read better on `ground`. */
function extremeOn(ground: Colour): Colour {
  return contrast(black, ground) >= contrast(white, ground) ? black : white;
}

/** Which of the two looks goes with this ground: that whose text is dark, or that whose text is light. */
export function schemeOf(ground: Colour): "light" | "dark" {
  return extremeOn(ground) === black ? "light" : "dark";
}

/** From a front and a back: as much of the front, up to `most`, as still lets be read what lies on the mixture. */
const mixtures: readonly (readonly [
  token: DerivedToken,
  front: ColourToken | Colour,
  back: ColourToken | Colour,
  most: number,
])[] = [
  ["accent-hover", "ink", "accent", 0.1],
  ["hover", "ink", "surface", 0.06],
  ["raised", white, "surface", 0.06],
  ["well", "ink", "page", 0.015],
  ["inactive", "ink", "surface", 0.1],
  ["empty", "ink", "page", 0.1],
  ["track", "control-line", "surface", 0.45],
  ["card-from", "accent", cardGround, 0.46],
  ["card-to", "accent", cardGround, 0.2],
];
const mostTint = 0.12;

/** What a token lies on, and the contrast that it needs there. */
interface Ground {
  readonly on: string;
  readonly colour: Colour;
  readonly least: number;
}

type Given = Partial<Record<ColourToken, Colour>>;

/** The issuer's colours over ours. What others lie on lets nothing shine through: a photo may be behind it, or another page. */
function layOver(given: Given, defaults: Readonly<Record<ColourToken, Colour>>): Colours {
  const colours = { ...defaults, ...given } as Colours;
  colours.page = over(colours.page, defaults.page);
  colours.surface = over(colours.surface, colours.page);
  for (const token of ["accent", "accent-tint", ...tints, "ok", "warn", "problem", "control-line"] as const)
    colours[token] = over(colours[token], colours.surface);
  if (given.accent && !given["accent-text"]) colours["accent-text"] = colours.accent;
  return colours;
}

/**
 * The whole palette for an issuer's colours, with `defaults` for the others. What can be read stays as given; what cannot
 * is moved in lightness as little as needed. Surfaces come first and text follows them, so every palette can be mended.
 */
export function makePalette(given: Given, defaults: Readonly<Record<ColourToken, Colour>>): Palette {
  const colours = layOver(given, defaults);
  const extreme = extremeOn(colours.surface);
  const raised: Raised[] = [];
  // Grounds whose colour stays; the others are fitted to what lies on them.
  const settled = new Set<Token>(["page", "surface", "accent", "accent-tint", ...tints]);
  const isRead = ({ front, backs, least }: Pair, on: (back: Token) => boolean): boolean =>
    backs.filter(on).every((back) => contrast(colours[front], colours[back]) >= least);
  const raise = (token: ColourToken, grounds: readonly Ground[]): void => {
    const [worst] = grounds
      .map((ground) => ({ ...ground, ratio: contrast(colours[token], ground.colour) }))
      .sort((one, other) => one.ratio / one.least - other.ratio / other.least);
    if (worst === undefined || worst.ratio >= worst.least) return;
    const fits = (moved: Colour): boolean => grounds.every(({ colour, least }) => contrast(moved, colour) >= least);
    colours[token] = moveLightness(over(colours[token], colours.surface), fits);
    raised.push({ token, on: worst.on, ratio: worst.ratio, least: worst.least, used: toHex(colours[token]) });
  };
  const raiseFront = (token: ColourToken): void => {
    const own = pairs.filter(({ front }) => front === token);
    const grounds = own.flatMap(({ backs, least }) =>
      backs.filter((back) => settled.has(back)).map((on) => ({ on, colour: colours[on], least })),
    );
    raise(token, grounds);
  };
  const derive = (token: Token, front: Colour, back: Colour, most: number, holds: () => boolean): void => {
    const add = (share: number): boolean => {
      colours[token] = mix(over(front, back), back, most * share);
      return holds();
    };
    add(findLargest(add));
    settled.add(token);
  };

  for (const token of ["page", "accent-tint", ...tints] as const) {
    raise(token, [{ on: toHex(extreme), colour: extreme, least: text }]);
  }
  raiseFront("accent");
  if (given.accent && !given["accent-tint"]) {
    settled.delete("accent-tint");
    // A tint of ours must not be why the issuer's accent or ink is moved.
    const kept = pairs.filter((pair) => isRead(pair, (back) => settled.has(back)));
    derive("accent-tint", colours.accent, colours.surface, mostTint, () => {
      const isReadOnTint = (pair: Pair) => isRead(pair, (back) => back === "accent-tint");
      return contrast(extreme, colours["accent-tint"]) >= text && kept.every(isReadOnTint);
    });
  }
  if (!given["accent-ink"]) {
    const inks = [defaults["accent-ink"], white, over(colours.ink, colours.accent)];
    colours["accent-ink"] = inks.find((ink) => contrast(ink, colours.accent) >= text) ?? black;
  }
  for (const token of new Set(pairs.map(({ front }) => front))) raiseFront(token);
  const colourOf = (one: ColourToken | Colour): Colour => (typeof one === "string" ? colours[one] : one);
  for (const [token, front, back, most] of mixtures) {
    const holds = (): boolean =>
      back === cardGround ? writeOnCard(colours[token]) : pairs.every((pair) => isRead(pair, (on) => on === token));
    derive(token, colourOf(front), colourOf(back), most, holds);
  }
  return { colours, raised };
}
