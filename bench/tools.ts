// What the tools of the designer cost, each with its keys in the last line. With names of parts (`-- tools pen outlines`) only those.

import { measureFilters } from "./tools/filters.ts";
import { measureLoads } from "./tools/loads.ts";
import { measureStageOutlines } from "./tools/outlines.ts";
import { measurePen } from "./tools/pen.ts";
import { measureVectors } from "./tools/vectors.ts";

type Keys = Readonly<Record<string, string | number>>;

const parts: Readonly<Record<string, () => Promise<{ readonly table: string; readonly keys: Keys }>>> = {
  loads: measureLoads,
  vectors: measureVectors,
  outlines: measureStageOutlines,
  filters: measureFilters,
  pen: measurePen,
};

/** In the last line. */
const order = [
  ["vector_bytes_differ", "stage_px", "pen_dropped4", "filter_ms", "filter_levels", "picture50_x"],
  ["first_tool_kb", "first_paint_grew_kb", "vector_engines"],
].flat();

const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const keys = new Map<string, string | number>();
for (const name of wanted) {
  const measure = parts[name];
  if (measure === undefined) throw new Error(`There is no part ${name}: ${Object.keys(parts).join(", ")}.`);
  const { table, keys: own } = await measure();
  console.log(table);
  for (const [key, value] of Object.entries(own)) keys.set(key, value);
}
console.log(`tools ${order.flatMap((key) => (keys.has(key) ? [`${key}=${keys.get(key)}`] : [])).join(" ")}`);
