// npm start: set-up, build, then the demo in the launcher's hands.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "./build.mjs";
import { setUp } from "./set-up.mjs";
import { environment, root, runMain } from "./steps.mjs";

/**
 * Runs the launcher until it ends. The channel between the two tells it when this process is gone, however it went.
 * @param {string} node
 * @returns {Promise<number>}
 */
function launch(node) {
  const launcher = join(root, "src", "sandbox", "launcher", "main.ts");
  const child = spawn(node, [launcher, ...process.argv.slice(2)], {
    cwd: root,
    env: environment(),
    stdio: ["inherit", "inherit", "inherit", "ipc"],
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => child.kill(signal));
  }
  return new Promise((done, fail) => {
    child.on("error", fail);
    child.on("exit", (code) => done(code ?? 1));
  });
}

await runMain(async () => {
  const { node } = await setUp();
  await build();
  return launch(node);
});
