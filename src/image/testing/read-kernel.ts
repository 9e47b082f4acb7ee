import { readFileSync } from "node:fs";

/** The kernel, where there is a file system. */
export function readKernel(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL("../kernel/kernel.wasm", import.meta.url)));
}
