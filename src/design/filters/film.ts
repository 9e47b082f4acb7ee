import { saturate, steepen } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** Black that is none, as on an old print: it prints better than a deep one. Shadows a little blue, lights a little yellow. */
export const film: Filter = (colour) => {
  saturate(colour, 0.9);
  colour[0] = 0.085 + steepen(colour[0], 0.14) * 0.9;
  colour[1] = 0.09 + steepen(colour[1], 0.1) * 0.875;
  colour[2] = 0.12 + steepen(colour[2], 0.06) * 0.81;
};
