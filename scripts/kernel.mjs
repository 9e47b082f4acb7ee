// Makes the WebAssembly of the product from the AssemblyScript beside it; with --check, only looks whether it is what that makes.
import { mkdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import asc from "assemblyscript/asc";
import { Refusal, root, runMain, say } from "./steps.mjs";

const modules = ["src/image/kernel/kernel.wasm", "src/paint/paint.wasm"];

const options = "-O3 --enable simd --noAssert"
  // Memory is only ever taken, and what goes wrong traps.
  .concat(" --runtime stub --use abort=")
  // v128 goes from one of our files to another, never to a browser.
  .concat(" --disableWarning 112");

/**
 * @param {string} result
 * @param {string} outFile
 */
async function compile(result, outFile) {
  mkdirSync(join(root, dirname(outFile)), { recursive: true });
  const source = `${dirname(result)}/assembly/index.ts`;
  const args = [source, "--outFile", outFile, "--baseDir", root, ...options.split(" ")];
  const { error } = await asc.main(args, { stderr: process.stderr });
  if (error !== null) throw new Refusal(`${source} cannot be compiled; the compiler's own words are above.`);
}

/** @param {string} result */
async function isMade(result) {
  const probe = `.cache/${basename(result)}`;
  await compile(result, probe);
  return readFileSync(join(root, probe)).equals(readFileSync(join(root, result)));
}

await runMain(async () => {
  let code = 0;
  for (const result of modules) {
    if (!process.argv.includes("--check")) await compile(result, result);
    else if (!(await isMade(result))) {
      say(`${result} is not what its source makes: run node ${relative(root, process.argv[1] ?? "")}`);
      code = 1;
    }
  }
  return code;
});
