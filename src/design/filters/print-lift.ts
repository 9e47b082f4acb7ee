import { liftLevel } from "../look.ts";
import { changeLevels, steepen } from "../tones.ts";
import type { Filter } from "./filter.ts";

/** For a process that prints dark: lighter shadows, and what they lose of contrast given back to the middle. */
export const printLift: Filter = (colour) => changeLevels(colour, (level) => steepen(liftLevel(level, 45), 0.1));
