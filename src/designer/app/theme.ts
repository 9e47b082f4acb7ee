import type { Scheme } from "#contracts/frame-messages.ts";
import { type Colour, toHex } from "../styles/colour.ts";
import {
  type ColourToken,
  colourTokens,
  derivedTokens,
  makePalette,
  type Raised,
  schemeOf,
} from "../styles/palette.ts";

type Theme = Readonly<Record<string, string>>;
type Texts = Partial<Record<ColourToken, string>>;

const shapes: Readonly<Record<string, RegExp>> = {
  radius: /^\d{1,3}(\.\d+)?px$/,
  font: /^[\p{L}\p{N} ,"'_-]{1,200}$/u,
};

const colourFunctions = /^(|rgba?|hsla?|hwb|(ok)?lab|(ok)?lch|color|color-mix|calc)$/i;
/** What depends on where the colour stands, and escapes, which could hide it. */
const unsteady = /\\|currentcolor|inherit|initial|unset|revert/i;

/** Whether the browser knows this colour, and it is the same wherever it is used. */
function isColour(value: string): boolean {
  const functions = [...value.matchAll(/([\w-]*)\(/g)].map(([, name = ""]) => name);
  const isSteady = !unsteady.test(value) && functions.every((name) => colourFunctions.test(name));
  return isSteady && CSS.supports("color", value);
}

/** The value for one scheme: `light-dark(a, b)`, which older browsers do not know, becomes `a` or `b`. */
function pickScheme(value: string, scheme: Scheme): string {
  const [, before = "", rest] = /^(.*?)light-dark\((.*)$/is.exec(value) ?? [];
  if (rest === undefined) return value;
  let depth = 1;
  let comma = -1;
  let end = 0;
  for (; end < rest.length; end += 1) {
    if (rest[end] === "(") depth += 1;
    if (rest[end] === ")") depth -= 1;
    if (rest[end] === "," && depth === 1 && comma < 0) comma = end;
    if (depth === 0) break;
  }
  if (comma < 0) return "";
  const picked = scheme === "light" ? rest.slice(0, comma) : rest.slice(comma + 1, end);
  return pickScheme(`${before}${picked.trim()}${rest.slice(end + 1)}`, scheme);
}

/** Reads what browsers write as a computed colour; what sRGB does not have is cut off. */
function parseComputed(computed: string): Colour | undefined {
  const [, kind = "", list = ""] = /^(rgba?\(|color\(srgb )(.+)\)$/.exec(computed) ?? [];
  const scale = kind.startsWith("rgb") ? 1 : 255;
  const [red, green, blue, alpha = 1] = list.split(/[\s,/]+/).map((part) => (part === "none" ? 0 : Number(part)));
  const [r = Number.NaN, g = Number.NaN, b = Number.NaN] = [red, green, blue].map((part = Number.NaN) =>
    Math.min(255, Math.max(0, part * scale)),
  );
  return [r, g, b, alpha].some(Number.isNaN) ? undefined : [r, g, b, alpha];
}

/** Reads colours as the browser understands them in one scheme. Call `end` when done. */
function createReader(scheme: Scheme) {
  const probe = document.documentElement.appendChild(document.createElement("span"));
  probe.hidden = true;
  probe.dataset.scheme = scheme;
  // Under forced colours every colour would be the same.
  probe.style.setProperty("forced-color-adjust", "none");
  const compute = (value: string): Colour | undefined => {
    probe.style.color = value;
    return parseComputed(getComputedStyle(probe).color);
  };
  // Other colour spaces are computed as what they are; a mixture is computed in its own.
  const read = (value: string) => compute(value) ?? compute(`color-mix(in srgb, ${value}, ${value})`);
  return {
    readAll: (texts: Texts): Partial<Record<ColourToken, Colour>> =>
      Object.fromEntries(
        Object.entries(texts).flatMap(([token, text]) => {
          const colour = read(text);
          return colour ? [[token, colour]] : [];
        }),
      ),
    /** Our own colours, as tokens.css has them. */
    readDefaults: () => {
      const style = getComputedStyle(probe);
      const ours = colourTokens.map((token) => [token, style.getPropertyValue(`--${token}`)] as const);
      return Object.fromEntries(ours.map(([token, text]) => [token, read(text)])) as Record<ColourToken, Colour>;
    },
    end: (): void => probe.remove(),
  };
}

/**
 * Puts the issuer's tokens on the page and moves colours that could not be read, in lightness only. Unknown names and values
 * that a token does not take are left out. A theme whose surface (or page, without one) is dark gets our dark look for what
 * it leaves open, whatever the scheme, and a light one our light look.
 * Answers which colours were moved, as a sentence for the page's developer; undefined when there were none.
 */
export function applyTheme(
  theme: Theme = {},
  root: HTMLElement = document.documentElement,
  scheme: Scheme = "light",
): string | undefined {
  const put = (token: string, value: string): void => root.style.setProperty(`--${token}`, value);
  for (const token of [...colourTokens, ...derivedTokens, ...Object.keys(shapes)])
    root.style.removeProperty(`--${token}`);
  root.dataset.scheme = scheme;
  for (const [token, shape] of Object.entries(shapes)) {
    const value = Object.hasOwn(theme, token) ? theme[token] : undefined;
    if (value !== undefined && shape.test(value)) put(token, value);
  }
  const texts = readTexts(theme, scheme);
  if (Object.keys(texts).length === 0) return undefined;

  const look = findLook(texts, scheme);
  root.dataset.scheme = look;
  const reader = createReader(look);
  const given = reader.readAll(texts);
  const defaults = reader.readDefaults();
  reader.end();
  const { colours, raised } = makePalette(given, defaults);
  for (const token of colourTokens) {
    if (colours[token] === given[token]) put(token, texts[token] ?? "");
    else if (colours[token] !== defaults[token]) put(token, toHex(colours[token]));
  }
  for (const token of derivedTokens) put(token, toHex(colours[token]));
  return describe(raised, scheme, (token) => {
    const fromAccent = token === "accent-text" ? texts.accent : undefined;
    return texts[token] ?? fromAccent ?? toHex(defaults[token]);
  });
}

function readTexts(theme: Theme, scheme: Scheme): Texts {
  const texts: Texts = {};
  for (const token of colourTokens) {
    const text = Object.hasOwn(theme, token) ? pickScheme(theme[token] ?? "", scheme).trim() : "";
    if (text !== "" && isColour(text)) texts[token] = text;
  }
  return texts;
}

/** Which of our two looks completes the theme. */
function findLook({ page, surface }: Texts, scheme: Scheme): Scheme {
  const reader = createReader(scheme);
  const grounds = reader.readAll({ ...(page && { page }), ...(surface && { surface }) });
  reader.end();
  const ground = [grounds.surface, grounds.page].find((colour) => colour?.[3] === 1);
  return ground ? schemeOf(ground) : scheme;
}

function describe(
  raised: readonly Raised[],
  scheme: Scheme,
  nameGiven: (token: ColourToken) => string,
): string | undefined {
  if (raised.length === 0) return undefined;
  const show = (ratio: number) => `${Math.floor(ratio * 100) / 100} : 1`;
  const sentences = raised.map(({ token, on, ratio, least, used }) => {
    return `${token} ${nameGiven(token)} has ${show(ratio)} on ${on} and needs ${show(least)}: ${used} is used.`;
  });
  return `In the ${scheme} scheme: ${sentences.join(" ")}`;
}
