// What the two test runners' reports say: how many tests passed, which failed, and which passed at the second try.
import { stripVTControlCharacters } from "node:util";

/** @typedef {{ file: string, name: string }} Test */
/** @typedef {Test & { error: string }} Failure */
/** @typedef {{ passed: Test[], failures: Failure[] }} Outcome */

/** What a test file is called that could not be loaded or set up. */
const wholeFile = "the file";

/**
 * Reads one runner's report. A runner that failed without a failed test (it could not start, an error outside of any
 * test, no test at all) counts as one failure.
 * @param {(report: any) => Outcome} read
 * @param {string | undefined} report JSON
 * @param {boolean} runnerPassed
 * @returns {Outcome}
 */
export function readReport(read, report, runnerPassed) {
  /** @param {string} error @param {Test[]} passed @returns {Outcome} */
  const broken = (error, passed = []) => ({ passed, failures: [{ file: "", name: "the test runner", error }] });
  if (report === undefined) return broken("left no report");
  /** @type {Outcome} */
  let outcome;
  try {
    outcome = read(JSON.parse(report));
  } catch (error) {
    return broken(`left a report that cannot be read: ${String(error)}`);
  }
  if (outcome.failures.length > 0) return outcome;
  if (!runnerPassed) return broken("failed outside of its tests", outcome.passed);
  return outcome.passed.length === 0 ? broken("ran no test") : outcome;
}

/**
 * A file that could not be loaded or set up has no red test in Vitest's report: it counts as one failure.
 * @param {{ testResults: { name: string, status: string, message?: string,
 *   assertionResults: { status: string, fullName: string, failureMessages?: string[] | null }[] }[] }} report
 * @returns {Outcome}
 */
export function readVitestReport({ testResults }) {
  /** @type {Outcome} */
  const outcome = { passed: [], failures: [] };
  for (const { name: file, status, message = "", assertionResults } of testResults) {
    const isRed = assertionResults.some((test) => test.status === "failed");
    if (status === "failed" && !isRed) {
      outcome.failures.push({ file, name: wholeFile, error: stripVTControlCharacters(message) });
    }
    for (const { status: verdict, fullName: name, failureMessages } of assertionResults) {
      if (verdict === "passed") outcome.passed.push({ file, name });
      const error = stripVTControlCharacters((failureMessages ?? []).join("\n"));
      if (verdict === "failed") outcome.failures.push({ file, name, error });
    }
  }
  return outcome;
}

/**
 * @typedef {{ title: string, file: string, suites?: PlaywrightSuite[], specs: { title: string, tests: {
 *   projectName: string, status: string, results: { errors?: { message?: string }[] }[] }[] }[] }} PlaywrightSuite
 * @param {{ suites: PlaywrightSuite[], errors?: { message?: string }[] }} report
 * @returns {Outcome}
 */
export function readPlaywrightReport({ suites, errors = [] }) {
  /** @type {Outcome} */
  const outcome = { passed: [], failures: [] };
  /** @param {PlaywrightSuite} suite */
  const visit = ({ file, specs, suites: inner = [] }) => {
    for (const { title, tests } of specs) {
      for (const { projectName, status, results } of tests) {
        const name = `[${projectName}] ${title}`;
        if (status === "expected") outcome.passed.push({ file, name });
        if (status === "expected" || status === "skipped") continue;
        const messages = results.flatMap((result) => result.errors ?? []).map(({ message = "" }) => message);
        outcome.failures.push({ file, name, error: stripVTControlCharacters(messages.join("\n")) });
      }
    }
    inner.forEach(visit);
  };
  suites.forEach(visit);
  for (const { message = "" } of errors) outcome.failures.push({ file: "", name: "the test runner", error: message });
  return outcome;
}

/**
 * Puts a second try beside the first. What failed in one of the two and not in both is flaky: it counts as passed and
 * is named. What the second try does not show as passed stays failed.
 * @param {Outcome} first
 * @param {Outcome} second of the failed tests; it may have run others of their files
 * @returns {Outcome & { flaky: Failure[] }}
 */
export function settle(first, second) {
  /** @param {Test} test */
  const key = ({ file, name }) => `${file}\n${name}`;
  const passedFirst = new Set(first.passed.map(key));
  const passedAgain = new Set(second.passed.map(key));
  const redAgain = new Set(second.failures.map(({ file }) => file));
  const hasRecovered = (/** @type {Failure} */ failure) =>
    failure.name === wholeFile
      ? second.passed.some(({ file }) => file === failure.file) && !redAgain.has(failure.file)
      : passedAgain.has(key(failure));
  const recovered = first.failures.filter(hasRecovered);
  const files = new Set(recovered.map(({ file }) => file));
  const more = second.passed.filter((test) => files.has(test.file) && !passedFirst.has(key(test)));
  const unsteady = second.failures.filter((failure) => passedFirst.has(key(failure)));
  const failures = first.failures.filter((failure) => !hasRecovered(failure));
  return { passed: [...first.passed, ...more], failures, flaky: [...recovered, ...unsteady] };
}
