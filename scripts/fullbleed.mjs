#!/usr/bin/env node
// npx fullbleed COMMAND: what an operator can see and do, over the server's own interface.
import { join } from "node:path";
import { setUp } from "./set-up.mjs";
import { handOver, root, runMain } from "./steps.mjs";

await runMain(async () => {
  const { node } = await setUp();
  return handOver(node, [join(root, "src", "server", "cli.ts"), ...process.argv.slice(2)]);
});
