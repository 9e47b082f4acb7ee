// npm run bench -- NAME: set-up, then one bench of bench/, which gets the arguments that follow its name.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setUp } from "./set-up.mjs";
import { handOver, root, runMain, say } from "./steps.mjs";

const folder = join(root, "bench");

/** One file, one bench. */
function listBenches() {
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  return files.map((file) => file.replace(/\.ts$/, "")).sort();
}

await runMain(async () => {
  const [name = "", ...args] = process.argv.slice(2);
  const names = listBenches();
  if (!names.includes(name)) {
    say(`Which bench? npm run bench -- NAME, where NAME is one of: ${names.join(", ")}`);
    return 2;
  }
  const { node } = await setUp();
  return handOver(node, [join(folder, `${name}.ts`), ...args]);
});
