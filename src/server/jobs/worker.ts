import { type Span, SpanKind } from "@opentelemetry/api";
import type { FastifyBaseLogger } from "fastify";
import type { JobKind, JobTable, Store } from "../store/schema.ts";
import { inSpan, markFailed, resumeTrace } from "../traces/spans.ts";
import { claimJob, issuerOf, nextJobAt, postponeJob, renewLeases, repairClock, whose } from "./jobs.ts";
import { startLoop } from "./loop.ts";

/** One kind of work. */
export interface Work {
  readonly kind: JobKind;
  /** At most so many at once of one issuer; of all of them `issuersAtOnce` times as many, the second half of that one each. */
  readonly concurrency: number;
  /** Does the job, and finishes or postpones it. One that rejects is postponed. */
  run(job: JobTable): Promise<void>;
  /** Lanes whose jobs wait for now, looked at before each claim. */
  except?(): Promise<readonly string[]>;
}

export interface WorkerOptions {
  readonly store: Store;
  readonly log: FastifyBaseLogger;
  now(): number;
  /** Of this process, and no other ever. */
  readonly holder: string;
  /** A holder that has not been heard of for so long is taken for dead. */
  readonly leaseMs: number;
  /** Longest sleep without a look at the database. */
  readonly pollMs: number;
  readonly work: readonly Work[];
}

export interface Worker {
  wake(): void;
  /** Takes up nothing new. */
  drain(): Promise<void>;
  /** Resolves once nothing runs any more. Leases are kept until then. */
  ended(): Promise<void>;
}

const afterBugMs = 60_000;
/** So many issuers whose platforms do not answer leave room for the others. */
const issuersAtOnce = 16;

interface Running {
  readonly issuerId: string;
  readonly done: Promise<void>;
}

/** Issuers that have as much under way as they may: once half the room is taken, one job each. */
function listBusy(jobs: Iterable<Running>, taken: number, concurrency: number): string[] {
  const most = taken * 2 < concurrency * issuersAtOnce ? concurrency : 1;
  const counts = new Map<string, number>();
  for (const { issuerId } of jobs) counts.set(issuerId, (counts.get(issuerId) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= most).map(([issuerId]) => issuerId);
}

/** A job is a span in the trace of what has put it into the queue. */
function inTraceOf(job: JobTable, work: (span: Span) => Promise<void>): Promise<void> {
  const about = {
    "fullbleed.issuer_id": issuerOf(job.lane),
    "fullbleed.submission_id": job.submission_id,
    "fullbleed.taken_up": job.attempt,
  };
  return resumeTrace(job.trace, () => inSpan(`job ${job.kind}`, about, work, SpanKind.CONSUMER));
}

/** Takes up what is due and keeps the leases of what it is doing, until it is drained. */
export function startWorker({ store, log, now, holder, leaseMs, pollMs, work }: WorkerOptions): Worker {
  /** By the job's id. */
  const running = new Map<JobKind, Map<string, Running>>(work.map(({ kind }) => [kind, new Map()]));
  const all = () => [...running.values()].flatMap((jobs) => [...jobs]);

  // Of what runs, not of all that it holds: what failed, and could not be given back, is to be taken up again.
  async function keepLeases(): Promise<void> {
    const ids = all().map(([id]) => id);
    if (ids.length > 0) await renewLeases(store, holder, ids, now() + leaseMs);
  }
  const onTrouble = (cause: unknown): void => log.error({ err: cause }, "the queue failed and will be tried again");
  const heart = setInterval(() => void keepLeases().catch(onTrouble), leaseMs / 3).unref();

  async function runJob({ run }: Work, job: JobTable, span: Span): Promise<void> {
    try {
      await run(job);
    } catch (cause) {
      markFailed(span, cause);
      log.error({ err: cause, job: job.kind, ...whose(job) }, "a job failed and will be tried again");
      await postponeJob(store, job, now() + Math.min(afterBugMs, pollMs * job.attempt), now(), "the job failed").catch(
        onTrouble,
      );
    }
  }

  async function takeUp(one: Work): Promise<void> {
    const jobs = running.get(one.kind) ?? new Map<string, Running>();
    while (jobs.size < one.concurrency * issuersAtOnce) {
      const except = (await one.except?.()) ?? [];
      const busy = listBusy(jobs.values(), jobs.size, one.concurrency);
      const options = { holder, leaseMs, now: now(), except, busy, running: [...jobs.keys()] };
      const job = await claimJob(store, one.kind, options);
      if (job === undefined) return;
      const done = inTraceOf(job, (span) => runJob(one, job, span)).finally(() => {
        jobs.delete(job.id);
        loop.wake();
      });
      jobs.set(job.id, { issuerId: issuerOf(job.lane), done });
    }
  }

  async function pass(): Promise<number> {
    const jumpMs = await repairClock(store, now(), leaseMs);
    if (jumpMs > 0) log.error({ jumpMs }, "the clock has been set back: what waits keeps its waiting time from now on");
    await keepLeases();
    for (const one of work) await takeUp(one);
    const next = await nextJobAt(
      store,
      work.map(({ kind }) => kind),
      now(),
    );
    return Math.max(10, Math.min(pollMs, (next ?? Number.POSITIVE_INFINITY) - now()));
  }

  const loop = startLoop(pass, pollMs, onTrouble);
  return {
    wake: () => loop.wake(),
    drain: () => loop.stop(),
    async ended() {
      while (all().length > 0) await Promise.all(all().map(([, { done }]) => done));
      clearInterval(heart);
    },
  };
}
