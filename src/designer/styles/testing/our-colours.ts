import { readFileSync } from "node:fs";
import { type Colour, fromHex } from "../colour.ts";
import type { ColourToken } from "../palette.ts";

export const tokensCss = readFileSync(new URL("../tokens.css", import.meta.url), "utf8");
const [lightCss = "", darkCss = ""] = tokensCss.split('[data-scheme="dark"]');

function readColours(css: string): Record<ColourToken, Colour> {
  const declared = [...css.matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6});/g)];
  return Object.fromEntries(declared.map(([, name = "", hex = ""]) => [name, fromHex(hex)])) as never;
}

/** Our colours, as tokens.css has them. */
export const ourColours = { light: readColours(lightCss), dark: readColours(darkCss) };
