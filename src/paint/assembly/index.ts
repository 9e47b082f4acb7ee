export { begin, fill, pathAt, setMatrix } from "./fill";
