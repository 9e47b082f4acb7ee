import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { listNames } from "./testing/numbers.ts";
import { type Dashboard, listExpressions, readDeployed } from "./testing/rules.ts";

const rules = readDeployed("prometheus/alerts.yml");
const page = readFileSync(new URL("../../../docs/operations.md", import.meta.url), "utf8");
const dashboard = JSON.parse(readDeployed("grafana/fullbleed.json")) as Dashboard;
const alerts = [...rules.matchAll(/- alert: (\w+)\n([\s\S]*?)(?=\n\n|$)/g)].map(([, name = "", body = ""]) => ({
  name,
  body,
}));

const namesIn = (text: string): string[] => [...new Set(text.match(/\b(?:fullbleed|nodejs|process)_\w+/g))];

test("every metric that a rule or the dashboard goes by is one that the server has", async () => {
  const there = await listNames();
  const used = [...namesIn(rules), ...namesIn(listExpressions(dashboard).join("\n"))];
  expect(used.length).toBeGreaterThan(30);
  expect(used.filter((name) => !there.has(name))).toEqual([]);
});

test("operations.md describes every metric of ours, and no other", async () => {
  const described = namesIn(page.slice(page.indexOf("## Metrics"), page.indexOf("## Alerts"))).filter((name) =>
    name.startsWith("fullbleed_"),
  );
  const ours = [...(await listNames())].filter(
    (name) => name.startsWith("fullbleed_") && !/_(?:bucket|sum|count)$/.test(name),
  );
  const histograms = [...(await listNames())].flatMap((name) =>
    /^fullbleed_.*_bucket$/.test(name) ? [name.replace(/_bucket$/, "")] : [],
  );
  expect(described.toSorted()).toEqual([...ours, ...histograms].toSorted());
});

test("every alert says how bad it is and what it means, and has its section of what to do, and every section its alert", () => {
  expect(alerts.length).toBeGreaterThan(15);
  for (const { name, body } of alerts) {
    expect(body, name).toMatch(/labels: \{ severity: (?:critical|warning|info) \}/);
    expect(body, name).toMatch(/summary: \S[^\n]+\n\s+description: \S[^\n]+\n/);
    expect(body, name).toContain(`runbook_url: docs/operations.md#${name.toLowerCase()}`);
  }
  const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, title = ""]) => title);
  expect(sections.toSorted()).toEqual(alerts.map(({ name }) => name).toSorted());
});

test("every alert has a test in which it fires and one in which it is silent", () => {
  const tests = readDeployed("prometheus/alerts.test.yml");
  for (const { name } of alerts) {
    const looks = [
      ...tests.matchAll(new RegExp(`alertname="${name}",alertstate="firing"[^\\n]*exp_samples: (\\[\\]|\\[\\{)`, "g")),
    ];
    expect(
      looks.map(([, expected]) => expected),
      name,
    ).toEqual(["[]", "[{"]);
  }
});

test("the dashboard has what Grafana needs: panels of known kinds that do not overlap, each with its question", () => {
  expect(dashboard).toMatchObject({ title: "Fullbleed", uid: "fullbleed", schemaVersion: 38 });
  expect(dashboard.templating.list).toMatchObject([{ name: "datasource", type: "datasource", query: "prometheus" }]);
  const { panels } = dashboard;
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, n) => `${x + (n % w)}/${y + Math.floor(n / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  for (const panel of panels) {
    expect(panel.title).toMatch(/\S/);
    expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
    if (panel.type === "row") continue;
    expect(["stat", "timeseries"]).toContain(panel.type);
    for (const { expr, datasource } of panel.targets ?? []) {
      expect(expr, panel.title).toContain('job="fullbleed"');
      expect(datasource).toEqual({ type: "prometheus", uid: "${datasource}" });
    }
    expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
  }
});
