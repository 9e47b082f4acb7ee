import { readFileSync } from "node:fs";

interface Target {
  readonly expr: string;
  readonly datasource: unknown;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
}

export interface Dashboard {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly unknown[] };
  readonly annotations: { readonly list: readonly Target[] };
}

/** A file of what is given to operators, by its path in `deploy/`. */
export function readDeployed(file: string): string {
  return readFileSync(new URL(`../../../../deploy/${file}`, import.meta.url), "utf8");
}

/** What the dashboard asks Prometheus; Grafana's own variable stands for five minutes. */
export function listExpressions({ panels, annotations }: Dashboard): string[] {
  const targets = [...panels.flatMap((panel) => panel.targets ?? []), ...annotations.list];
  return targets.map(({ expr }) => expr.replaceAll("$__rate_interval", "5m"));
}
