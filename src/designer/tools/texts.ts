// The texts of the tools that have theirs in their folder: a line each. Named otherwise than any other here, and that is all the name is for.
export { texts as filters } from "./filters/texts.ts";
