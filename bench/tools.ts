// What the tools of the designer cost, each with its keys in the last line.

import { measureFilters } from "./tools/filters.ts";

const filters = await measureFilters();
console.log(filters.table);
console.log(`tools filter_ms=${filters.ms.toFixed(0)} filter_levels=${filters.levels}`);
