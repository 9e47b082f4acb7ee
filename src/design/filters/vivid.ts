import { changeLevels, saturate, steepen } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** As much colour as prints well: no more than a fifth. */
export const vivid: Filter = (colour) => {
  changeLevels(colour, (level) => steepen(level, 0.18));
  saturate(colour, 1.2);
};
