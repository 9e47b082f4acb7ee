import { expect, it } from "vitest";
import { createProblemReports } from "./report-problems.ts";

it("keeps what happens before the page listens, tells each once, and no more than twenty of what nobody expected", () => {
  const reports = createProblemReports();
  reports.report("unexpected", new Error("early"));
  reports.report("unexpected", new Error("early"));
  const heard: string[] = [];
  reports.deliver(({ code, cause }) => heard.push(`${code}: ${cause}`));
  expect(heard).toEqual(["unexpected: Error: early"]);
  for (let count = 0; count < 50; count += 1) reports.report("unexpected", new Error(`no ${count}`));
  expect(heard).toHaveLength(20);
  reports.report("crashed", new Error("broken"));
  expect(heard.at(-1)).toBe("crashed: Error: broken");
});
