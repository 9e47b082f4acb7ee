import { expect, it, onTestFinished, vi } from "vitest";
import { ForeignAnswer } from "../api/request.ts";
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

it("tells of a foreign answer with what to allow, once a minute, and also of what came before the page listened", () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const reports = createProblemReports();
  const answer = (status: number) =>
    new ForeignAnswer({ method: "POST", path: "/v1/sessions/ses_1/submissions", sentBytes: 9 }, status, "text/html");
  reports.reportForeign(answer(413));
  const heard: string[] = [];
  reports.deliver(({ code, detail, cause }) => heard.push(`${code} (${cause}): ${detail}`));
  expect(heard).toEqual([expect.stringMatching(/^foreign-answer \(413 text\/html\): POST .*docs\/deployment\.md\.$/)]);
  for (let count = 0; count < 3; count += 1) reports.reportForeign(answer(413));
  expect(heard).toHaveLength(1);
  reports.reportForeign(answer(403));
  expect(heard).toHaveLength(2);
  vi.advanceTimersByTime(60_000);
  reports.reportForeign(answer(413));
  expect(heard).toHaveLength(3);
  for (let minutes = 0; minutes < 60; minutes += 1) {
    vi.advanceTimersByTime(60_000);
    reports.reportForeign(answer(413));
  }
  expect(heard.filter((one) => one.includes("(413 "))).toHaveLength(20);
});
