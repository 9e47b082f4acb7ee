// How many tests passed and failed, by the reports of the two test runners.

/** @typedef {{ passed: number, failed: number }} Count */

/** @param {readonly Count[]} counts @returns {Count} */
export function sumCounts(counts) {
  return counts.reduce((sum, each) => ({ passed: sum.passed + each.passed, failed: sum.failed + each.failed }), {
    passed: 0,
    failed: 0,
  });
}

/**
 * Counts one runner's tests. A runner that failed without a failed test (it could not start, an error outside of any
 * test, no test at all) counts as one failure.
 * @param {(report: any) => Count} read
 * @param {string | undefined} report JSON
 * @param {boolean} runnerPassed
 * @returns {Count}
 */
export function countReport(read, report, runnerPassed) {
  const none = { passed: 0, failed: 0 };
  let count = none;
  try {
    count = report === undefined ? none : read(JSON.parse(report));
  } catch {
    return { passed: 0, failed: 1 };
  }
  const brokeOtherwise = count.failed === 0 && (!runnerPassed || count.passed === 0);
  return brokeOtherwise ? { ...count, failed: 1 } : count;
}

/**
 * A file that could not be loaded has no tests in Vitest's report: it counts as one failure.
 * @param {{ numPassedTests: number, numFailedTests: number, testResults: { status: string, assertionResults: unknown[] }[] }} report
 * @returns {Count}
 */
export function readVitestReport({ numPassedTests, numFailedTests, testResults }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length };
}

/**
 * A journey that passed only when it was tried again has failed.
 * @param {{ stats: { expected: number, unexpected: number, flaky: number } }} report
 * @returns {Count}
 */
export function readPlaywrightReport({ stats }) {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
}
