// What the tools of the designer cost, each with its keys in the last line.

import { measureFilters } from "./tools/filters.ts";
import { measureLoads } from "./tools/loads.ts";
import { measurePen } from "./tools/pen.ts";
import { measureVectors } from "./tools/vectors.ts";

const loads = await measureLoads();
console.log(loads.table);
const vectors = await measureVectors();
console.log(vectors.table);
const filters = await measureFilters();
console.log(filters.table);
const pen = await measurePen();
console.log(pen.table);
const keys = `${loads.keys} ${vectors.keys} filter_ms=${filters.ms.toFixed(0)} filter_levels=${filters.levels}`;
console.log(`tools ${keys} pen_dropped4=${pen.dropped}`);
