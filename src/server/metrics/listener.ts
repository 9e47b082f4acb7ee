import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ConfigError } from "../config.ts";
import { describeListenFailure } from "../listen-failure.ts";
import type { AppParts } from "../parts.ts";
import { followHistory } from "./history.ts";
import { lookUp } from "./look-up.ts";
import type { Metrics } from "./metrics.ts";

/** For so long what was collected is good for whoever asks next. */
const freshMs = 1_000;
/** What has happened is taken in also while nobody asks, so that the first who does need not wait. */
const followMs = 10_000;

export interface MetricsListener {
  readonly url: string;
  stop(): Promise<void>;
}

/** Calls within a second of each other share one collection. */
export function shareCollections(collect: () => Promise<string>): () => Promise<string> {
  let latest: Promise<string> | undefined;
  const forget = (): void => void (latest = undefined);
  return () => {
    if (latest !== undefined) return latest;
    latest = collect();
    latest.then(() => setTimeout(forget, freshMs).unref(), forget);
    return latest;
  };
}

/** For a browser that is led there. */
const guarded = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;

function serve(collect: () => Promise<string>, { contentType }: Metrics): Server {
  return createServer((request, response) => {
    if (request.method !== "GET" || request.url?.split("?")[0] !== "/metrics") {
      response.writeHead(404, { ...guarded, "content-type": "text/plain" }).end("The numbers are at /metrics.\n");
      return;
    }
    collect().then(
      (text) => response.writeHead(200, { ...guarded, "content-type": contentType }).end(text),
      () => response.writeHead(500, guarded).end(),
    );
  });
}

async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<string> {
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    const why = describeListenFailure(cause);
    throw new ConfigError(`FULLBLEED_METRICS_LISTEN is not valid: ${why} (${host}, port ${port}).`, { cause });
  }
  const { address, port: taken, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${taken}/metrics`;
}

/**
 * Serves the numbers on a socket of their own, where no proxy in front of the server leads. Undefined when the settings say so.
 * To be called when the app is built and before anything is sent. Throws ConfigError.
 */
export async function serveMetrics(parts: AppParts): Promise<MetricsListener | undefined> {
  const { config, store, now, metrics, log } = parts;
  if (config.metricsListen === undefined || metrics === undefined) return undefined;
  const follow = await followHistory(store, config.issuers, metrics);
  metrics.onCollect(follow);
  lookUp({ store, issuers: config.issuers, now }, metrics);
  const server = serve(shareCollections(metrics.collect), metrics);
  const url = await listen(server, config.metricsListen);
  log.info({ at: url }, "metrics are served");
  const timer = setInterval(() => void follow().catch(() => undefined), followMs).unref();
  return {
    url,
    async stop() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
      // What is being read of the database ends before that is closed.
      await follow().catch(() => undefined);
    },
  };
}
