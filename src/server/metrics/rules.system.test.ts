import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { findPromtool } from "../../../scripts/browsers.mjs";
import { makeTestFolder } from "../testing/folder.ts";
import { type Dashboard, listExpressions, readDeployed } from "./testing/rules.ts";

const promtool = findPromtool();
const folder = path.join(import.meta.dirname, "../../../deploy/prometheus");
const run = (...args: string[]) =>
  execFileSync(promtool ?? "", args, { cwd: folder, encoding: "utf8", timeout: 60_000, stdio: "pipe" });

describe.skipIf(promtool === undefined)("Prometheus", () => {
  test("reads the alerts", () => {
    expect(run("check", "rules", "alerts.yml")).toMatch(/SUCCESS: \d+ rules found/);
  });

  test("fires each alert when it should, and not before", () => {
    expect(run("test", "rules", "alerts.test.yml")).toContain("SUCCESS");
  });

  test("understands what the dashboard asks", async () => {
    const asked = listExpressions(JSON.parse(readDeployed("grafana/fullbleed.json")) as Dashboard);
    const rules = asked.map((expr, n) => ({ record: `asked:${n}`, expr }));
    const file = path.join(await makeTestFolder(), "dashboard.json");
    // JSON is YAML too.
    writeFileSync(file, JSON.stringify({ groups: [{ name: "dashboard", rules }] }));
    expect(run("check", "rules", file)).toContain(`SUCCESS: ${asked.length} rules found`);
  });
});
