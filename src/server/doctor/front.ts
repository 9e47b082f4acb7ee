import { once } from "node:events";
import net, { BlockList, isIP } from "node:net";
import { type Finding, ok, skipped, unchecked, wrong } from "#providers/diagnosis.ts";
import { createFreshFetch, type Outbound, readBounded, TransportError } from "#providers/fresh-fetch.ts";
import type { Config } from "../config.ts";
import { settings } from "../settings.ts";

const { host, port, publicUrl, trustedProxies } = settings;
const timeoutMs = 5_000;

function toOrigin(given: string, at: number): string {
  const address = { "0.0.0.0": "127.0.0.1", "::": "::1" }[given] ?? given;
  return `http://${isIP(address) === 6 ? `[${address}]` : address}:${at}`;
}

/** Whether this machine has the address, found out with a port that nobody uses. */
async function findHostFault(given: string): Promise<string | undefined> {
  const server = net.createServer();
  try {
    await once(server.listen({ host: given, port: 0 }), "listening");
    return undefined;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code ?? "unknown";
  } finally {
    server.close();
  }
}

type Listener = "none" | "ours" | "other";

async function findListener(origin: string): Promise<Listener> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await createFreshFetch()(`${origin}/health/live`, { signal });
    const body = Buffer.from((await readBounded(response, 1000)) ?? []).toString();
    return response.ok && /^\{"status":"ok"\}$/.test(body) ? "ours" : "other";
  } catch (error) {
    return error instanceof TransportError && error.code === "ECONNREFUSED" ? "none" : "other";
  }
}

/** Where the server listens, and whether it does at this moment. */
export async function checkListening(config: Pick<Config, "host" | "port">): Promise<[Finding, boolean]> {
  const fault = await findHostFault(config.host);
  if (fault !== undefined)
    return [
      wrong(host.variable, `This machine cannot listen there (${fault}). Set an address of it, such as 0.0.0.0`),
      false,
    ];
  if (config.port === 0) return [ok(port.variable, "Takes any free port."), false];
  const listener = await findListener(toOrigin(config.host, config.port));
  if (listener === "other")
    return [wrong(port.variable, "Another program listens there. End it, or set another port."), false];
  const says = listener === "ours" ? "The server runs there." : "Is free: no server runs.";
  return [ok(port.variable, says), listener === "ours"];
}

function isLocal(url: URL): boolean {
  return url.protocol === "http:";
}

function judgeHeaders(headers: Headers): Finding {
  const { variable } = publicUrl;
  if (headers.has("x-frame-options"))
    return wrong(
      variable,
      "What is in front of the server adds X-Frame-Options, so that no page of an issuer can show the designer. Have it leave that header out.",
    );
  const allowed = [...(headers.get("content-security-policy") ?? "").matchAll(/frame-ancestors ([^;,]*)/g)];
  if (allowed.length === 0)
    return wrong(
      variable,
      "What answers there is not this server, or what is in front of it takes away Content-Security-Policy. Correct one of them.",
    );
  if (allowed.some(([, who]) => who?.trim() !== "*"))
    return wrong(
      variable,
      "What is in front of the server adds a Content-Security-Policy with frame-ancestors of its own, so that no page of an issuer can show the designer. Have it leave that out.",
    );
  return ok(variable, "The server answers there, and says itself which pages may show the designer.");
}

/** What browsers get: of a session that there is not, any page may show that it has ended. */
export async function checkPublicUrl(
  config: Pick<Config, "publicUrl">,
  ca: Outbound["ca"],
  isRunning: boolean,
): Promise<Finding> {
  const { variable } = publicUrl;
  if (!isRunning) return skipped(variable, "Whether browsers get there is looked at while the server runs.");
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const response = await createFreshFetch(ca && { ca })(`${config.publicUrl}/frame/doctor`, { signal });
    await readBounded(response, 64 * 1024);
    if (response.status >= 500)
      return wrong(variable, `What is in front of the server answers HTTP ${response.status}: it does not reach it.`);
    return judgeHeaders(response.headers);
  } catch (error) {
    const code = error instanceof TransportError ? error.code : "unknown";
    return unchecked(variable, `It is not reached from this machine (${code}). Try it with a browser: /health/live`);
  }
}

/** Without the proxy's address all cardholders are one sender. */
export function checkTrustedProxies(config: Pick<Config, "publicUrl" | "trustedProxies" | "host">): Finding {
  const { variable } = trustedProxies;
  if (isLocal(new URL(config.publicUrl))) return ok(variable, "Not needed on this machine.");
  if (config.trustedProxies.length === 0)
    return wrong(
      variable,
      "Is not set, and something in front of the server speaks https for it: all cardholders count as one address. Set the address from which it calls the server.",
    );
  const loopback = ["127.0.0.1", "localhost", "::1"].includes(config.host);
  const list = new BlockList();
  for (const entry of config.trustedProxies) {
    const [address = "", bits] = entry.split("/");
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    list.addSubnet(address, Number(bits ?? (family === "ipv6" ? 128 : 32)), family);
  }
  if (loopback && !list.check("127.0.0.1") && !list.check("::1", "ipv6"))
    return wrong(
      variable,
      `The server listens on this machine only (${host.variable}), so that its proxy calls from 127.0.0.1 or ::1, which is not in it. Add it.`,
    );
  return ok(variable, "Set.");
}
