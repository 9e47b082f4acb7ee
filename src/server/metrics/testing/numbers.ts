import { createMetrics, type Metrics } from "../metrics.ts";

/** What stands in a scrape: the value of this series, such as `fullbleed_submissions{issuer="default",state="held"}`. */
export function readSeries(text: string, series: string): number | undefined {
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

/** Names of all metrics, those without a value too; a histogram's with its three series. */
export async function listNames(metrics: Metrics = createMetrics()): Promise<ReadonlySet<string>> {
  const types = [...(await metrics.collect()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  const parts = { histogram: ["_bucket", "_sum", "_count"], summary: ["", "_sum", "_count"] };
  return new Set(
    types.flatMap(([, name, type]) => (parts[type as keyof typeof parts] ?? [""]).map((end) => `${name}${end}`)),
  );
}
