import { onTestFinished } from "vitest";
import type { Provider } from "#providers/provider.ts";
import { absentPlatform, onlyProvider, openTestApp } from "../../testing/app.ts";
import { serveMetrics } from "../listener.ts";
import { createMetrics } from "../metrics.ts";
import { readSeries } from "./numbers.ts";

/** The whole app with its numbers served, until the test is over; `platform` is what its provider can do. */
export async function openMeasured(env: Record<string, string> = {}, platform: Partial<Provider> = {}) {
  const metrics = createMetrics();
  const server = await openTestApp({
    env: { FULLBLEED_METRICS_LISTEN: "127.0.0.1:0", ...env },
    parts: { metrics, providers: onlyProvider({ ...absentPlatform, ...platform }) },
  });
  const listener = await serveMetrics(server.parts).catch(async (cause: unknown) => {
    await server.close();
    throw cause;
  });
  if (listener === undefined) throw new Error("no metrics are served");
  onTestFinished(async () => {
    await listener.stop();
    await server.close();
  });
  const read = async (series: string) => readSeries(await metrics.collect(), series);
  return { server, metrics, url: listener.url, read };
}
