import { type ColourCube, lookUp, type Rgb } from "../colour-table.ts";

/**
 * Changes a colour in place, each of its levels from 0 to 1. Lighter greys stay lighter than darker ones. Only of what IEEE 754 rounds
 * exactly, so that each engine makes the same table of it: sums, products and quotients, no powers.
 */
export type Filter = (colour: Rgb) => void;

/** The filter that a cube of colours is. */
export function filterOf(cube: ColourCube): Filter {
  return (colour) => lookUp(colour, cube);
}
