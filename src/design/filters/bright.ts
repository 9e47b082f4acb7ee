import { liftLevel } from "../look.ts";
import { bend, changeLevels } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** Light and airy, without burning out what is white. */
export const bright: Filter = (colour) => changeLevels(colour, (level) => bend(liftLevel(level, 12), 0.45));
