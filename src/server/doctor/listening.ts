import { once } from "node:events";
import net, { isIP } from "node:net";
import { type Finding, ok, wrong } from "#providers/diagnosis.ts";
import { createFreshFetch, readBounded, TransportError } from "#providers/fresh-fetch.ts";
import { describeListenFailure, type Listening } from "../listen-failure.ts";
import { settings } from "../settings.ts";

const { host, port, metricsListen } = settings;
const timeoutMs = 5_000;
const mostBytes = 8 * 1024 * 1024;

function toOrigin(given: string, at: number): string {
  const address = { "0.0.0.0": "127.0.0.1", "::": "::1" }[given] ?? given;
  return `http://${isIP(address) === 6 ? `[${address}]` : address}:${at}`;
}

/** Why it cannot be listened there; found out by doing so for a moment. */
async function findListenFault(given: string, at: number): Promise<unknown> {
  const server = net.createServer();
  try {
    await once(server.listen({ host: given, port: at }), "listening");
    return undefined;
  } catch (cause) {
    return cause;
  } finally {
    server.close();
  }
}

type Listener = "none" | "ours" | "other";

async function findListener(url: string, ours: RegExp): Promise<Listener> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await createFreshFetch()(url, { signal });
    const body = Buffer.from((await readBounded(response, mostBytes)) ?? []).toString();
    return response.ok && ours.test(body) ? "ours" : "other";
  } catch (error) {
    return error instanceof TransportError && error.code === "ECONNREFUSED" ? "none" : "other";
  }
}

const toSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;

/** Where the server listens, and whether it does at this moment. */
export async function checkListening(config: Listening): Promise<[Finding, boolean]> {
  const fault = await findListenFault(config.host, 0);
  if (fault !== undefined) return [wrong(host.variable, toSentence(describeListenFailure(fault))), false];
  if (config.port === 0) return [ok(port.variable, "Takes any free port."), false];
  const origin = toOrigin(config.host, config.port);
  const listener = await findListener(`${origin}/health/live`, /^\{"status":"ok"\}$/);
  if (listener === "ours") return [ok(port.variable, "The server runs there."), true];
  if (listener === "other")
    return [wrong(port.variable, "Another program listens there. End it, or set another port."), false];
  const taken = await findListenFault(config.host, config.port);
  const finding =
    taken === undefined
      ? ok(port.variable, "Is free: no server runs.")
      : wrong(port.variable, toSentence(describeListenFailure(taken)));
  return [finding, false];
}

/** Where the metrics are served, which is nowhere unless the settings say so. */
export async function checkMetrics({ metricsListen: at }: Listening, isRunning: boolean): Promise<Finding[]> {
  const { variable } = metricsListen;
  if (at === undefined) return [];
  const fault = await findListenFault(at.host, 0);
  if (fault !== undefined) return [wrong(variable, toSentence(describeListenFailure(fault)))];
  if (at.port === 0) return [ok(variable, "Takes any free port.")];
  const listener = await findListener(`${toOrigin(at.host, at.port)}/metrics`, /^fullbleed_build_info/m);
  const isFree = listener === "none";
  if (isRunning && isFree)
    return [wrong(variable, "The server runs, and there are no metrics there: it was started without. Restart it.")];
  if (isRunning && listener === "ours") return [ok(variable, "The metrics are there.")];
  const taken = isFree ? await findListenFault(at.host, at.port) : undefined;
  if (taken !== undefined) return [wrong(variable, toSentence(describeListenFailure(taken)))];
  return isFree
    ? [ok(variable, "Is free.")]
    : [wrong(variable, "Another program listens there, or another server. End it, or set another port.")];
}
