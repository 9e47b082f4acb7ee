// Every static check: types and fences, lint, format, dead code, the WebAssembly, old browsers, known faults in what is shipped.
import { run, say, step } from "./steps.mjs";

const checks = [
  { title: "Types and fences between rooms (tsc)", program: "tsc", args: ["-b"] },
  { title: "Lint (oxlint)", program: "oxlint", args: ["--type-aware", "--deny-warnings"] },
  { title: "Format (biome)", program: "biome", args: ["format"] },
  { title: "Dead code and unused dependencies (knip)", program: "knip", args: [] },
  { title: "The WebAssembly is what its source makes", program: "node", args: ["scripts/kernel.mjs", "--check"] },
  {
    title: "The stickers are what their pictures and words make",
    program: "node",
    args: ["scripts/stickers.mjs", "--check"],
  },
  { title: "Nothing newer than the oldest browsers", program: "node", args: ["scripts/check-browsers.mjs"] },
];

/**
 * What `npm audit --json` has said: faults in what is shipped, worth a red check; or that nobody knows, since there was no answer.
 * @param {string} output
 * @returns {{ outcome: "passed" | "failed" | "unknown", text: string }}
 */
export function readAudit(output) {
  const report = readJson(output);
  if (report?.vulnerabilities === undefined)
    return { outcome: "unknown", text: report?.message ?? report?.error?.summary ?? "the registry gave no answer" };
  /** @type {{ name: string, severity: string }[]} */
  const all = Object.values(report.vulnerabilities);
  const grave = all.filter(({ severity }) => severity === "high" || severity === "critical");
  const text = (grave.length > 0 ? grave : all).map(({ name, severity }) => `${name}: ${severity}`).join("\n");
  return { outcome: grave.length > 0 ? "failed" : "passed", text };
}

/** @param {string} text */
function readJson(text) {
  try {
    return JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1));
  } catch {
    return undefined;
  }
}

const auditArgs = ["audit", "--omit=dev", "--json", "--fetch-retries=0", "--fetch-timeout=20000"];

/** Red for known high and critical faults in what is shipped. Without an answer it counts as no check at all, and says so. */
async function auditDependencies() {
  const { outcome, text } = readAudit((await run("npm", auditArgs, { timeoutMs: 60_000 })).output);
  if (outcome === "unknown") {
    say(`- Known faults in dependencies (npm audit): skipped, ${text.split("\n")[0]}`);
    return { passed: 0, failed: 0 };
  }
  const code = outcome === "passed" ? 0 : 1;
  const { passed } = await step("Known faults in dependencies (npm audit)", async () => ({ code, output: text }));
  return { passed: Number(passed), failed: Number(!passed) };
}

/** Runs every check, all at once: some use one processor, and one waits for the registry. Answers how many passed and failed. */
export async function runChecks() {
  const runs = checks.map(({ title, program, args }) => step(title, () => run(program, args)));
  const [audited, ...steps] = await Promise.all([auditDependencies(), ...runs]);
  const passed = steps.filter((each) => each.passed).length;
  return { passed: audited.passed + passed, failed: audited.failed + steps.length - passed };
}
