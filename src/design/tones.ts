import type { Rgb } from "./colour-table.ts";

// Only what IEEE 754 rounds exactly is used here, no powers: every engine makes the same table.

/** Bends levels up by `more` above 0, down below; 0 and 1 stay where they are. Bending back gives the level again (Schlick, 1994). */
export function bend(level: number, more: number): number {
  return more >= 0 ? (level * (1 + more)) / (1 + more * level) : level / (1 - more * (1 - level));
}

/** Steeper in the middle, flatter below 0, and neither black nor white is cut off. */
export function steepen(level: number, more: number): number {
  return level < 0.5 ? bend(2 * level, -more) / 2 : 1 - bend(2 - 2 * level, -more) / 2;
}

/** Of a colour's brightness as the eye has it (ITU-R BT.709). */
const shares = { red: 0.2126, green: 0.7152, blue: 0.0722 } as const;

/** How bright a colour is, as a level. */
export function greyOf([red, green, blue]: Readonly<Rgb>): number {
  return shares.red * red + shares.green * green + shares.blue * blue;
}

/** Moves a colour away from its grey by this factor, towards it below 1; greys stay. */
export function saturate(colour: Rgb, factor: number): void {
  const grey = greyOf(colour);
  for (let channel = 0; channel < 3; channel++) {
    colour[channel] = Math.min(1, Math.max(0, grey + ((colour[channel] as number) - grey) * factor));
  }
}

/** Changes each of red, green and blue alike. */
export function changeLevels(colour: Rgb, change: (level: number) => number): void {
  for (let channel = 0; channel < 3; channel++) colour[channel] = change(colour[channel] as number);
}
