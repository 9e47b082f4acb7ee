import { toOneLine } from "#contracts/one-line.ts";
import { readBounded, TransportError } from "#providers/fresh-fetch.ts";
import { createScrub } from "../scrub.ts";
import type { WebhookEndpointTable } from "../store/schema.ts";
import { type AddressGuard, notAllowed } from "./addresses.ts";
import { signMessage } from "./secrets.ts";

/** What it takes to post a webhook. */
export interface Poster {
  /** Follows no redirect, and connects to nothing but what the guard has looked at. */
  readonly fetch: typeof fetch;
  readonly guard: AddressGuard;
  /** For one try, from the name's resolution to the answer's headers. */
  readonly timeoutMs: number;
  now(): number;
}

/** `detail` is for the issuer, `code` for the log as well: nothing of the answer's body is in it. */
export type Posted =
  | { readonly kind: "delivered" }
  | { readonly kind: "gone"; readonly code: string }
  | { readonly kind: "failed"; readonly code: string; readonly detail: string; readonly retryAfterMs: number };

/** What comes in one piece is read; nothing after it. */
const maxReadBytes = 64 * 1024;
const maxExcerpt = 120;

const scrub = createScrub([]);

/** The beginning of what was answered, as one line without what looks like a credential. */
async function readExcerpt(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  await readBounded(response, maxReadBytes, chunks).catch(() => undefined);
  const text = toOneLine(Buffer.concat(chunks).subarray(0, maxReadBytes).toString("utf8")).trim();
  return scrub(text.replaceAll(/\s+/g, " ")).slice(0, maxExcerpt);
}

/** Of a header that is a number of seconds or a date; 0 when it is neither, or over. */
function readRetryAfter(response: Response, now: number): number {
  const text = response.headers.get("retry-after")?.trim() ?? "";
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? 0 : Math.max(0, date - now);
}

async function judge(response: Response, now: number): Promise<Posted> {
  const { status } = response;
  const code = `HTTP ${status}`;
  if (response.ok || status === 410) {
    void response.body?.cancel().catch(() => undefined);
    return response.ok ? { kind: "delivered" } : { kind: "gone", code };
  }
  const excerpt = await readExcerpt(response);
  const said = status >= 300 && status < 400 ? "redirects are not followed" : excerpt;
  return {
    kind: "failed",
    code,
    detail: said === "" ? code : `${code}: ${said}`,
    retryAfterMs: readRetryAfter(response, now),
  };
}

function fail(code: string, detail = code): Posted {
  return { kind: "failed", code, detail, retryAfterMs: 0 };
}

/** One try: signs the body and posts it. Never rejects; after `stopped` what it says means nothing. */
export async function postWebhook(
  { fetch, guard, timeoutMs, now }: Poster,
  endpoint: Pick<WebhookEndpointTable, "url" | "secrets">,
  id: string,
  body: string,
  stopped: AbortSignal,
): Promise<Posted> {
  const refusal = guard.refuse(endpoint.url);
  if (refusal !== undefined) return fail(notAllowed, `not tried: the address ${refusal}`);
  try {
    const response = await fetch(endpoint.url, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "Fullbleed-Webhooks/1",
        ...signMessage(endpoint, id, now(), body),
      },
      body,
      signal: AbortSignal.any([AbortSignal.timeout(timeoutMs), stopped]),
    });
    return await judge(response, now());
  } catch (error) {
    const { code = "ECONNECTION", message } = error as NodeJS.ErrnoException;
    const text = error instanceof TransportError ? message : code;
    if (text.startsWith(notAllowed)) return fail(notAllowed, "not tried: its host is not in a public network");
    return fail(text);
  }
}
