// npm test: set-up, the browsers, every static check, the tests beside the code, the journeys. Ends with the sum.
// npm run test:quick leaves out the journeys and what starts whole programs or browsers of its own.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { runChecks } from "./checks.mjs";
import { makeBrowsersAvailable } from "./install-browsers.mjs";
import { readPlaywrightReport, readReport, readVitestReport, settle } from "./reports.mjs";
import { setUp } from "./set-up.mjs";
import { Refusal, root, run, say, step } from "./steps.mjs";

/** @typedef {import("./reports.mjs").Failure} Failure */
/** @typedef {import("./reports.mjs").Outcome} Outcome */
/** @typedef {{ passed: number, failed: number, flaky: readonly Failure[] }} Sum */

const reports = join(root, ".cache", "reports");
const isQuick = process.argv.includes("--quick");
/** Where nobody can look again, so many red tests are tried once more; if there are more, it is not the machine. */
const mostSecondTries = process.env["CI"] ? 10 : 0;

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

const runners = {
  vitest: {
    read: readVitestReport,
    args: ["run", "--reporter=dot", "--reporter=json"],
    // Where CI is set, it colours every dot even if nobody sees colours.
    env: process.stdout.isTTY ? {} : { NO_COLOR: "1" },
  },
  playwright: { read: readPlaywrightReport, args: ["test"], env: {} },
};

/**
 * @param {keyof typeof runners} name
 * @param {string} title
 * @param {readonly string[]} args
 * @param {string} [report] what its report is called
 */
async function runTests(name, title, args, report = name) {
  const file = join(reports, `${report}.json`);
  const runner = runners[name];
  const env = { ...runner.env, VITEST_JSON_OUTPUT_FILE: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file };
  const options = { live: true, env };
  const { passed } = await step(title, () => run(name, [...runner.args, ...args], options), options);
  return readReport(runner.read, readIfThere(file), passed);
}

/**
 * Tries the tests that failed once more, alone, and puts both tries together. A runner that failed outside of its tests
 * is not tried again.
 * @param {Outcome} first
 * @param {() => Promise<Outcome>} again
 * @returns {Promise<Sum>}
 */
async function withSecondTry(first, again) {
  const { failures } = first;
  const areTests = failures.every(({ file }) => file !== "");
  const isWorthIt = failures.length > 0 && failures.length <= mostSecondTries && areTests;
  const settled = isWorthIt ? settle(first, await again()) : { ...first, flaky: [] };
  return { passed: settled.passed.length, failed: settled.failures.length, flaky: settled.flaky };
}

/** @returns {Promise<Sum>} */
async function runTestsBesideTheCode() {
  const projects = isQuick ? ["--project=node", "--project=browser"] : [];
  const first = await runTests("vitest", "Tests beside the code (vitest)", projects);
  return withSecondTry(first, () => {
    const files = new Set(first.failures.map(({ file }) => relative(root, file)));
    return runTests("vitest", "Once more, alone", [...files, "--maxWorkers=1"], "vitest-again");
  });
}

/** @returns {Promise<Sum>} */
async function runJourneys() {
  const first = await runTests("playwright", "Journeys (playwright)", []);
  return withSecondTry(first, () => {
    // The next run clears the folder, and what passes then leaves nothing. There is none where no journey has begun.
    const left = join(root, ".cache", "journeys");
    if (existsSync(left)) cpSync(left, join(reports, "first-try"), { recursive: true });
    return runTests("playwright", "Once more, alone", ["--last-failed", "--workers=1"], "playwright-again");
  });
}

/** @returns {Promise<Sum>} */
async function testEverything() {
  await setUp();
  const missing = await makeBrowsersAvailable();
  // On a person's machine a missing browser is said aloud; where nobody listens it is a failure.
  const browsers = { passed: 0, failed: process.env["CI"] ? missing.length : 0, flaky: [] };
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  const checks = { ...(await runChecks()), flaky: [] };
  const sums = [browsers, checks, await runTestsBesideTheCode(), ...(isQuick ? [] : [await runJourneys()])];
  return {
    passed: sums.reduce((sum, { passed }) => sum + passed, 0),
    failed: sums.reduce((sum, { failed }) => sum + failed, 0),
    flaky: sums.flatMap((sum) => sum.flaky),
  };
}

/** @returns {Promise<Sum>} */
async function countOrRefuse() {
  try {
    return await testEverything();
  } catch (error) {
    say(`✗ ${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}`);
    return { passed: 0, failed: 1, flaky: [] };
  }
}

/** @param {readonly Failure[]} flaky */
function tellFlaky(flaky) {
  mkdirSync(reports, { recursive: true });
  writeFileSync(join(reports, "flaky.json"), `${JSON.stringify(flaky, null, 2)}\n`);
  if (flaky.length === 0) return;
  say("Passed only at the second try, each a fault to fix at its cause:");
  for (const { file, name, error } of flaky)
    say(`  ${file.replace(root, "")}: ${name}\n    ${error.split("\n")[0] ?? ""}`);
}

const { passed, failed, flaky } = await countOrRefuse();
tellFlaky(flaky);
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
