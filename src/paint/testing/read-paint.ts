import { readFileSync } from "node:fs";
import type { Paint } from "../paint.ts";

/** The painter, where there is a file system. */
export function readPaint(): Paint {
  const code = new WebAssembly.Module(readFileSync(new URL("../paint.wasm", import.meta.url)));
  return new WebAssembly.Instance(code).exports as unknown as Paint;
}
