import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { issuerEvent, webhookEndpointPage, webhookEndpointSecret } from "#contracts/webhook.ts";
import { type CallDesigner, createCall } from "./call.ts";
import type { BankConfig } from "./config.ts";
import type { News } from "./news.ts";

const toleranceSeconds = 5 * 60;
const retryMs = 1_000;
const endpoints = "/webhook-endpoints";

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

/** Has the designer's server tell the bank at `url` what happens. Throws when it cannot now. */
async function register(call: CallDesigner, news: News, url: string, key: string): Promise<void> {
  const known = news.endpoint();
  if (known !== null) {
    // The bank may have been restarted at another port.
    const { status } = await call("PATCH", `${endpoints}/${known.id}`, { body: { url, enabled: true } });
    if (status === 200) return;
    if (status !== 404) throw new Error(`answered ${status}`);
  }
  // One whose secret this bank has lost is of no use to it.
  const { webhookEndpoints } = webhookEndpointPage.parse((await call("GET", endpoints)).json());
  for (const one of webhookEndpoints)
    if (one.url === url) await call("DELETE", `${endpoints}/${one.webhookEndpointId}`);
  const answer = await call("POST", endpoints, { body: { url }, headers: { "idempotency-key": key } });
  const { webhookEndpointId: id, secret } = webhookEndpointSecret.parse(answer.json());
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
