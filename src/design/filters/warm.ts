import { bend, saturate } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** Towards late sun. */
export const warm: Filter = (colour) => {
  colour[0] = bend(colour[0], 0.16);
  colour[1] = bend(colour[1], 0.01);
  colour[2] = bend(colour[2], -0.13);
  saturate(colour, 1.05);
};
