import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import type { Provider } from "#providers/provider.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { type Loop, startLoop } from "../jobs/loop.ts";
import type { Context } from "../state/transition.ts";
import type { SubmissionTable } from "../store/schema.ts";
import { type AttemptOutcome, claim, type Job, type Settlement, settle } from "./attempts.ts";
import { type CourierPolicy, defaultPolicy, isWorthAlarm } from "./policy.ts";
import { offerPicture } from "./send.ts";
import { abandonAttempts, moveWhatIsDue, unpark } from "./timers.ts";

export interface CourierOptions extends Context {
  readonly blobs: BlobStore;
  readonly provider: Pick<Provider, "send">;
  /** For one SendImage, answer included. */
  readonly sendTimeoutMs: number;
  readonly policy?: Partial<CourierPolicy>;
}

/** Carries stored pictures to the platform: each is offered again only while it provably has not arrived. */
export interface Courier {
  /** Settles what an earlier death left open, then delivers until stopped. */
  start(): Promise<void>;
  /** Takes nothing new, lets a running send finish (aborted when it takes too long), and writes its outcome down. */
  stop(): Promise<void>;
  /** Something may be waiting. */
  wake(): void;
}

/** Only a file that is gone or damaged is lost. Too many open files, a failing disk: that may pass, and nothing has been sent. */
async function readPicture(options: CourierOptions, job: Job): Promise<Uint8Array | AttemptOutcome> {
  try {
    const bytes = await options.blobs.get(job.row.picture_sha256);
    return typeof bytes === "string" ? { kind: "undeliverable", detail: `the picture's file is ${bytes}` } : bytes;
  } catch (cause) {
    options.log.error({ err: cause, submissionId: job.row.id }, "the picture cannot be read");
    return { kind: "not-sent", detail: "the picture cannot be read now" };
  }
}

/** An answer that the submission no longer waits for: it came late, or it contradicts what is known. */
function reportRefused(log: FastifyBaseLogger, fields: object, given: AttemptOutcome, row: SubmissionTable): void {
  if (given.kind !== "accepted") log.warn(fields, "a late answer of the platform: nothing changed");
  else if (row.card_image_id === given.cardImageId)
    log.info(fields, "the platform repeats its answer: nothing changed");
  else
    log.error(
      { ...fields, knownCardImageId: row.card_image_id },
      "the platform has a picture under an id that no submission takes: ask it to delete that one",
    );
}

function report(log: FastifyBaseLogger, job: Job, given: AttemptOutcome, { kind, row, outcome }: Settlement): void {
  const fields = {
    submissionId: row.id,
    productId: row.product_id,
    attempt: job.attempt.number,
    outcome: outcome.kind,
    state: row.state,
    ...(given.kind === "accepted" && { cardImageId: given.cardImageId }),
    ...("detail" in outcome && { detail: outcome.detail }),
  };
  if (kind === "refused") reportRefused(log, fields, given, row);
  else if (outcome.kind === "accepted" || outcome.kind === "image-refused") log.info(fields, "delivered");
  else if (outcome.kind === "not-sent" && isWorthAlarm(job.attempt.number))
    log.error(fields, "not delivered after many tries, will be tried again: is the platform reachable?");
  else if (outcome.kind === "not-sent") log.warn(fields, "not delivered, will be tried again");
  else if (outcome.kind === "misconfigured")
    log.error(fields, "the platform refuses our settings: the product is parked");
  else log.error(fields, "an operator has to look at this submission");
}

async function msUntilNextDue(options: CourierOptions, longestMs: number): Promise<number> {
  const now = options.now();
  const { dueAt } = await options.store
    .selectFrom("submissions")
    .select(({ fn }) => fn.min("due_at").as("dueAt"))
    .where("due_at", ">", now)
    .executeTakeFirstOrThrow();
  return Math.max(10, Math.min(longestMs, (dueAt ?? Number.POSITIVE_INFINITY) - now));
}

async function settleWhatWasOpen(options: CourierOptions, policy: CourierPolicy): Promise<void> {
  const abandoned = await abandonAttempts(options, policy, Number.MAX_SAFE_INTEGER, new Set());
  if (abandoned > 0) {
    options.log.error(
      { abandoned },
      "submissions were being sent when the server died: nobody knows whether they arrived",
    );
  }
  await unpark(options);
}

/** Until it is written, only this process knows the answer, image id included: a full disk must not lose it. */
async function writeDown(
  options: CourierOptions,
  policy: CourierPolicy,
  job: Job,
  outcome: AttemptOutcome,
  stopped: AbortSignal,
): Promise<Settlement> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await settle(options, job, outcome, policy);
    } catch (cause) {
      if (tries >= policy.maxWrites || stopped.aborted) throw cause;
      options.log.warn({ err: cause, submissionId: job.row.id }, "the outcome cannot be written down yet");
      await sleep(policy.pollMs, undefined, { signal: stopped }).catch(() => undefined);
    }
  }
}

export function createCourier(options: CourierOptions): Courier {
  const policy: CourierPolicy = { ...defaultPolicy, ...options.policy };
  const { log, provider, sendTimeoutMs } = options;
  /** By attempt id. */
  const running = new Map<string, Promise<void>>();
  const abort = new AbortController();
  const offer = { provider, log, sendTimeoutMs, graceMs: policy.leaseMarginMs / 2, stopped: abort.signal };
  let loop: Loop | undefined;

  async function conclude(job: Job, outcome: AttemptOutcome): Promise<void> {
    report(log, job, outcome, await writeDown(options, policy, job, outcome, abort.signal));
  }

  function fail(job: Job, cause: unknown): void {
    log.error({ err: cause, submissionId: job.row.id }, "the outcome could not be written down");
  }

  async function deliver(job: Job): Promise<void> {
    const read = await readPicture(options, job);
    if (!(read instanceof Uint8Array)) return conclude(job, read);
    const { outcome, late } = await offerPicture(offer, {
      reference: "",
      attempt: job.attempt.number,
      cardholderId: job.row.cardholder_id,
      productId: job.row.product_id,
      pixelOrigin: "cardholder",
      bytes: read,
      mediaType: "image/png",
    });
    await conclude(job, outcome);
    // A late answer can only settle the unknown outcome that has just been recorded.
    void late?.then((word) => conclude(job, word)).catch((cause: unknown) => fail(job, cause));
  }

  function track(job: Job): void {
    const delivery = deliver(job)
      .catch((cause: unknown) => fail(job, cause))
      .finally(() => {
        running.delete(job.attempt.id);
        loop?.wake();
      });
    running.set(job.attempt.id, delivery);
  }

  async function pass(): Promise<number> {
    await abandonAttempts(options, policy, options.now(), running);
    await moveWhatIsDue(options);
    while (running.size < policy.concurrency && !abort.signal.aborted) {
      const job = await claim(options, sendTimeoutMs + policy.leaseMarginMs);
      if (job === undefined) break;
      track(job);
    }
    return msUntilNextDue(options, policy.pollMs);
  }

  return {
    async start() {
      await settleWhatWasOpen(options, policy);
      loop = startLoop(pass, policy.pollMs, (cause) =>
        log.error({ err: cause }, "the courier failed and will try again"),
      );
    },
    async stop() {
      await loop?.stop();
      const timer = setTimeout(() => abort.abort(), policy.stopWithinMs);
      await Promise.all(running.values());
      clearTimeout(timer);
      // Ends the wait for late answers as well: from here on there may be no database.
      abort.abort();
    },
    wake() {
      loop?.wake();
    },
  };
}
