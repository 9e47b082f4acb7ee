import { greyOf, steepen } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** Black and white. */
export const mono: Filter = (colour) => void colour.fill(steepen(greyOf(colour), 0.1));
