// npm test: set-up, the browsers, every static check, the tests beside the code, the journeys. Ends with the sum.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runChecks } from "./checks.mjs";
import { makeBrowsersAvailable } from "./install-browsers.mjs";
import { countReport, readPlaywrightReport, readVitestReport, sumCounts } from "./reports.mjs";
import { setUp } from "./set-up.mjs";
import { Refusal, root, run, say, step } from "./steps.mjs";

const reports = join(root, ".cache", "reports");

/** @param {string} file */
function readReport(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

async function runUnitTests() {
  const file = join(reports, "vitest.json");
  const args = ["run", "--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  const options = { live: true };
  const { passed } = await step("Tests beside the code (vitest)", () => run("vitest", args, options), options);
  return countReport(readVitestReport, readReport(file), passed);
}

async function runJourneys() {
  const file = join(reports, "playwright.json");
  const options = { live: true, env: { PLAYWRIGHT_JSON_OUTPUT_FILE: file } };
  const { passed } = await step("Journeys (playwright)", () => run("playwright", ["test"], options), options);
  return countReport(readPlaywrightReport, readReport(file), passed);
}

/** @returns {Promise<import("./reports.mjs").Count>} */
async function testEverything() {
  await setUp();
  const missing = await makeBrowsersAvailable();
  // On a person's machine a missing browser is said aloud; where nobody listens it is a failure.
  const browsers = { passed: 0, failed: process.env["CI"] ? missing.length : 0 };
  rmSync(reports, { recursive: true, force: true });
  mkdirSync(reports, { recursive: true });
  return sumCounts([browsers, await runChecks(), await runUnitTests(), await runJourneys()]);
}

async function countOrRefuse() {
  try {
    return await testEverything();
  } catch (error) {
    say(`✗ ${error instanceof Refusal ? error.message : error instanceof Error ? error.stack : String(error)}`);
    return { passed: 0, failed: 1 };
  }
}

const { passed, failed } = await countOrRefuse();
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
