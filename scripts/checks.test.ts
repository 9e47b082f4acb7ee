import { expect, test } from "vitest";
import { readAudit } from "./checks.mjs";

const fault = (name: string, severity: string) => ({ [name]: { name, severity, via: [], effects: [] } });

test.each([
  ["nothing known", "passed", { vulnerabilities: {} }, ""],
  [
    "small faults",
    "passed",
    { vulnerabilities: { ...fault("one", "moderate"), ...fault("two", "low") } },
    "one: moderate",
  ],
  ["a grave one", "failed", { vulnerabilities: { ...fault("one", "low"), ...fault("two", "high") } }, "two: high"],
  ["a critical one", "failed", { vulnerabilities: fault("two", "critical") }, "two: critical"],
  ["a registry that does not know audits", "unknown", { message: "405 Method Not Allowed", error: {} }, "405"],
  ["no network", "unknown", { error: { code: "ENOTFOUND", summary: "request failed" } }, "request failed"],
])("an audit with %s is %s", (_what, outcome, report, text) => {
  const read = readAudit(`npm warn something\n${JSON.stringify(report)}\n`);
  expect(read.outcome).toBe(outcome);
  expect(read.text).toContain(text);
});

test.each(["", "npm did not end within 1 minutes.", "{ broken"])("an audit that says %j is unknown", (output) => {
  expect(readAudit(output).outcome).toBe("unknown");
});
