export { deflate, deflatedLength } from "./deflate";
export { filterRows } from "./filter";
export { allocate, freeAll } from "./memory";
export { beginRows, setBand } from "./rows";
export { begin as beginTurned, push as pushTurned } from "./turned";
export { begin as beginUpright, push as pushUpright } from "./upright";
