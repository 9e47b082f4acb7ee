import { type ColourTable, makeColourTable, type Rgb } from "#design/colour-table.ts";
import { type Adjustments, liftLevel } from "#design/look.ts";
import { bend, saturate, steepen } from "#design/tones.ts";

/** What is done to each of red, green and blue alike. Never makes a lighter level a darker one. */
function changeLevel(level: number, { brightness, contrast, lift }: Adjustments): number {
  const lit = bend(liftLevel(level, lift), brightness / 50);
  return contrast >= 0 ? steepen(lit, contrast / 100) : 0.5 + (lit - 0.5) * (1 + contrast / 200);
}

/** What these adjustments make of a colour. */
export function changeColour(colour: Rgb, adjust: Adjustments): void {
  const warmer = adjust.warmth / 200;
  saturate(colour, 1 + adjust.saturation / (adjust.saturation > 0 ? 140 : 100));
  colour[0] = changeLevel(bend(colour[0], warmer), adjust);
  colour[1] = changeLevel(colour[1], adjust);
  colour[2] = changeLevel(bend(colour[2], -warmer), adjust);
}

/** The 33 x 33 x 33 table of these adjustments. Greys stay greys, but for warmth, and in their order. */
export function makeAdjustTable(adjust: Adjustments): ColourTable {
  return makeColourTable((colour) => changeColour(colour, adjust));
}
