import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Span, SpanKind } from "@opentelemetry/api";
import type { FastifyBaseLogger } from "fastify";
import type { Notifier } from "../events/notifier.ts";
import { type Loop, startLoop } from "../jobs/loop.ts";
import type { Metrics } from "../metrics/metrics.ts";
import type { Store, WebhookEndpointTable } from "../store/schema.ts";
import { inSpan, markFailed, resumeTrace } from "../traces/spans.ts";
import { readBounds, readEvents } from "./events.ts";
import { type Posted, type Poster, postWebhook } from "./post.ts";
import { claim, listWaiting, release, renew, repair, settle, type Verdict, type Waiting } from "./queue.ts";

/** How patient webhooks are. All times in milliseconds. */
export interface WebhookPolicy {
  /** Between one try of an event and the next; one more try than there are pauses. */
  readonly pausesMs: readonly number[];
  /** Tries of the event after one that was given up: if they fail too, it is the endpoint and not the event. */
  readonly triesAfterGivingUp: number;
  /** The longest wait that a Retry-After brings about. */
  readonly longestRetryAfterMs: number;
  /** Endpoints that are called at the same time, one event each. */
  readonly concurrency: number;
  /** Longest sleep without a look at the database. */
  readonly pollMs: number;
  /** A server that has not renewed its lease for so long is taken for dead. */
  readonly leaseMs: number;
  /** How long a call that is under way may still take when the server stops. */
  readonly graceMs: number;
  /** 0 <= random() < 1. */
  readonly random: () => number;
}

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** The schedule that Standard Webhooks gives as its example: ten tries in 75 hours, 35 minutes and 5 seconds. */
export const defaultWebhookPolicy: WebhookPolicy = {
  pausesMs: [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour],
  triesAfterGivingUp: 3,
  longestRetryAfterMs: 24 * hour,
  concurrency: 256,
  pollMs: 5_000,
  leaseMs: 15_000,
  graceMs: 5_000,
  random: Math.random,
};

/** The pause after this many failed tries, a tenth more or less at random; longer where the endpoint has asked for it. */
export function pauseMs(tries: number, retryAfterMs: number, policy: WebhookPolicy): number {
  const full = policy.pausesMs[tries - 1] ?? policy.pausesMs.at(-1) ?? 0;
  const own = Math.round(full * (0.9 + policy.random() / 5));
  return Math.max(own, Math.min(retryAfterMs, policy.longestRetryAfterMs));
}

export interface WebhookCourierOptions {
  readonly store: Store;
  readonly notifier: Notifier;
  readonly log: FastifyBaseLogger;
  readonly poster: Poster;
  readonly policy?: Partial<WebhookPolicy>;
  readonly metrics?: Metrics | undefined;
  now(): number;
}

/** Tells the issuers' endpoints what has happened: each in order, none waiting for another. */
export interface WebhookCourier {
  start(): void;
  wake(): void;
  /** Takes up nothing new; calls that are under way get a few seconds, and are made again later if they do not end in them. */
  stop(): Promise<void>;
}

function decide(row: WebhookEndpointTable, posted: Posted, policy: WebhookPolicy): Verdict {
  if (posted.kind === "delivered") return { kind: "delivered" };
  if (posted.kind === "gone") return { kind: "disabled", because: "gone", error: posted.code };
  const tries = row.attempt + 1;
  const isAfterGivingUp = row.has_just_given_up === 1;
  const most = isAfterGivingUp ? policy.triesAfterGivingUp : policy.pausesMs.length + 1;
  if (tries < most)
    return { kind: "again", error: posted.detail, pauseMs: pauseMs(tries, posted.retryAfterMs, policy) };
  return isAfterGivingUp
    ? { kind: "disabled", because: "failing", error: posted.detail }
    : { kind: "given-up", error: posted.detail };
}

/** What happened to one event, for the operator; only the issuer sees what its endpoint has answered. */
function report(
  log: FastifyBaseLogger,
  row: WebhookEndpointTable,
  seq: number,
  posted: Posted,
  verdict: Verdict,
): void {
  const fields = {
    endpointId: row.id,
    issuerId: row.issuer_id,
    seq,
    tries: row.attempt + 1,
    outcome: posted.kind === "delivered" ? posted.kind : posted.code,
  };
  if (verdict.kind === "delivered") return log.info(fields, "a webhook was delivered");
  if (verdict.kind === "again") return log.warn(fields, "a webhook was not taken, will be tried again");
  if (verdict.kind === "given-up")
    return log.error(fields, "a webhook was not taken in all its tries: given up, and the next event tried");
  return log.error(fields, "a webhook endpoint takes nothing: disabled until the issuer enables it");
}

interface Delivering extends WebhookCourierOptions {
  readonly policy: WebhookPolicy;
  readonly holder: string;
  /** Aborted when no call may go on any more. */
  readonly stopped: AbortSignal;
  isStopping(): boolean;
}

/** Events that were deleted before the endpoint was told of them: nobody can be told any more. Gives the row if there are newer ones. */
async function passOver(
  { store, log, now }: Delivering,
  row: WebhookEndpointTable,
): Promise<WebhookEndpointTable | undefined> {
  const { lastSeq } = await readBounds(store, row.issuer_id);
  if (lastSeq <= row.delivered_seq) return undefined;
  const [late] = await readEvents(store, row.issuer_id, row.delivered_seq, 1);
  if (late !== undefined) return row;
  const fields = { endpointId: row.id, issuerId: row.issuer_id, after: row.delivered_seq, lastSeq };
  log.error(fields, "events were deleted before a webhook endpoint was told of them: passed over");
  return settle(store, row, lastSeq, now(), { kind: "delivered" });
}

/** A trace of its own. */
function post(
  { poster, stopped }: Delivering,
  row: WebhookEndpointTable,
  event: Awaited<ReturnType<typeof readEvents>>[number],
): Promise<Posted> {
  const about = {
    "fullbleed.issuer_id": row.issuer_id,
    "fullbleed.endpoint_id": row.id,
    "fullbleed.event_seq": event.seq,
    "fullbleed.tries": row.attempt + 1,
  };
  const work = async (span: Span): Promise<Posted> => {
    const posted = await postWebhook(poster, row, event.id, JSON.stringify(event), stopped);
    span.setAttribute("fullbleed.outcome", posted.kind);
    if (posted.kind !== "delivered") markFailed(span);
    return posted;
  };
  return resumeTrace(null, () => inSpan("webhook post", about, work, SpanKind.CLIENT));
}

/** One try of the endpoint's next event. Gives the row when there may be another to deliver at once. */
async function tryNext(context: Delivering, row: WebhookEndpointTable): Promise<WebhookEndpointTable | undefined> {
  const { store, log, policy, stopped, metrics, now } = context;
  const [event] = await readEvents(store, row.issuer_id, row.delivered_seq, 1);
  if (event === undefined) return passOver(context, row);
  const posted = await post(context, row, event);
  // What was cut off is no fault of the endpoint's.
  if (stopped.aborted && posted.kind !== "delivered") return undefined;
  const verdict = decide(row, posted, policy);
  const settled = await settle(store, row, event.seq, now(), verdict);
  if (settled === undefined) return undefined;
  metrics?.webhookTries.inc({ issuer: row.issuer_id, outcome: verdict.kind });
  report(log, row, event.seq, posted, verdict);
  return verdict.kind === "delivered" || verdict.kind === "given-up" ? settled : undefined;
}

/** Delivers until there is nothing more, or a try has failed. */
async function deliverAll(context: Delivering, claimed: WebhookEndpointTable): Promise<void> {
  try {
    let row: WebhookEndpointTable | undefined = claimed;
    while (row !== undefined && !context.isStopping()) row = await tryNext(context, row);
  } finally {
    await release(context.store, claimed.id, context.holder);
  }
}

export function createWebhookCourier(options: WebhookCourierOptions): WebhookCourier {
  const { store, notifier, log, now } = options;
  const policy: WebhookPolicy = { ...defaultWebhookPolicy, ...options.policy };
  const holder = randomUUID();
  const running = new Map<string, Promise<void>>();
  const abort = new AbortController();
  let isStopping = false;
  let loop: Loop | undefined;
  let unlisten = (): void => {};
  let heart: NodeJS.Timeout | undefined;
  const context = { ...options, policy, holder, stopped: abort.signal, isStopping: () => isStopping };
  const onTrouble = (cause: unknown): void => log.error({ err: cause }, "webhooks failed and will be tried again");

  async function takeUp(one: Waiting): Promise<void> {
    const row = await claim(store, one, holder, now(), policy.leaseMs);
    if (row === undefined) return;
    const done = deliverAll(context, row)
      .catch(async (cause: unknown) => {
        onTrouble(cause);
        await sleep(policy.pollMs, undefined, { signal: abort.signal }).catch(() => undefined);
      })
      .finally(() => {
        running.delete(row.id);
        loop?.wake();
      });
    running.set(row.id, done);
  }

  async function pass(): Promise<number> {
    const waiting = await listWaiting(store);
    const jumpMs = await repair(store, waiting, now(), policy.leaseMs);
    if (jumpMs > 0) {
      log.error({ jumpMs }, "the clock has been set back: webhooks keep their waiting time from now on");
      return 0;
    }
    const at = now();
    const others = waiting.filter(({ id }) => !running.has(id));
    const due = others.filter((one) => Math.max(one.run_at, one.locked_until ?? 0) <= at);
    for (const one of due.slice(0, policy.concurrency - running.size)) await takeUp(one);
    const next = others.filter((one) => !due.includes(one)).map((one) => Math.max(one.run_at, one.locked_until ?? 0));
    return Math.max(10, Math.min(policy.pollMs, ...next.map((time) => time - at)));
  }

  return {
    start() {
      loop = startLoop(pass, policy.pollMs, onTrouble);
      unlisten = notifier.listenToAll(() => loop?.wake());
      const beat = () => renew(store, [...running.keys()], holder, now() + policy.leaseMs).catch(onTrouble);
      heart = setInterval(() => void beat(), policy.leaseMs / 3).unref();
    },
    wake: () => loop?.wake(),
    async stop() {
      isStopping = true;
      unlisten();
      await loop?.stop();
      const timer = setTimeout(() => abort.abort(), policy.graceMs);
      await Promise.all(running.values());
      clearTimeout(timer);
      clearInterval(heart);
    },
  };
}
