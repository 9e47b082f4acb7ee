import { bend } from "../tones.ts";
import type { Filter } from "./filter.ts";
import { mono } from "./mono.ts";

/** Black and white on warm paper. */
export const monoWarm: Filter = (colour) => {
  mono(colour);
  colour[0] = bend(colour[0], 0.16);
  colour[2] = bend(colour[2], -0.2);
};
