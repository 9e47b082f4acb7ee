import { expect, test } from "vitest";
import { readPlaywrightReport, readReport, readVitestReport, settle } from "./reports.mjs";

const vitestReport = (...testResults: object[]) => JSON.stringify({ testResults });
const greenFile = {
  name: "/src/b.test.ts",
  status: "passed",
  assertionResults: [{ status: "passed", fullName: "adds" }],
};
const redFile = {
  name: "/src/a.test.ts",
  status: "failed",
  assertionResults: [
    { status: "passed", fullName: "adds" },
    { status: "failed", fullName: "subtracts", failureMessages: ["\u001B[31mexpected 1\u001B[39m to be 2"] },
  ],
};

test("a red test is named with its file and what it said", () => {
  expect(readReport(readVitestReport, vitestReport(redFile), false)).toEqual({
    passed: [{ file: "/src/a.test.ts", name: "adds" }],
    failures: [{ file: "/src/a.test.ts", name: "subtracts", error: "expected 1 to be 2" }],
  });
});

test("a test file that cannot be loaded is one failure", () => {
  const file = { name: "/src/a.test.ts", status: "failed", message: "no such module", assertionResults: [] };
  expect(readReport(readVitestReport, vitestReport(file), false)).toEqual({
    passed: [],
    failures: [{ file: "/src/a.test.ts", name: "the file", error: "no such module" }],
  });
});

test.for([
  ["says that it failed, though every test passed", vitestReport(greenFile), false, 1],
  ["ran no test", vitestReport(), true, 0],
  ["left no report", undefined, true, 0],
  ["left a report that is cut short", '{"testResults":[', true, 0],
] as const)("a runner that %s is one failure", ([, report, runnerPassed, passed]) => {
  const outcome = readReport(readVitestReport, report, runnerPassed);
  expect(outcome.passed).toHaveLength(passed);
  expect(outcome.failures.map(({ name }) => name)).toEqual(["the test runner"]);
});

const journey = (title: string, status: string, message?: string) => ({
  title,
  tests: [{ projectName: "phone", status, results: [{ errors: message === undefined ? [] : [{ message }] }] }],
});
const journeys = (...specs: object[]) => JSON.stringify({ suites: [{ title: "send", file: "send.spec.ts", specs }] });

test("journeys are counted one by one, and a skipped one is neither passed nor failed", () => {
  const report = journeys(
    journey("sends", "expected"),
    journey("waits", "unexpected", "late"),
    journey("x", "skipped"),
  );
  expect(readReport(readPlaywrightReport, report, false)).toEqual({
    passed: [{ file: "send.spec.ts", name: "[phone] sends" }],
    failures: [{ file: "send.spec.ts", name: "[phone] waits", error: "late" }],
  });
});

const passes = (name: string) => ({ file: "send.spec.ts", name });
const fails = (name: string) => ({ ...passes(name), error: "late" });

test("what passes at the second try counts as passed and is named", () => {
  const first = { passed: [passes("asks")], failures: [fails("waits"), fails("sends")] };
  const second = { passed: [passes("waits")], failures: [fails("sends")] };
  expect(settle(first, second)).toEqual({
    passed: [passes("asks"), passes("waits")],
    failures: [fails("sends")],
    flaky: [fails("waits")],
  });
});

test("what fails only at the second try is named as well", () => {
  const first = { passed: [passes("sends")], failures: [fails("waits")] };
  const second = { passed: [passes("waits")], failures: [fails("sends")] };
  expect(settle(first, second)).toMatchObject({ failures: [], flaky: [fails("waits"), fails("sends")] });
});

test("a file that could be set up only at the second try counts with its tests and is named", () => {
  const first = { passed: [{ file: "other.spec.ts", name: "asks" }], failures: [fails("the file")] };
  const second = { passed: [passes("waits"), passes("sends")], failures: [] };
  expect(settle(first, second)).toEqual({
    passed: [...first.passed, ...second.passed],
    failures: [],
    flaky: [fails("the file")],
  });
  const redAgain = { passed: [passes("waits")], failures: [fails("sends")] };
  expect(settle(first, redAgain).failures).toEqual([fails("the file")]);
});

test("what the second try does not show as passed stays red", () => {
  const first = { passed: [passes("asks")], failures: [fails("waits")] };
  const second = { passed: [], failures: [{ file: "", name: "the test runner", error: "left no report" }] };
  expect(settle(first, second)).toEqual({ ...first, flaky: [] });
});
