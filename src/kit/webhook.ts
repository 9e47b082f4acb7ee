import { createHmac, timingSafeEqual } from "node:crypto";
import { FullbleedError } from "./error.ts";
import type { IssuerEvent } from "./shapes.ts";

/** What `POST /v1/webhook-endpoints/ID/ping` sends. */
export interface PingEvent {
  readonly type: "ping";
}

/** Those of Node, of Express and Fastify, or of a `Request`. */
export type WebhookHeaders = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

export interface WebhookOptions {
  /** How far its time may be from now, in seconds; 300 unless given. */
  readonly toleranceSeconds?: number | undefined;
  /** Epoch milliseconds; the clock's unless given. */
  readonly now?: number | undefined;
}

const maxSignatures = 20;

function readHeader(headers: WebhookHeaders, name: string): string {
  if (headers instanceof Headers) return headers.get(name) ?? "";
  const [, value = ""] = Object.entries(headers).find(([key]) => key.toLowerCase() === name) ?? [];
  return typeof value === "string" ? value : value.join(" ");
}

function isSigned(key: Buffer, signed: readonly (string | Uint8Array)[], signatures: readonly Buffer[]): boolean {
  const hmac = createHmac("sha256", key);
  for (const part of signed) hmac.update(part);
  const expected = hmac.digest();
  return signatures.some((one) => one.length === expected.length && timingSafeEqual(one, expected));
}

/** Throws for none: what is signed with an empty key, anybody can sign. */
function readKeys(secrets: string | readonly string[]): Buffer[] {
  const keys = [secrets].flat().map((secret) => Buffer.from(secret.replace(/^whsec_/, ""), "base64"));
  if (keys.length === 0 || keys.some((key) => key.length === 0))
    throw new FullbleedError("bad-option", "secrets: give the webhook endpoint's secret, whsec_ and base64.");
  return keys;
}

/**
 * The event in a webhook (Standard Webhooks), once it is sure who sent it. `body` is what arrived, byte for byte, not JSON that was parsed
 * and written again. Of several secrets, as while one is replaced, any will do.
 * Throws a `FullbleedError`: `not-signed`, `outdated` (signed too long ago, or by another clock) or `malformed`. Answer 401 then.
 */
export function verifyWebhook(
  body: string | Uint8Array,
  headers: WebhookHeaders,
  secrets: string | readonly string[],
  { toleranceSeconds = 300, now = Date.now() }: WebhookOptions = {},
): IssuerEvent | PingEvent {
  const keys = readKeys(secrets);
  const [id, timestamp, given] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) =>
    readHeader(headers, name),
  );
  const signatures = (given ?? "")
    .split(" ", maxSignatures)
    .filter((one) => one.startsWith("v1,"))
    .map((one) => Buffer.from(one.slice(3), "base64"));
  if (!keys.some((key) => isSigned(key, [`${id}.${timestamp}.`, body], signatures)))
    throw new FullbleedError("not-signed", "The webhook is not signed with this secret.");
  if (!(Math.abs(now / 1000 - Number(timestamp)) <= toleranceSeconds))
    throw new FullbleedError("outdated", `The webhook was signed more than ${toleranceSeconds} s from now.`);
  try {
    const event = JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString("utf8")) as IssuerEvent;
    if (typeof event.type === "string") return event;
  } catch (cause) {
    throw new FullbleedError("malformed", "The webhook's body is no JSON.", { cause });
  }
  throw new FullbleedError("malformed", "The webhook's body has no type.");
}
