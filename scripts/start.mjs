// npm start: set-up, build, then the demo run by the launcher.
import { join } from "node:path";
import { build } from "./build.mjs";
import { setUp } from "./set-up.mjs";
import { handOver, root, runMain } from "./steps.mjs";

await runMain(async () => {
  const { node } = await setUp();
  await build();
  const launcher = join(root, "src", "sandbox", "launcher", "main.ts");
  return handOver(node, [launcher, ...process.argv.slice(2)], { tellsTheEnd: true });
});
