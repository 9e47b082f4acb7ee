import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { SendOrder } from "#providers/provider.ts";
import type { BlobStore } from "../blobs/blob-store.ts";
import { readPicture } from "../blobs/pictures.ts";
import { hasten, postponeJob, toLane, whose } from "../jobs/jobs.ts";
import { startWorker, type Worker } from "../jobs/worker.ts";
import { isConfigured, type Providers } from "../providers.ts";
import { purge } from "../purge/job.ts";
import type { Context } from "../state/transition.ts";
import type { JobTable, Store, SubmissionTable } from "../store/schema.ts";
import { annotate } from "./annotate.ts";
import { type Attempt, beginAttempt, type Settlement, settle } from "./attempts.ts";
import { listPaused, tryPausedNow } from "./breaker.ts";
import { createCheckpoint } from "./checkpoint.ts";
import { decide } from "./decide.ts";
import type { AttemptOutcome } from "./judgement.ts";
import { backOffMs, type DeliveryPolicy, defaultPolicy } from "./policy.ts";
import { poll } from "./poll.ts";
import { report } from "./report.ts";
import { resolve } from "./resolve.ts";
import { sendPicture } from "./send.ts";

export interface CourierOptions extends Context {
  readonly blobs: BlobStore;
  readonly providers: Pick<Providers, "of">;
  /** For one send, answer included. */
  readonly sendTimeoutMs: number;
  readonly policy?: Partial<DeliveryPolicy>;
}

/** Carries stored pictures to the platform: each is sent again only while it provably has not arrived. */
export interface Courier {
  /** Delivers until stopped. What a server that has died left open is taken over once its lease has run out. */
  start(): Promise<void>;
  /** Takes nothing new, lets a running send take as long as a send may take, and writes its outcome down. */
  stop(): Promise<void>;
  /** Something may be waiting. */
  wake(): void;
  /** Ends the send of a submission that is being deleted, if one is under way here. */
  giveUp(submissionId: string): void;
}

/** What cannot be read is an error in the log once, and again as long as it cannot: a disk that fails has many files. */
const repeatAfterMs = 60_000;

/** Reads the pictures that are due. */
function createReader({ blobs, store, log, now }: CourierOptions, policy: DeliveryPolicy) {
  let saidAt = Number.NEGATIVE_INFINITY;
  const putOff = async (job: JobTable, cause: unknown): Promise<undefined> => {
    const fields = { err: cause, ...whose(job) };
    if (performance.now() - saidAt >= repeatAfterMs) {
      saidAt = performance.now();
      log.error(fields, "a picture's file cannot be read: it is tried again");
    }
    await postponeJob(
      store,
      job,
      now() + backOffMs(job.attempt, policy),
      now(),
      "the picture's file cannot be read now",
    );
  };
  return {
    /**
     * Only a file that is gone or damaged is lost. Too many open files, a failing disk: that may pass, and says nothing of the
     * platform. The job is put off then (undefined), and nothing has been begun.
     */
    async read(row: SubmissionTable, job: JobTable): Promise<Uint8Array | AttemptOutcome | undefined> {
      try {
        const bytes = await readPicture(store, blobs, row);
        return typeof bytes === "string" ? { kind: "undeliverable", detail: `the picture's file is ${bytes}` } : bytes;
      } catch (cause) {
        return putOff(job, cause);
      }
    },
  };
}

/** Until it is written, only this process knows the answer, image id included: a full disk must not lose it. */
async function writeDown(
  context: Parameters<typeof settle>[0],
  attempt: Attempt,
  outcome: AttemptOutcome,
  stopped: AbortSignal,
): Promise<Settlement> {
  const { policy, log } = context;
  const about = { issuerId: attempt.row.issuer_id, submissionId: attempt.row.id };
  for (let tries = 1; ; tries += 1) {
    try {
      return await settle(context, attempt, outcome);
    } catch (cause) {
      if (tries >= policy.maxWrites || stopped.aborted) {
        const fields = { ...about, attempt: attempt.attempt.number, outcome };
        log.error(fields, "the platform's answer could not be written down: it stands here, and nowhere else");
        throw cause;
      }
      log.warn({ err: cause, ...about }, "the outcome cannot be written down yet");
      await sleep(policy.pollMs, undefined, { signal: stopped }).catch(() => undefined);
    }
  }
}

function toOrder(store: Store, { row, attempt }: Attempt, bytes: Uint8Array): SendOrder {
  return {
    reference: row.reference,
    attempt: attempt.number,
    cardholderId: row.cardholder_id,
    productId: row.product_id,
    pixelOrigin: row.pixel_origin,
    bytes,
    mediaType: row.media_type,
    checkpoint: createCheckpoint(store, row, attempt.id),
  };
}

/** Sends that are under way here, by submission, and what ends each. */
function createGivingUp() {
  const sends = new Map<string, AbortController>();
  return {
    giveUp: (submissionId: string): void => sends.get(submissionId)?.abort(),
    async during(submissionId: string, work: (givenUp: AbortSignal) => Promise<void>): Promise<void> {
      const ending = new AbortController();
      sends.set(submissionId, ending);
      await work(ending.signal).finally(() => {
        if (sends.get(submissionId) === ending) sends.delete(submissionId);
      });
    },
  };
}

/** One job of kind `send`, from the attempt's row to its outcome's. */
function createSending(options: CourierOptions, policy: DeliveryPolicy, stopped: AbortSignal) {
  const { log, providers, sendTimeoutMs } = options;
  const context = { ...options, policy };
  const sending = { log, sendTimeoutMs, graceMs: policy.graceMs, stopped };
  const reader = createReader(options, policy);
  /** Lanes in which a picture has just been taken: others may be sent beside each other. */
  const proven = new Set<string>();
  const underWay = new Map<string, number>();
  const givingUp = createGivingUp();

  async function conclude(attempt: Attempt, outcome: AttemptOutcome): Promise<void> {
    const settled = await writeDown(context, attempt, outcome, stopped);
    if (settled.sign?.kind === "good") proven.add(toLane(attempt.row));
    else if (settled.sign !== undefined) proven.delete(toLane(attempt.row));
    report(log, attempt, outcome, settled);
  }

  async function deliver(attempt: Attempt, read: Uint8Array | AttemptOutcome, givenUp: AbortSignal): Promise<void> {
    if (!(read instanceof Uint8Array)) return conclude(attempt, read);
    const { row } = attempt;
    const about = log.child({ issuerId: row.issuer_id, submissionId: row.id });
    const { outcome, late } = await sendPicture(
      { ...sending, log: about, stopped: AbortSignal.any([stopped, givenUp]), provider: providers.of(row) },
      toOrder(options.store, attempt, read),
    );
    await conclude(attempt, outcome);
    // A late answer can only settle the unknown outcome that has just been recorded.
    void late
      ?.then((word) => conclude(attempt, word))
      .catch((cause: unknown) => about.error({ err: cause }, "a late answer could not be written down"));
  }

  async function send(job: JobTable, givenUp: AbortSignal): Promise<void> {
    let picture: Uint8Array | AttemptOutcome | undefined;
    const attempt = await beginAttempt(context, job, async (row) => {
      picture = await reader.read(row, job);
      return picture !== undefined;
    });
    if (attempt !== undefined && picture !== undefined) await deliver(attempt, picture, givenUp);
  }

  return {
    async run(job: JobTable): Promise<void> {
      underWay.set(job.lane, (underWay.get(job.lane) ?? 0) + 1);
      try {
        await givingUp.during(job.submission_id, (givenUp) => send(job, givenUp));
      } finally {
        underWay.set(job.lane, (underWay.get(job.lane) ?? 1) - 1);
      }
    },
    giveUp: givingUp.giveUp,
    /** Those that rest, and those whose first picture is still on its way: one is burnt if the platform is down, not several. */
    async except(): Promise<string[]> {
      const paused = await listPaused(options.store, options.now());
      const untried = [...underWay].filter(([lane, count]) => count > 0 && !proven.has(lane));
      return [...paused.map((row) => toLane(row)), ...untried.map(([lane]) => lane)];
    },
  };
}

/** Lanes of issuers and platforms that the configuration has not: what has only so much patience is not to lose it meanwhile. */
async function listAway({ store, providers }: CourierOptions): Promise<string[]> {
  const lanes = await store
    .selectFrom("submissions")
    .select(["issuer_id", "provider", "product_id"])
    .distinct()
    .where("id", "in", store.selectFrom("jobs").select("submission_id"))
    .execute();
  return lanes.filter((lane) => !isConfigured(providers.of(lane))).map(toLane);
}

export function createCourier(options: CourierOptions): Courier {
  const policy: DeliveryPolicy = { ...defaultPolicy, ...options.policy };
  const { store, log, now, sendTimeoutMs } = options;
  const abort = new AbortController();
  const context = { ...options, policy };
  const sending = createSending(options, policy, abort.signal);
  const draining = new AbortController();
  let worker: Worker | undefined;

  /** However many of an issuer are due at once, after a long stop for instance: one at a time is asked for, and not too often. */
  async function atPace(ask: () => Promise<void>): Promise<void> {
    const rest = sleep(policy.askPaceMs, undefined, { signal: draining.signal }).catch(() => undefined);
    try {
      await ask();
    } finally {
      await rest;
    }
  }

  return {
    async start() {
      for (const key of await tryPausedNow(store, now())) await hasten(store, "send", toLane(key), now());
      const away = await listAway(options);
      const except = async () => away;
      worker = startWorker({
        store,
        log,
        now,
        holder: randomUUID(),
        leaseMs: policy.leaseMs,
        pollMs: policy.pollMs,
        work: [
          { kind: "send", concurrency: policy.concurrency, run: sending.run, except: sending.except },
          { kind: "resolve", concurrency: 4, run: (job) => resolve(context, job), except },
          { kind: "decide", concurrency: 2, run: (job) => decide(context, job), except },
          { kind: "purge", concurrency: 2, run: (job) => purge(context, job), except },
          { kind: "annotate", concurrency: 1, run: (job) => annotate(context, job), except },
          { kind: "poll", concurrency: 1, run: (job) => atPace(() => poll(context, job)), except },
        ],
      });
    },
    async stop() {
      draining.abort();
      await worker?.drain();
      const timer = setTimeout(() => abort.abort(), sendTimeoutMs + policy.graceMs);
      await worker?.ended();
      clearTimeout(timer);
      // Ends the wait for late answers as well: from here on there may be no database.
      abort.abort();
    },
    wake() {
      worker?.wake();
    },
    giveUp: sending.giveUp,
  };
}
