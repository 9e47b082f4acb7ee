import { isIP } from "node:net";
import tls, { type PeerCertificate, type TLSSocket } from "node:tls";
import {
  createContext,
  createFreshFetch,
  type FailurePlace,
  findProxy,
  type Outbound,
  TransportError,
} from "./fresh-fetch.ts";
import { hostOf, portOf } from "./no-proxy.ts";
import { openTunnel } from "./tunnel.ts";

/** The certificate that a server shows, and until when it is good (epoch milliseconds). */
export interface ShownCertificate {
  readonly validTo: number;
}

/** What has come of calling an address. */
export type Reach = {
  /** Undefined where no TLS is spoken. */
  readonly certificate: ShownCertificate | undefined;
} & (
  | {
      readonly kind: "answered";
      /** By how much this machine's clock is ahead of the server's, in milliseconds; undefined when it tells no time. */
      readonly clockAheadMs: number | undefined;
    }
  | ({ readonly kind: "failed" } & FailurePlace)
);

const idleTimeoutMs = 10_000;

/** The server's own certificate, whoever has signed it: nothing is sent to it. Undefined when there is no TLS to be had. */
async function readCertificate(
  outbound: Outbound,
  url: URL,
  signal: AbortSignal,
): Promise<ShownCertificate | undefined> {
  const proxy = findProxy(outbound, url);
  const toProxy = { secureContext: outbound.ca && createContext({ ca: outbound.ca }), idleTimeoutMs };
  const tunnel = proxy && (await openTunnel(proxy, url, toProxy, signal).catch(() => "none" as const));
  if (tunnel === "none" || signal.aborted) return undefined;
  const host = hostOf(url);
  return new Promise((resolve) => {
    const end = (certificate: PeerCertificate | undefined): void => {
      socket.destroy();
      const validTo = Date.parse(certificate?.valid_to ?? "");
      resolve(Number.isNaN(validTo) ? undefined : { validTo });
    };
    const secureContext = createContext(outbound);
    const socket: TLSSocket = tls.connect({
      host,
      port: portOf(url),
      servername: isIP(host) === 0 ? host : "",
      ...(outbound.lookup && { lookup: outbound.lookup }),
      rejectUnauthorized: false,
      ...(secureContext && { secureContext }),
      ...(tunnel && { socket: tunnel }),
    });
    signal.addEventListener("abort", () => end(undefined), { once: true });
    socket.once("error", () => end(undefined));
    socket.once("close", () => end(undefined));
    socket.once("secureConnect", () => end(socket.getPeerCertificate()));
  });
}

/** What the answer's Date says about our clock: nothing of a second that may have been cut off, or of the time on the way. */
function compareClocks(response: Response, askedAt: number, answeredAt: number): number | undefined {
  const theirs = Date.parse(response.headers.get("date") ?? "");
  if (Number.isNaN(theirs)) return undefined;
  if (theirs > answeredAt) return answeredAt - theirs;
  return Math.max(0, askedAt - (theirs + 1000));
}

/** Calls an address once, without any key. Never rejects. */
export async function reach(outbound: Outbound, url: URL, now: () => number, signal: AbortSignal): Promise<Reach> {
  const certificateOf = (): Promise<ShownCertificate | undefined> => readCertificate(outbound, url, signal);
  const plain = new URL(url.pathname, url);
  const askedAt = now();
  try {
    const response = await createFreshFetch(outbound)(plain, { signal });
    const clockAheadMs = compareClocks(response, askedAt, now());
    // Whatever would become of its body, it has answered.
    await response.body?.cancel();
    const certificate = url.protocol === "https:" ? await certificateOf() : undefined;
    return { kind: "answered", clockAheadMs, certificate };
  } catch (error) {
    const { code, isAtProxy } = error instanceof TransportError ? error : { code: "ECONNECTION", isAtProxy: false };
    return { kind: "failed", code, isAtProxy, certificate: isAtProxy ? undefined : await certificateOf() };
  }
}
