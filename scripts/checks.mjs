// Every static check: types and fences, lint, format, dead code, the kernel, old browsers.
import { run, step } from "./steps.mjs";

const checks = [
  { title: "Types and fences between rooms (tsc)", program: "tsc", args: ["-b"] },
  { title: "Lint (oxlint)", program: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { title: "Format (biome)", program: "biome", args: ["format"] },
  { title: "Dead code and unused dependencies (knip)", program: "knip", args: [] },
  { title: "The kernel is what its source makes", program: "node", args: ["scripts/kernel.mjs", "--check"] },
  { title: "Nothing newer than the oldest browsers", program: "node", args: ["scripts/check-browsers.mjs"] },
];

/** Runs every check, also after one has failed. Answers how many passed and failed. */
export async function runChecks() {
  const count = { passed: 0, failed: 0 };
  for (const { title, program, args } of checks) {
    const { passed } = await step(title, () => run(program, args));
    count[passed ? "passed" : "failed"] += 1;
  }
  return count;
}
