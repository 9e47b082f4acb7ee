import type { InSteps } from "#card/in-steps.ts";
import { type Adjustments, liftLevel } from "#design/look.ts";
import { type ColourTable, makeColourTable, makeColourTableInSteps, type Rgb } from "./colour-table.ts";

// Only what IEEE 754 rounds exactly is used here, no powers: every engine makes the same table.

/** Bends levels up by `more` above 0, down below; 0 and 1 stay where they are. Bending back gives the level again (Schlick, 1994). */
function bend(level: number, more: number): number {
  return more >= 0 ? (level * (1 + more)) / (1 + more * level) : level / (1 - more * (1 - level));
}

/** Steeper in the middle, and neither black nor white is cut off. */
function steepen(level: number, more: number): number {
  return level < 0.5 ? bend(2 * level, -more) / 2 : 1 - bend(2 - 2 * level, -more) / 2;
}

/** What is done to each of red, green and blue alike. Never makes a lighter level a darker one. */
function changeLevel(level: number, { brightness, contrast, lift }: Adjustments): number {
  const lit = bend(liftLevel(level, lift), brightness / 50);
  return contrast >= 0 ? steepen(lit, contrast / 100) : 0.5 + (lit - 0.5) * (1 + contrast / 200);
}

/** Of a colour's brightness as the eye has it (ITU-R BT.709). */
const shares = { red: 0.2126, green: 0.7152, blue: 0.0722 } as const;

function saturate(colour: Rgb, saturation: number): void {
  const [red, green, blue] = colour;
  const grey = shares.red * red + shares.green * green + shares.blue * blue;
  const factor = 1 + saturation / (saturation > 0 ? 140 : 100);
  for (let channel = 0; channel < 3; channel++) {
    colour[channel] = Math.min(1, Math.max(0, grey + ((colour[channel] as number) - grey) * factor));
  }
}

/** What these adjustments make of a colour. */
function changeColour(colour: Rgb, adjust: Adjustments): void {
  const warmer = adjust.warmth / 200;
  saturate(colour, adjust.saturation);
  colour[0] = changeLevel(bend(colour[0], warmer), adjust);
  colour[1] = changeLevel(colour[1], adjust);
  colour[2] = changeLevel(bend(colour[2], -warmer), adjust);
}

/** The 33 x 33 x 33 table of these adjustments. Greys stay greys, but for warmth, and in their order. */
export function makeAdjustTable(adjust: Adjustments): ColourTable {
  return makeColourTable((colour) => changeColour(colour, adjust));
}

/** The same in steps. */
export function makeAdjustTableInSteps(adjust: Adjustments): InSteps<ColourTable> {
  return makeColourTableInSteps((colour) => changeColour(colour, adjust));
}
