import http from "node:http";
import net, { type LookupFunction, type Socket } from "node:net";
import tls, { type SecureContext } from "node:tls";
import { hostOf, portOf } from "./no-proxy.ts";

/** A forward proxy, by which what is outside the issuer's network is reached. */
export interface OutboundProxy {
  /** http or https; host and port alone. */
  readonly url: string;
  /** `user:password`, for basic authentication. */
  readonly credentials?: string;
  /** Reached without it: entries as `readExemption` knows them. */
  readonly except: readonly string[];
}

export interface SocketOptions {
  readonly secureContext: SecureContext | undefined;
  /** Destroyed with ETIMEDOUT when no byte has come or gone for this long. */
  readonly idleTimeoutMs: number;
  /** Resolves the host's name in place of the system; not asked where the host is an IP address. */
  readonly lookup?: LookupFunction | undefined;
}

function connect(url: URL, { secureContext, lookup }: SocketOptions, tunnel: Socket | undefined): Socket {
  const to = { host: hostOf(url), port: portOf(url), ...(lookup && { lookup }) };
  if (url.protocol !== "https:") return tunnel ?? net.connect(to);
  return tls.connect({
    ...to,
    servername: net.isIP(to.host) === 0 ? to.host : "",
    ...(secureContext && { secureContext }),
    ...(tunnel && { socket: tunnel }),
  });
}

/** Begins a connection to the host of `url`, through `tunnel` if there is one; with TLS when it is https. */
export function openSocket(url: URL, options: SocketOptions, tunnel?: Socket): Socket {
  const { idleTimeoutMs } = options;
  const socket = connect(url, options, tunnel);
  return socket.setTimeout(idleTimeoutMs, () => socket.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
}

/**
 * A connection to the host of `target`, made by the proxy. Until there is one, nothing but host and port of the target has been
 * sent. Rejects with an error whose `code` says what is wrong: `HTTP 407` and the like when the proxy refuses, else the system's.
 */
export function openTunnel(
  proxy: OutboundProxy,
  target: URL,
  options: SocketOptions,
  signal: AbortSignal | null | undefined,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const host = hostOf(target);
    const authority = `${host.includes(":") ? `[${host}]` : host}:${portOf(target)}`;
    const { credentials } = proxy;
    const authorization = `Basic ${Buffer.from(credentials ?? "").toString("base64")}`;
    const request = http.request({
      method: "CONNECT",
      path: authority,
      headers: { host: authority, ...(credentials !== undefined && { "proxy-authorization": authorization }) },
      ...(signal && { signal }),
      createConnection: () => openSocket(new URL(proxy.url), options),
    });
    const fail = (error: unknown): void => {
      request.destroy();
      reject(error);
    };
    request.on("error", fail);
    request.on("connect", ({ statusCode = 0 }, socket: Socket, head) => {
      if (statusCode >= 200 && statusCode < 300) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
        return;
      }
      socket.destroy();
      fail(Object.assign(new Error(), { code: `HTTP ${statusCode}` }));
    });
    request.end();
  });
}
