import { bend, changeLevels, saturate } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** Less contrast and less colour, a little lighter. */
export const soft: Filter = (colour) => {
  changeLevels(colour, (level) => 0.06 + bend(level, 0.14) * 0.9);
  saturate(colour, 0.82);
};
