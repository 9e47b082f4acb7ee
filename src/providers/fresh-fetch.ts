import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";

/** No byte in either direction for this long ends the call, whatever the caller's signal says. */
const idleTimeoutMs = 120_000;

/** The body is handed over piece by piece, each after the one before it has left; the last piece decides. */
const pieceBytes = 64 * 1024;

/**
 * A call that ended without an HTTP answer. `bodySent` is false only when the last piece of the request was never given
 * to a connected socket, so that the other side cannot have the whole request.
 * The message carries an error code and never the address, which may hold a key.
 */
export class TransportError extends Error {
  readonly bodySent: boolean;

  constructor(code: string, bodySent: boolean) {
    super(`${code} ${bodySent ? "after" : "before"} the whole request was sent`);
    this.name = "TransportError";
    this.bodySent = bodySent;
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
  return typeof code === "string" && /^[A-Z0-9_]{1,60}$/.test(code) ? code : "ECONNECTION";
}

function toHeaders(message: http.IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(message.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}

function toResponse(message: http.IncomingMessage): Response {
  const status = message.statusCode ?? 0;
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
 * `fetch` with a connection of its own for every request, no redirects and no retries, so that what happened on the wire
 * is what is reported. Takes a URL and the `method`, `headers`, `body` (string or bytes) and `signal` of `fetch`.
 * Rejects with a TransportError. A connection that is kept alive can die under a request; a new one cannot hide that.
 */
export const freshFetch: typeof fetch = (input, init = {}) =>
  new Promise((resolve, reject) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const body = toBody(init.body);
    const { signal } = init;
    let bodySent = false;
    const fail = (error: unknown) => {
      request.destroy();
      reject(new TransportError(codeOf(error, signal), bodySent));
    };
    const headers = {
      "accept-encoding": "identity",
      ...Object.fromEntries(new Headers(init.headers)),
      "content-length": body.byteLength,
    };
    const options = {
      method: init.method ?? "GET",
      headers,
      agent: false as const,
      timeout: idleTimeoutMs,
      ...(signal ? { signal } : {}),
    };
    const isSecure = url.protocol === "https:";
    const request = (isSecure ? https : http).request(url, options);
    request.on("timeout", () => request.destroy(Object.assign(new Error(), { code: "ETIMEDOUT" })));
    request.on("error", fail);
    request.on("response", (message) => {
      try {
        const response = toResponse(message);
        uploads.set(response, { stop: () => !bodySent && request.destroy().destroyed });
        resolve(response);
      } catch (error) {
        fail(error);
      }
    });
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
    request.on("socket", (socket) => socket.once(isSecure ? "secureConnect" : "connect", () => writeFrom(0)));
  });

/** The body of `response`, or undefined when it is larger than `maxBytes`; the rest is then left unread. Rejects when it breaks off. */
export async function readBounded(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
