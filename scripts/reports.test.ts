import { expect, test } from "vitest";
import { countReport, readPlaywrightReport, readVitestReport, sumCounts } from "./reports.mjs";

const vitestReport = (numPassedTests: number, numFailedTests: number, testResults: object[] = []) =>
  JSON.stringify({ numPassedTests, numFailedTests, testResults });

test("the tests of both runners and the checks are added up", () => {
  const vitest = countReport(readVitestReport, vitestReport(7, 0), true);
  const journeys = countReport(readPlaywrightReport, '{"stats":{"expected":3,"unexpected":1,"flaky":0}}', false);
  expect(sumCounts([{ passed: 4, failed: 0 }, vitest, journeys])).toEqual({ passed: 14, failed: 1 });
});

test.for([
  ["a runner that says it failed, though every test passed", vitestReport(7, 0), false, { passed: 7, failed: 1 }],
  ["a runner that ran no test", vitestReport(0, 0), true, { passed: 0, failed: 1 }],
  ["a runner that left no report", undefined, true, { passed: 0, failed: 1 }],
  ["a report that is cut short", '{"numPassedTests":7', true, { passed: 0, failed: 1 }],
  [
    "a test file that cannot be loaded",
    vitestReport(7, 0, [{ status: "failed", assertionResults: [] }]),
    false,
    { passed: 7, failed: 1 },
  ],
] as const)("%s is a failure", ([, report, runnerPassed, count]) => {
  expect(countReport(readVitestReport, report, runnerPassed)).toEqual(count);
});

test("a journey that passed only at the second try is a failure", () => {
  const report = '{"stats":{"expected":3,"unexpected":0,"flaky":1}}';
  expect(countReport(readPlaywrightReport, report, true)).toEqual({ passed: 3, failed: 1 });
});
