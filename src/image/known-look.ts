import type { ColourTable } from "#design/colour-table.ts";
import { findFilter } from "#design/filters/filters.ts";
import type { Look } from "#design/look.ts";
import { makeLookTable } from "./look-table.ts";
import { PhotoProblem } from "./protocol.ts";

/** The table of a look. Throws PhotoProblem "art-missing" for a filter that nobody knows here: a photo is neither shown nor printed as if it had none. */
export function makeKnownLookTable(look: Look): ColourTable {
  const { filter } = look;
  if (filter !== undefined && findFilter(filter.id) === undefined)
    throw new PhotoProblem("art-missing", { cause: `there is no filter ${filter.id}` });
  return makeLookTable(look);
}
