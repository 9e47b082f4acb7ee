// Makes src/image/kernel/kernel.wasm from the AssemblyScript beside it; with --check, only looks whether it is what that makes.
import { mkdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import asc from "assemblyscript/asc";
import { Refusal, root, runMain, say } from "./steps.mjs";

const source = "src/image/kernel/assembly/index.ts";
const result = "src/image/kernel/kernel.wasm";
const probe = ".cache/kernel.wasm";

const options = "-O3 --enable simd --noAssert"
  // Memory is only ever taken, and what goes wrong traps.
  .concat(" --runtime stub --use abort=")
  // v128 goes from one of our files to another, never to a browser.
  .concat(" --disableWarning 112");

/** @param {string} outFile */
async function compile(outFile) {
  mkdirSync(join(root, dirname(outFile)), { recursive: true });
  const args = [source, "--outFile", outFile, "--baseDir", root, ...options.split(" ")];
  const { error } = await asc.main(args, { stderr: process.stderr });
  if (error !== null) throw new Refusal("The kernel cannot be compiled; the compiler's own words are above.");
}

await runMain(async () => {
  const isCheck = process.argv.includes("--check");
  await compile(isCheck ? probe : result);
  if (!isCheck || readFileSync(join(root, probe)).equals(readFileSync(join(root, result)))) return 0;
  say(`${result} is not what its source makes: run node ${relative(root, process.argv[1] ?? "")}`);
  return 1;
});
