import { bend, saturate } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** Towards a clear morning. */
export const cool: Filter = (colour) => {
  colour[0] = bend(colour[0], -0.16);
  colour[1] = bend(colour[1], 0.04);
  colour[2] = bend(colour[2], 0.26);
  saturate(colour, 0.96);
};
