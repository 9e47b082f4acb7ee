import http from "node:http";
import https from "node:https";
import type { LookupFunction, Socket } from "node:net";
import { Readable } from "node:stream";
import { createSecureContext, getCACertificates, type SecureContext, TLSSocket } from "node:tls";
import { readExemption } from "./no-proxy.ts";
import { type OutboundProxy, openSocket, openTunnel } from "./tunnel.ts";

const usualIdleTimeoutMs = 120_000;

/** The body is handed over piece by piece, each after the one before it has left; the last piece decides. */
const pieceBytes = 64 * 1024;

/** How calls leave this machine. Certificates and keys are PEM. */
export interface Outbound {
  readonly proxy?: OutboundProxy;
  /** Trusted besides those that Node trusts. */
  readonly ca?: readonly string[];
  /** What a server is shown that asks who calls: the certificate, with those that vouch for it, and its key. */
  readonly client?: { readonly certificate: string; readonly key: string };
  /** No byte in either direction for this long ends the call, whatever the caller's signal says. Two minutes when left out. */
  readonly idleTimeoutMs?: number;
  /** Resolves names for connections that do not go through the proxy, which resolves for itself. */
  readonly lookup?: LookupFunction;
}

/** A proxy is named when the failure is its own ("at") or of what came through it ("behind"). */
type Place = "" | " at the outbound proxy" | " behind the outbound proxy";

/** Of a failure: which code, and whether it is the proxy's own. */
export interface FailurePlace {
  readonly code: string;
  readonly isAtProxy: boolean;
}

/**
 * A call that ended without an HTTP answer. `bodySent` is false only when the last piece of the request was never given
 * to a connected socket, or the other side has refused this side's certificate, so that it cannot have the whole request.
 * The message carries an error code and never the address, which may hold a key.
 */
export class TransportError extends Error implements FailurePlace {
  readonly code: string;
  readonly isAtProxy: boolean;
  readonly bodySent: boolean;
  /** Something came back that is not HTTP, or has a status that ends no request: whatever it is, it is no web service. */
  readonly isForeign: boolean;

  constructor(code: string, bodySent: boolean, place: Place = "") {
    super(`${code}${place} ${bodySent ? "after" : "before"} the whole request was sent`);
    this.name = "TransportError";
    this.code = code;
    this.isAtProxy = place === " at the outbound proxy";
    this.bodySent = bodySent;
    this.isForeign = /^(?:HTTP |HPE_)/.test(code);
  }
}

const uploads = new WeakMap<Response, { stop(): boolean }>();

/**
 * For an answer that came while its request was still being written: stops writing, which makes it certain that the other
 * side never gets the rest, and returns true. Returns false when the whole request had been sent.
 */
export function stopUpload(response: Response): boolean {
  return uploads.get(response)?.stop() ?? false;
}

function codeOf(error: unknown, signal: AbortSignal | null | undefined): string {
  if (signal?.aborted === true)
    return (signal.reason as Error | undefined)?.name === "TimeoutError" ? "ETIMEDOUT" : "ABORTED";
  const code = (error as { code?: unknown }).code;
  return typeof code === "string" && /^[A-Z0-9_/]{1,60}$|^HTTP \d{1,3}$/.test(code) ? code : "ECONNECTION";
}

function toHeaders(message: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

/** Throws an error with a `code` for a status that ends no request (101) or does not exist (999). */
function toResponse(message: http.IncomingMessage): Response {
  const status = message.statusCode ?? 0;
  if (status < 200 || status > 599) throw Object.assign(new Error(), { code: `HTTP ${status}` });
  const init = { status, headers: toHeaders(message) };
  if (status !== 204 && status !== 205 && status !== 304)
    return new Response(Readable.toWeb(message) as ReadableStream<Uint8Array>, init);
  message.resume();
  return new Response(null, init);
}

function toBody(body: RequestInit["body"]): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return body;
  throw new TypeError("freshFetch sends strings and byte arrays only");
}

/**
 * In TLS 1.3 a client has finished its handshake, and sends, before the server has looked at its certificate: one that refuses it
 * then never reads what follows.
 */
export const certificateRefused =
  /^ERR_SSL_[\w/]+_ALERT_(?:CERTIFICATE_(?:REQUIRED|EXPIRED|REVOKED|UNKNOWN)|BAD_CERTIFICATE|UNSUPPORTED_CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED)$/;

interface Call {
  readonly url: URL;
  readonly body: Uint8Array;
  readonly init: RequestInit;
  readonly connect: () => Socket;
  readonly place: Place;
}

function exchange({ url, body, init, connect, place }: Call): Promise<Response> {
  return new Promise((resolve, reject) => {
    const { signal } = init;
    let bodySent = false;
    let isTls13 = false;
    const fail = (error: unknown): void => {
      request.destroy();
      const code = codeOf(error, signal);
      reject(new TransportError(code, bodySent && !(isTls13 && certificateRefused.test(code)), place));
    };
    const headers = {
      "accept-encoding": "identity",
      ...Object.fromEntries(new Headers(init.headers)),
      "content-length": body.byteLength,
    };
    const request = (url.protocol === "https:" ? https : http).request(url, {
      method: init.method ?? "GET",
      headers,
      createConnection: connect,
      ...(signal ? { signal } : {}),
    });
    const take = (message: http.IncomingMessage): void => {
      try {
        const response = toResponse(message);
        uploads.set(response, { stop: () => !bodySent && request.destroy().destroyed });
        resolve(response);
      } catch (error) {
        fail(error);
      }
    };
    request.on("error", fail);
    request.on("response", take);
    // Without a listener a 101 would end the connection without a word, and the caller would wait for ever.
    request.on("upgrade", take);
    const writeFrom = (start: number): void => {
      const end = start + pieceBytes;
      if (request.destroyed) return;
      if (end < body.byteLength) {
        request.write(body.subarray(start, end), (error) => error ?? writeFrom(end));
        return;
      }
      // Before the write and not after it: a write that is reported as failed may still have arrived whole.
      bodySent = true;
      request.end(body.subarray(start));
    };
    request.on("socket", (socket) => {
      if (socket instanceof TLSSocket)
        socket.once("secureConnect", () => {
          isTls13 = socket.getProtocol() === "TLSv1.3";
          writeFrom(0);
        });
      else if (socket.connecting) socket.once("connect", () => writeFrom(0));
      else writeFrom(0);
    });
  });
}

/** What a connection to the platform is secured with; undefined: with what Node trusts, and nothing is shown. */
export function createContext({ ca, client }: Outbound): SecureContext | undefined {
  if (ca === undefined && client === undefined) return undefined;
  return createSecureContext({
    ...(ca && { ca: [...getCACertificates(), ...ca] }),
    ...(client && { cert: client.certificate, key: client.key }),
  });
}

/** The proxy by which this address is reached. */
export function findProxy({ proxy }: Outbound, url: URL): OutboundProxy | undefined {
  return proxy?.except.some((entry) => readExemption(entry)?.(url)) === true ? undefined : proxy;
}

/**
 * Makes a `fetch` with a connection of its own for every request, no redirects and no retries, so that what happened on the wire
 * is what is reported. Takes a URL and the `method`, `headers`, `body` (string or bytes) and `signal` of `fetch`.
 * Rejects with a TransportError. A connection that is kept alive can die under a request; a new one cannot hide that.
 * Throws what OpenSSL says about certificates or a key that it does not take.
 */
export function createFreshFetch(outbound: Outbound = {}): typeof fetch {
  const { proxy, idleTimeoutMs = usualIdleTimeoutMs, lookup } = outbound;
  const toPlatform = { secureContext: createContext(outbound), idleTimeoutMs, lookup };
  // The certificate for the platform is no business of the proxy's.
  const toProxy = { secureContext: outbound.ca && createContext({ ca: outbound.ca }), idleTimeoutMs };
  const exemptions = proxy?.except.map((entry) => readExemption(entry)) ?? [];
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = toBody(init.body);
    const direct: Call = { url, body, init, connect: () => openSocket(url, toPlatform), place: "" };
    if (proxy === undefined || exemptions.some((isExempt) => isExempt?.(url))) return exchange(direct);
    const { signal } = init;
    const tunnel = await openTunnel(proxy, url, toProxy, signal).catch((error: unknown) => {
      throw new TransportError(codeOf(error, signal), false, " at the outbound proxy");
    });
    const connect = (): Socket => openSocket(url, toPlatform, tunnel);
    return exchange({ ...direct, connect, place: " behind the outbound proxy" });
  };
}

/** Directly, with what Node trusts. */
export const freshFetch = createFreshFetch();

/**
 * The body of `response`, or undefined when it is larger than `maxBytes`; the rest is then left unread. Rejects when it breaks
 * off; what has come until then is in `chunks`.
 */
export async function readBounded(
  response: Response,
  maxBytes: number,
  chunks: Uint8Array[] = [],
): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
