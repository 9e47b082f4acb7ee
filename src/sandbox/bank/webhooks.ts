import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { issuerEvent, webhookEndpointPage, webhookEndpointSecret } from "#contracts/webhook.ts";
import type { BankConfig } from "./config.ts";
import type { News } from "./news.ts";

const toleranceSeconds = 5 * 60;
const callTimeoutMs = 10_000;
const retryMs = 1_000;

export const webhookPath = "/webhooks/card-designs";

/** Whether these very bytes were signed with the secret, not long ago (Standard Webhooks). */
export function isSigned(secret: string, headers: IncomingHttpHeaders, body: string, nowSeconds: number): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures } = headers;
  if (!(Math.abs(nowSeconds - Number(timestamp)) <= toleranceSeconds)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const expected = createHmac("sha256", key)
    .update(`${String(id)}.${String(timestamp)}.${body}`)
    .digest();
  return String(signatures)
    .split(" ")
    .map((one) => Buffer.from(one.replace(/^v1,/, ""), "base64"))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

/** What to answer to a webhook; what is new in it is kept. One that comes twice is answered like the first. */
export function takeWebhook(news: News, headers: IncomingHttpHeaders, body: string): 204 | 400 | 401 {
  const secret = news.endpoint()?.secret;
  if (secret === undefined || !isSigned(secret, headers, body, Date.now() / 1000)) return 401;
  const content = JSON.parse(body) as { type?: unknown };
  if (content.type === "ping") return 204;
  const event = issuerEvent.safeParse(content);
  if (!event.success) return 400;
  news.keep(event.data);
  return 204;
}

/** Calls of the designer's server with the bank's key: the answer's status, and its content. */
function createCall({ designerUrl, issuerKey }: BankConfig, stopped: AbortSignal) {
  return async (method: string, path: string, body?: object, more: Record<string, string> = {}) => {
    const answer = await fetch(`${designerUrl}/v1/webhook-endpoints${path}`, {
      method,
      headers: {
        authorization: `Bearer ${issuerKey}`,
        ...(body && { "content-type": "application/json" }),
        ...more,
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.any([AbortSignal.timeout(callTimeoutMs), stopped]),
    });
    const text = await answer.text();
    return { status: answer.status, content: text === "" ? null : (JSON.parse(text) as unknown) };
  };
}

/** Has the designer's server tell the bank at `url` what happens. Throws when it cannot now. */
async function register(call: ReturnType<typeof createCall>, news: News, url: string, key: string): Promise<void> {
  const known = news.endpoint();
  if (known !== null) {
    // The bank may have been restarted at another port.
    const { status } = await call("PATCH", `/${known.id}`, { url, enabled: true });
    if (status === 200) return;
    if (status !== 404) throw new Error(`answered ${status}`);
  }
  // One whose secret this bank has lost is of no use to it.
  const { webhookEndpoints } = webhookEndpointPage.parse((await call("GET", "")).content);
  for (const one of webhookEndpoints) if (one.url === url) await call("DELETE", `/${one.webhookEndpointId}`);
  const { content } = await call("POST", "", { url }, { "idempotency-key": key });
  const { webhookEndpointId: id, secret } = webhookEndpointSecret.parse(content);
  news.setEndpoint({ id, secret });
}

/** Registers, trying again until the designer's server is there. Gives what ends that. */
export function startRegistering(config: BankConfig, news: News, url: string): () => Promise<void> {
  const stopped = new AbortController();
  const call = createCall(config, stopped.signal);
  const key = randomUUID();
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      const isDone = await register(call, news, url, key).then(
        () => true,
        () => false,
      );
      if (isDone) return;
      await sleep(retryMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return () => {
    stopped.abort();
    return running;
  };
}
