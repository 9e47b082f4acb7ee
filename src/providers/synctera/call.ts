import { freshFetch, readBounded, TransportError } from "../fresh-fetch.ts";
import { inflate } from "../inflate.ts";
import type { SyncteraOptions } from "./settings.ts";
import { errorBody } from "./wire.ts";

/** How one call ended. `detail` is for operators: it repeats no key, no address and no text of the answer but an error's code. */
export type Answer =
  | { readonly kind: "ok"; readonly response: Response; readonly bytes: Uint8Array }
  /** An error of Synctera's own, in its documented form. */
  | { readonly kind: "error"; readonly response: Response; readonly status: number; readonly detail: string }
  /** Anything else: a gateway's page, a redirection, a reply that broke off. */
  | { readonly kind: "foreign"; readonly response: Response; readonly status: number; readonly detail: string }
  | { readonly kind: "no-answer"; readonly detail: string; readonly notSent: boolean; readonly isForeign: boolean };

export interface Call {
  readonly method: "GET" | "POST" | "PATCH";
  /** Below the interface's address. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly type: string; readonly bytes: Uint8Array };
  /** For a write: the same for each repeat of it. */
  readonly idempotencyKey?: string;
  readonly maxBytes?: number;
}

const usualMaxBytes = 1024 * 1024;

/** Codes of a plain `fetch` that failed before there was a connection. */
const beforeConnection = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

function isProvablyNotSent(error: unknown): boolean {
  if (error instanceof TransportError) return !error.bodySent;
  const cause = (error as { cause?: { code?: unknown } } | null)?.cause;
  return typeof cause?.code === "string" && beforeConnection.has(cause.code);
}

export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function nameMediaType(response: Response): string {
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  return /^[a-z]+\/[a-z0-9.+-]{1,40}$/i.test(type.trim()) ? type.trim().toLowerCase() : "no media type";
}

async function readAnswer(name: string, apiKey: string, response: Response, maxBytes: number): Promise<Answer> {
  const { status } = response;
  const foreign = (what: string): Answer => ({
    kind: "foreign",
    response,
    status,
    detail: `${name} was answered with HTTP ${status} and ${what}`,
  });
  let given: Uint8Array | undefined;
  try {
    given = await readBounded(response, maxBytes);
  } catch {
    return foreign("a reply that broke off");
  }
  const inflated = given && (await inflate(given, response.headers.get("content-encoding"), maxBytes));
  if (inflated === undefined || inflated === "too-large") return foreign("more than is read");
  const { bytes } = inflated;
  if (status >= 200 && status < 300) return { kind: "ok", response, bytes };
  const error = errorBody.safeParse(parseJson(bytes));
  if (!error.success) return foreign(nameMediaType(response));
  const isPlain = /^[A-Za-z0-9_.-]{1,60}$/.test(error.data.code) && !error.data.code.includes(apiKey);
  const code = isPlain ? ` (${error.data.code})` : "";
  return { kind: "error", response, status, detail: `${name} was answered with HTTP ${status}${code}` };
}

/** Calls Synctera once. Never rejects. */
export async function call(options: SyncteraOptions, one: Call, signal: AbortSignal): Promise<Answer> {
  const { method, path, query = {}, body, idempotencyKey, maxBytes = usualMaxBytes } = one;
  const name = `${method} ${path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, "{id}")}`;
  const url = new URL(`${options.url}${path}`);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  try {
    const response = await (options.fetch ?? freshFetch)(url, {
      method,
      headers: {
        authorization: `Bearer ${options.apiKey}`,
        ...(body && { "content-type": body.type }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
      ...(body && { body: body.bytes as Uint8Array<ArrayBuffer> }),
      redirect: "manual",
      signal,
    });
    return await readAnswer(name, options.apiKey, response, maxBytes);
  } catch (error) {
    const isForeign = error instanceof TransportError && error.isForeign;
    const what = error instanceof TransportError ? error.message : "the connection failed";
    return { kind: "no-answer", detail: `${name}: ${what}`, notSent: isProvablyNotSent(error), isForeign };
  }
}

export function toJson(value: object): NonNullable<Call["body"]> {
  return { type: "application/json", bytes: new TextEncoder().encode(JSON.stringify(value)) };
}

/** Statuses below 500 that say that the service, not the call, is the matter. */
const busyStatuses = new Set([408, 425, 429]);
const tooLargeStatus = 413;

/** What an answer that leaves a doubt says about the next picture. */
export function symptomOf(answer: Exclude<Answer, { kind: "ok" }>): "down" | "settings" | undefined {
  if (answer.kind === "no-answer") return answer.isForeign ? "down" : undefined;
  const { status } = answer;
  if (status >= 500 || busyStatuses.has(status) || status < 300) return "down";
  if (answer.kind === "error" && status !== 404) return undefined;
  return status === tooLargeStatus ? undefined : "settings";
}
