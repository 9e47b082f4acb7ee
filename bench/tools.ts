// What the tools of the designer cost, each with its keys in the last line.

import { measureVectors } from "./tools/vectors.ts";

const vectors = await measureVectors();
console.log(vectors.table);
console.log(`tools ${vectors.keys}`);
