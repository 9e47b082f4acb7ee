import { finish, type InSteps } from "#card/in-steps.ts";
import { type ColourTable, makeColourTableInSteps, type Rgb } from "#design/colour-table.ts";
import { findFilter } from "#design/filters/filters.ts";
import type { Look } from "#design/look.ts";
import { changeColour } from "./adjust.ts";

/** What a look makes of a colour: adjusted, and as much of the filter over that as is wanted. An unknown filter does nothing. */
function changeOf({ adjust, filter }: Look): (colour: Rgb) => void {
  const change = filter && findFilter(filter.id);
  const share = (filter?.percent ?? 0) / 100;
  const filtered: Rgb = [0, 0, 0];
  return (colour) => {
    if (adjust !== undefined) changeColour(colour, adjust);
    if (change === undefined) return;
    for (let channel = 0; channel < 3; channel++) filtered[channel] = colour[channel] as number;
    change(filtered);
    for (let channel = 0; channel < 3; channel++) {
      const level = colour[channel] as number;
      colour[channel] = level + ((filtered[channel] as number) - level) * share;
    }
  };
}

/** The 33 x 33 x 33 table of a look, the same in every engine. */
export function makeLookTable(look: Look): ColourTable {
  return finish(makeLookTableInSteps(look));
}

/** The same where the page must not be held up. */
export function makeLookTableInSteps(look: Look): InSteps<ColourTable> {
  return makeColourTableInSteps(changeOf(look));
}
